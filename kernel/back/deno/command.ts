/** `Deno.Command` over Node's child processes. https://docs.deno.com/api/deno/~/Deno.Command */
import {
  type ChildProcess as NodeChild,
  spawn,
  spawnSync,
  type SpawnOptions,
} from "node:child_process";
import { constants } from "node:os";
import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { endOf, hearFrom, stop } from "../commands.ts";
import { denoError, errors } from "./errors.ts";

/** Takes what a program writes, as the output of the cell that speaks. */
export type Hear = (name: "stdout" | "stderr", text: string) => void;

type Stdio = "piped" | "inherit" | "null";

export interface CommandOptions {
  readonly args?: readonly string[];
  readonly cwd?: string | URL;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the program sees nothing but `env`. */
  readonly clearEnv?: boolean;
  readonly uid?: number;
  readonly gid?: number;
  readonly stdin?: Stdio;
  readonly stdout?: Stdio;
  readonly stderr?: Stdio;
  readonly signal?: AbortSignal;
  readonly windowsRawArguments?: boolean;
}

export interface CommandStatus {
  readonly success: boolean;
  /** 128 and the number of the signal where one has ended it. */
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
}

/** What was not piped cannot be read: it throws. */
export interface CommandOutput extends CommandStatus {
  readonly stdout: Uint8Array<ArrayBuffer>;
  readonly stderr: Uint8Array<ArrayBuffer>;
}

