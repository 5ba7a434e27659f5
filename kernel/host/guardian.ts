/**
 * A shell that lives beside the kernel, in its process group. It hears SIGINT while the kernel's main thread loops, it
 * keeps the server's log, which is no longer the kernel's stderr, and it survives the kernel long enough to write down
 * how that died. Nothing here is native code, and it sleeps until it is needed.
 */
import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeSync } from "node:fs";

/** Ends of pipes, as descriptors that the guardian is given. */
export interface GuardianEnds {
  /** What the kernel says of itself, line by line; its end is the kernel's. */
  readonly life: number;
  /** Where the guardian tells of signals. */
  readonly signals: number;
  /** The kernel's stderr: what nobody has read when the kernel is gone are its last words. */
  readonly stderr: number;
  /** A file whose first line says what the kernel is doing. */
  readonly state: number;
}

/** Longer than any label: a state covers the one before it. */
const STATE_LENGTH = 80;

const REST_MS = 20;

/** What the guardian writes for a signal. */
export const HEARD = { SIGINT: "INT", SIGTERM: "TERM" } as const;

// Descriptors: 1 signals, 2 the server's log, 3 the kernel's stderr, 4 its life, 5 its state. A list in the background ignores
// SIGINT by itself; `wait` returns when a trapped signal comes, `read` does not in every shell.
const SCRIPT = `
trap 'echo ${HEARD.SIGINT}' INT
trap 'echo ${HEARD.SIGTERM}' TERM
trap '' HUP
{
  trap '' INT TERM
  said= leaving=
  while IFS= read -r line; do
    case $line in
      log:*) printf '%s\\n' "\${line#log:}" >&2 ;;
      said:*) said="$said\${line#said:}
" ;;
      bye) leaving=yes ;;
    esac
  done
  rest=$(cat <&3 2>/dev/null)
  [ -n "$rest" ] && printf '%s\\n' "$rest" >&2
  [ -n "$leaving" ] && exit 0
  read -r state <&5
  { printf '%s\\n%s%s\\n' "$state" "$said" "$rest" > "$1"; } 2>/dev/null
} <&4 &
while kill -0 $! 2>/dev/null; do wait $!; done
`;

/** Starts the guardian, which inherits this process's stderr as the log, and returns its process id. */
export function startGuardian(ends: GuardianEnds, recordFile: string): number | null {
  const guardian = spawn("/bin/sh", ["-c", SCRIPT, "gradbook-guardian", recordFile], {
    stdio: ["ignore", ends.signals, "inherit", ends.stderr, ends.life, ends.state],
  });
  // Without a shell the kernel runs all the same, less well guarded.
  guardian.on("error", () => {});
  guardian.unref();
  return guardian.pid ?? null;
}

/** The kernel's end of the guardian's ear. */
export class Guardian {
  readonly #life: number;
  readonly #state: number;
  #resting: NodeJS.Timeout | null = null;

  constructor({ life, state }: { readonly life: number; readonly state: number }) {
    this.#life = life;
    this.#state = state;
  }

  /** Leaves word of the label of the cell that runs, or that none does; a file wakes nobody for it, as a pipe would. */
  running(label: string | null): void {
    if (this.#resting !== null) clearTimeout(this.#resting);
    this.#resting = null;
    if (label !== null) return this.#note(label);
    // Of cells that follow each other quickly, each one's end need not be noted.
    this.#resting = setTimeout(() => this.#note(null), REST_MS).unref();
  }

  #note(label: string | null): void {
    const state = label === null ? "idle" : `cell ${label}`;
    try {
      writeSync(this.#state, `${state.padEnd(STATE_LENGTH)}\n`, 0);
    } catch {
      // The disk is full.
    }
  }

  /** Writes a sentence to the server's log. */
  log(sentence: string): void {
    for (const line of sentence.split("\n")) this.#tell(`log:${line}`);
  }

  /** Remembers a line that is worth knowing if the process dies of what it says. */
  said(line: string): void {
    this.#tell(`said:${line}`);
    this.#tell(`log:${line}`);
  }

  /** The process ends because it was asked to: there is nothing to record. */
  bye(): void {
    this.#tell("bye");
  }

  #tell(line: string): void {
    try {
      writeSync(this.#life, `${line}\n`);
    } catch {
      // The pipe is full or the guardian gone: what it would have kept is a comfort, no need.
    }
  }
}

/** How the last kernel of this connection file died, if it did. */
export interface Death {
  /** The label of the cell that was running. */
  readonly cell: string | null;
  readonly lastWords: readonly string[];
}

/** Where the guardian records a death. */
export function recordFileOf(connectionFile: string): string {
  return `${connectionFile}.died`;
}

/** Reads the record of a death, once. */
export function takeDeath(connectionFile: string): Death | null {
  const file = recordFileOf(connectionFile);
  try {
    const [state = "", ...lastWords] = readFileSync(file, "utf8").trimEnd().split("\n");
    rmSync(file);
    const cell = state.startsWith("cell ") ? state.slice("cell ".length) : null;
    return { cell, lastWords: lastWords.filter((line) => line.trim() !== "") };
  } catch {
    return null;
  }
}
