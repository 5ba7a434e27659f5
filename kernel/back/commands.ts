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
  for (const stream of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder("utf8");
    child[stream].on("data", (chunk: Buffer) => hear(stream, decoder.write(chunk)));
  }
  const leave = (): void => signalTree(child.pid, "SIGTERM");
  process.once("exit", leave);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", (error) => reject(new MagicError(whyNot(error, command))));
    child.once("close", (code, signal) => resolve({ code, signal }));
  }).finally(() => process.off("exit", leave));
  try {
    return await interruption.race(ended);
  } catch (error) {
    if (interruption.isWanted) stop(child);
    throw error;
  }
}

function stop(child: ChildProcess): void {
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
