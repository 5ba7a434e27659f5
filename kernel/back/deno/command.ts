/** Deno's way to run programs, over Node's. https://docs.deno.com/api/deno/~/Deno.Command */
import { type ChildProcess, spawn, spawnSync, type StdioOptions } from "node:child_process";
import { constants } from "node:os";
import { Readable, Writable } from "node:stream";
import { inDeno } from "./errors.ts";

type Pipe = "piped" | "inherit" | "null";

interface CommandOptions {
  readonly args?: readonly string[];
  readonly cwd?: string | URL;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the program is given `env` alone. */
  readonly clearEnv?: boolean;
  readonly stdin?: Pipe;
  readonly stdout?: Pipe;
  readonly stderr?: Pipe;
  readonly signal?: AbortSignal;
}

interface Status {
  readonly success: boolean;
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
}

interface Output extends Status {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

const NODES = { piped: "pipe", inherit: "inherit", null: "ignore" } as const;

export class Command {
  readonly #program: string;
  readonly #options: CommandOptions;

  constructor(program: string | URL, options: CommandOptions = {}) {
    this.#program = program instanceof URL ? program.pathname : program;
    this.#options = options;
  }

  /** Runs the program to its end; what it writes is kept by default. */
  outputSync(): Output {
    const stdio = this.#stdio("piped");
    const { args = [] } = this.#options;
    const ended = spawnSync(this.#program, args, { ...this.#place(), stdio });
    if (ended.error !== undefined) throw inDeno(ended.error);
    const { status, signal } = ended;
    const { stdout, stderr } = ended as { readonly [K in "stdout" | "stderr"]: Buffer | null };
    const kept = { stdout: new Uint8Array(stdout ?? []), stderr: new Uint8Array(stderr ?? []) };
    return { ...statusOf(status, signal), ...kept };
  }

  async output(): Promise<Output> {
    return this.#start("piped").output();
  }

  /** Starts the program; what it writes is the cell's output by default. */
  spawn(): Child {
    return this.#start("inherit");
  }

  #start(byDefault: Pipe): Child {
    const { args = [], signal } = this.#options;
    const stdio = this.#stdio(byDefault);
    const options = { ...this.#place(), stdio, ...(signal === undefined ? {} : { signal }) };
    return new Child(spawn(this.#program, args, options));
  }

  #place(): { readonly cwd?: string | URL; readonly env: NodeJS.ProcessEnv } {
    const { cwd, env = {}, clearEnv = false } = this.#options;
    const given = clearEnv ? env : { ...process.env, ...env };
    return { env: given, ...(cwd === undefined ? {} : { cwd }) };
  }

  #stdio(byDefault: Pipe): StdioOptions {
    const { stdin = "null", stdout = byDefault, stderr = byDefault } = this.#options;
    return [NODES[stdin], NODES[stdout], NODES[stderr]];
  }
}

/** A program that runs. */
class Child {
  /** Resolves when the program has ended; rejects where it could not be started. */
  readonly status: Promise<Status>;
  readonly #process: ChildProcess;

  constructor(started: ChildProcess) {
    this.#process = started;
    this.status = new Promise((resolve, reject) => {
      started.once("error", (error) => reject(inDeno(error)));
      started.once("close", (code, signal) => resolve(statusOf(code, signal)));
    });
    // Who does not ask how it ended is not told.
    this.status.catch(() => {});
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get stdin(): WritableStream {
    return Writable.toWeb(piped(this.#process.stdin, "stdin"));
  }

  get stdout(): ReadableStream {
    return Readable.toWeb(piped(this.#process.stdout, "stdout")) as ReadableStream;
  }

  get stderr(): ReadableStream {
    return Readable.toWeb(piped(this.#process.stderr, "stderr")) as ReadableStream;
  }

  async output(): Promise<Output> {
    const { stdout, stderr } = this.#process;
    const [status, out, error] = await Promise.all([this.status, all(stdout), all(stderr)]);
    return { ...status, stdout: out, stderr: error };
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    this.#process.kill(signal);
  }

  ref(): void {
    this.#process.ref();
  }

  unref(): void {
    this.#process.unref();
  }
}

function piped<Stream>(stream: Stream | null, name: string): Stream {
  if (stream !== null) return stream;
  throw new TypeError(`Cannot get '${name}': '${name}' is not piped; give ${name}: "piped"`);
}

async function all(stream: Readable | null): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}

/** A program that a signal has ended has the code that a shell gives it. */
function statusOf(code: number | null, signal: NodeJS.Signals | null): Status {
  const ended = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  return { success: code === 0, code: ended, signal };
}