/** What was not piped cannot be read: it throws. */
export interface ChildProcess {
  readonly pid: number;
  readonly status: Promise<CommandStatus>;
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly stderr: ReadableStream<Uint8Array<ArrayBuffer>>;
  output(): Promise<CommandOutput>;
  kill(signal?: NodeJS.Signals): void;
  ref(): void;
  unref(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Command {
  /** Runs it to its end; what it writes is piped unless the options say otherwise. */
  output(): Promise<CommandOutput>;
  outputSync(): CommandOutput;
  /** Starts it; what it writes is the cell's output unless the options say otherwise. */
  spawn(): ChildProcess;
}

export type CommandClass = new (program: string | URL, options?: CommandOptions) => Command;

export interface CommandParts {
  readonly runs: {
    readonly stops: number;
    wasStopped(stops: number): boolean;
  };
  readonly interruption: { race<T>(value: T): T | Promise<Awaited<T>> };
  readonly print: Hear;
}

/** The class, whose programs an interrupt of the cell that has started them stops. */
export function commandClass(parts: CommandParts): CommandClass {
  return class Command {
    readonly #program: string;
    readonly #options: CommandOptions;

    constructor(program: string | URL, options: CommandOptions = {}) {
      this.#program = program instanceof URL ? fileURLToPath(program) : program;
      this.#options = options;
    }

    async output(): Promise<CommandOutput> {
      const options = this.#piped("output");
      return start(this.#program, options, parts).output();
    }

    outputSync(): CommandOutput {
      const options = this.#piped("outputSync");
      const { stdout = "piped", stderr = "piped", args = [] } = options;
      const stdio = ["ignore", nodeStdio(stdout), nodeStdio(stderr)] as const;
      const ended = spawnSync(this.#program, args, {
        ...spawnOptions(options),
        stdio: [...stdio],
        maxBuffer: Infinity,
      });
      if (ended.error !== undefined && ended.pid === 0)
        throw notSpawned(this.#program, ended.error);
      return outputOf(statusOf(ended.status, ended.signal), {
        stdout: stdout === "piped" ? ended.stdout : null,
        stderr: stderr === "piped" ? ended.stderr : null,
      });
    }

    spawn(): ChildProcess {
      return start(this.#program, this.#options, parts);
    }

    #piped(method: string): CommandOptions {
      if (this.#options.stdin === "piped") {
        throw new TypeError(
          `Deno.Command: ${method}() gives no way to write to stdin; use spawn()`,
        );
      }
      return { stdout: "piped", stderr: "piped", ...this.#options };
    }
  };
}

function start(program: string, options: CommandOptions, parts: CommandParts): ChildProcess {
  const { args = [], stdin = "null", stdout = "inherit", stderr = "inherit", signal } = options;
  // Nobody types into a notebook's program; what is the cell's output is heard here.
  const isPiped = (stdio: Stdio): "pipe" | "ignore" => (stdio === "null" ? "ignore" : "pipe");
  const child = spawn(program, [...args], {
    ...spawnOptions(options),
    stdio: [stdin === "piped" ? "pipe" : "ignore", isPiped(stdout), isPiped(stderr)],
  });
  const ended = endOf(child, "exit");
  const status = ended.then(({ code, signal: by }) => statusOf(code, by as NodeJS.Signals | null));
  // It may be that nobody asks.
  status.catch(() => {});
  if (child.pid === undefined) throw notSpawned(program);
  stopWithCell(child, ended, parts);
  const heard = Object.entries({ stdout, stderr }).filter(([, stdio]) => stdio === "inherit");
  for (const [name] of heard) hearFrom(child, name as "stdout" | "stderr", parts.print);
  if (signal !== undefined) abortWith(child, signal);
  return childProcess(child, status, { stdin, stdout, stderr });
}

function stopWithCell(
  child: NodeChild,
  ended: Promise<unknown>,
  { runs, interruption }: CommandParts,
): void {
  const { stops } = runs;
  const watch = async (): Promise<void> => {
    try {
      await interruption.race(ended);
    } catch {
      if (runs.wasStopped(stops)) stop(child);
    }
  };
  void watch();
}

function abortWith(child: NodeChild, signal: AbortSignal): void {
  const abort = (): void => void child.kill("SIGTERM");
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  child.once("exit", () => signal.removeEventListener("abort", abort));
}

function childProcess(
  child: NodeChild,
  status: Promise<CommandStatus>,
  stdio: Readonly<Record<"stdin" | "stdout" | "stderr", Stdio>>,
): ChildProcess {
  const reading = (name: "stdout" | "stderr") =>
    stdio[name] === "piped" && child[name] !== null
      ? (Readable.toWeb(child[name]) as ReadableStream<Uint8Array<ArrayBuffer>>)
      : null;
  const streams = {
    stdin: stdio.stdin === "piped" && child.stdin !== null ? Writable.toWeb(child.stdin) : null,
    stdout: reading("stdout"),
    stderr: reading("stderr"),
  };
  return {
    pid: child.pid ?? 0,
    status,
    get stdin() {
      return piped("stdin", streams.stdin) as WritableStream<Uint8Array>;
    },
    get stdout() {
      return piped("stdout", streams.stdout);
    },
    get stderr() {
      return piped("stderr", streams.stderr);
    },
    async output() {
      const [ended, out, error] = await Promise.all([
        status,
        bytesOf(streams.stdout),
        bytesOf(streams.stderr),
      ]);
      return outputOf(ended, { stdout: out, stderr: error });
    },
    kill(signal = "SIGTERM") {
      if (!child.kill(signal)) throw new TypeError("Child process has already terminated");
    },
    ref: () => child.ref(),
    unref: () => child.unref(),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await status;
    },
  };
}

async function bytesOf(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array | null> {
  return stream === null ? null : new Uint8Array(await new Response(stream).arrayBuffer());
}

function outputOf(
  status: CommandStatus,
  bytes: Readonly<Record<"stdout" | "stderr", Uint8Array | null>>,
): CommandOutput {
  const read = (name: "stdout" | "stderr") => new Uint8Array(piped(name, bytes[name]));
  return {
    ...status,
    get stdout() {
      return read("stdout");
    },
    get stderr() {
      return read("stderr");
    },
  };
}

function piped<T>(name: string, value: T | null): T {
  if (value === null) throw new TypeError(`Cannot get '${name}': '${name}' is not piped`);
  return value;
}

function statusOf(code: number | null, signal: NodeJS.Signals | null): CommandStatus {
  const shown = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  return { success: shown === 0, code: shown, signal };
}

function nodeStdio(stdio: Stdio): "pipe" | "ignore" | "inherit" {
  return stdio === "piped" ? "pipe" : stdio === "null" ? "ignore" : "inherit";
}

function spawnOptions(options: CommandOptions): Pick<SpawnOptions, "cwd" | "env" | "uid" | "gid"> {
  const { cwd, env = {}, clearEnv = false, uid, gid, windowsRawArguments = false } = options;
  return {
    env: clearEnv ? { ...env } : { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    ...(windowsRawArguments ? { windowsVerbatimArguments: true } : {}),
  };
}

function notSpawned(program: string, error?: Error): unknown {
  if (error !== undefined && !/ENOENT/.test(error.message)) return denoError(error);
  return new errors.NotFound(`Failed to spawn '${program}': there is no such program on the PATH`);
}
