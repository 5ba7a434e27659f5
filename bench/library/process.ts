/** A peer in its own process, asked one thing at a time over stdin and stdout, a JSON object a line. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import type { Task, Variant } from "./task.ts";

export type Request =
  | { readonly ask: "open"; readonly peer: string; readonly task: Task; readonly folder: string }
  | { readonly ask: "check"; readonly variant: number }
  | { readonly ask: "round"; readonly variant: number; readonly milliseconds: number };

/** A variant as it is known outside of its process. */
export type About = Omit<Variant, "check" | "step">;

export type Answer =
  | { readonly variants: readonly About[] }
  | { readonly absent: string }
  | { readonly values: readonly number[]; readonly seconds: number }
  | { readonly seconds: number }
  | { readonly error: string };

/** How a peer is started, and the name it has in its host. */
export interface Command {
  /** What it is called where it has no row: absent, or broken. */
  readonly name: string;
  readonly peer: string;
  readonly program: string;
  readonly args: readonly string[];
}

const THREADS = 2;
/** All of them are held to as many threads as there are cores on the machine the goals were set for. */
const threads = {
  OMP_NUM_THREADS: `${THREADS}`,
  OPENBLAS_NUM_THREADS: `${THREADS}`,
  MKL_NUM_THREADS: `${THREADS}`,
  TF_CPP_MIN_LOG_LEVEL: "3",
};

/** What else a shell may hold that slows a peer down: OPENBLAS_CORETYPE picks kernels for another processor. */
const TUNING = /^(?:OPENBLAS|OMP|GOMP|KMP|MKL|ONEDNN|DNNL|ATEN)_/;

/** Every peer runs as it would by itself, but for the number of threads. */
export function peerEnvironment(inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(inherited).filter(([name]) => !TUNING.test(name));
  return { ...Object.fromEntries(kept), ...threads };
}

/** Longer than this and an answer is given up, and the process with it. */
const PATIENCE = 240_000;
const KEPT_COMPLAINTS = 2000;

export class PeerProcess {
  readonly name: string;
  readonly #peer: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #complaints = "";
  #isGone = false;

  constructor({ name, peer, program, args }: Command) {
    this.name = name;
    this.#peer = peer;
    this.#process = spawn(program, args, { env: peerEnvironment(process.env) });
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
    this.#process.stderr.on("data", (text: Buffer) => {
      this.#complaints = (this.#complaints + text.toString()).slice(-KEPT_COMPLAINTS);
    });
    // Both are told by the end of its output.
    this.#process.on("error", ({ message }) => (this.#complaints += message));
    this.#process.stdin.on("error", () => undefined);
  }

  /** Loads the peer for a task: the variants that can be measured, or one sentence saying why there are none. */
  async open(task: Task, folder: string): Promise<readonly About[] | string> {
    const answer = await this.#ask({ ask: "open", peer: this.#peer, task, folder });
    if ("variants" in answer) return answer.variants;
    return "absent" in answer ? answer.absent : failure(answer);
  }

  /** The values to compare, with the seconds they took; or what went wrong. */
  async check(variant: number): Promise<{ values: readonly number[]; seconds: number } | string> {
    const answer = await this.#ask({ ask: "check", variant });
    return "values" in answer ? answer : failure(answer);
  }

  /** Seconds per step, over `milliseconds`; or what went wrong. */
  async round(variant: number, milliseconds: number): Promise<number | string> {
    const answer = await this.#ask({ ask: "round", variant, milliseconds });
    return "seconds" in answer ? answer.seconds : failure(answer);
  }

  async #ask(request: Request): Promise<Answer> {
    if (this.#isGone) return { error: "its process has ended" };
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    const watchdog = setTimeout(() => {
      this.#complaints = `no answer within ${PATIENCE / 1000} s`;
      this.#process.kill("SIGKILL");
    }, PATIENCE);
    const line = await this.#lines.next();
    clearTimeout(watchdog);
    if (line.done !== true) return JSON.parse(line.value) as Answer;
    this.#isGone = true;
    return { error: this.#complaints.trim().split("\n").at(-1) || "its process has ended" };
  }

  /** Ends the process; waits for it, so that the next workload has the machine to itself. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await ended;
  }
}

function failure(answer: Answer): string {
  return "error" in answer ? answer.error : `answered ${JSON.stringify(answer).slice(0, 100)}`;
}
