/** What was written to the descriptors 1 and 2 by other means than the cell's own streams. */
import { readSync } from "node:fs";
import { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";

type StreamName = "stdout" | "stderr";

export interface NativeOutputParts {
  readonly stdout: number;
  readonly stderr: number;
  /** Called when text is there: what was posted before it goes first. */
  readonly arrived: () => void;
  readonly write: (name: StreamName, text: string) => void;
  /** Null where more can be taken, else what resolves when it can; whoever writes waits meanwhile. */
  readonly room: () => Promise<void> | null;
}

const CHUNK = 64 * 1024;
/** A child in the background may write without end. */
const DRAINED_CHUNKS = 64;

export class NativeOutput {
  readonly #parts: NativeOutputParts;
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  readonly #chunk = Buffer.alloc(CHUNK);
  #held: { readonly name: StreamName; readonly text: string }[] = [];

  constructor(parts: NativeOutputParts) {
    this.#parts = parts;
    for (const name of ["stdout", "stderr"] as const) this.#listen(name);
  }

  /** Hands on all that has been written so far. */
  drain(): void {
    this.#handOn();
    for (const name of ["stdout", "stderr"] as const) {
      for (let count = 0; count < DRAINED_CHUNKS; count++) {
        const text = this.#read(name);
        if (text === "") break;
        this.#hold(name, text);
      }
    }
    this.#handOn();
  }

  #listen(name: StreamName): void {
    const socket = new Socket({ fd: this.#parts[name], readable: true, writable: false });
    socket.on("data", (chunk) => {
      this.#hold(name, this.#decoders[name].write(chunk));
      this.#parts.arrived();
      this.#handOn();
      const room = this.#parts.room();
      if (room === null) return;
      socket.pause();
      void room.then(() => socket.resume());
    });
    socket.on("error", () => {});
  }

  #hold(name: StreamName, text: string): void {
    if (text !== "") this.#held.push({ name, text });
  }

  #handOn(): void {
    const held = this.#held;
    this.#held = [];
    for (const { name, text } of held) this.#parts.write(name, text);
  }

  #read(name: StreamName): string {
    // Mostly nothing is there, which Node says with an error: that of no stack costs half.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      const length = readSync(this.#parts[name], this.#chunk);
      return this.#decoders[name].write(this.#chunk.subarray(0, length));
    } catch {
      // Nothing is there now.
      return "";
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}

/** Whether a line is what a runtime says before it ends the process. */
export function isLastWord(line: string): boolean {
  return /FATAL ERROR|^# *Fatal|[Aa]ssertion .*failed|panicked at|core dumped|^# Check failed/.test(
    line,
  );
}
