/** Programs that a cell runs: heard while they run, and stopped with all they have started. */
import { type ChildProcess, spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { type Command, type Ended, MagicError } from "../cell/magics/magic.ts";
import { signalTree } from "../host/children.ts";
import type { Interruption } from "./interruption.ts";
import { WIDTH } from "./values/text.ts";

/** As for a synchronous child: it may clean up on SIGINT, and then on SIGTERM. */
const TERM_AFTER_MS = 500;
const KILL_AFTER_MS = 1500;

// A cell may replace it; the kernel keeps its own.
const { setTimeout: later } = globalThis;

/** Resolves when the program has ended, and what it wrote has been heard; an interrupt ends it, and fails. */
export async function runCommand(
  command: Required<Pick<Command, "hear">> & Command,
  interruption: Interruption,
): Promise<Ended> {
  const { program, args, folder, hear } = command;
  const child = spawn(program, [...args], {
    cwd: folder ?? process.cwd(),
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, COLUMNS: String(WIDTH) },
    windowsVerbatimArguments: program === "cmd",
  });
  hearFrom(child, "stdout", hear);
  hearFrom(child, "stderr", hear);
  const ended = endOf(child, "close").catch((error: Error) => {
    throw new MagicError(whyNot(error, command));
  });
  try {
    return await interruption.race(ended);
  } catch (error) {
    if (interruption.isWanted) stop(child);
    throw error;
  }
}

type Name = "stdout" | "stderr";

/** Has what a program writes heard as text. */
export function hearFrom(
  child: ChildProcess,
  name: Name,
  hear: (name: Name, text: string) => void,
): void {
  const decoder = new StringDecoder("utf8");
  child[name]?.on("data", (chunk: Buffer) => hear(name, decoder.write(chunk)));
}

/** Resolves when it has ended, or also what it wrote has; the kernel's own end is its end too. */
export function endOf(child: ChildProcess, event: "exit" | "close"): Promise<Ended> {
  const leave = (): void => signalTree(child.pid, "SIGTERM");
  process.once("exit", leave);
  return new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once(event, (code: number | null, signal: NodeJS.Signals | null) =>
      resolve({ code, signal }),
    );
  }).finally(() => process.off("exit", leave));
}

/** Ends a program with all that it has started. */
export function stop(child: ChildProcess): void {
  const send = (signal: NodeJS.Signals): void => {
    if (child.exitCode === null && child.signalCode === null) signalTree(child.pid, signal);
  };
  send("SIGINT");
  later(send, TERM_AFTER_MS, "SIGTERM");
  later(send, KILL_AFTER_MS, "SIGKILL");
}

function whyNot(error: Error, { program, folder }: Command): string {
  const { code } = error as { code?: unknown };
  if (code !== "ENOENT") return `${program} could not be started: ${error.message}`;
  const where = folder === undefined ? "" : ` (in ${folder})`;
  return `${program} could not be started${where}: there is no such program on the PATH`;
}
