/** A session whose cells run in the back. */
import { excerpt, paint, placeAt } from "../cell/excerpt.ts";
import type { CompiledCell } from "../cell/compile.ts";
import type { CellSyntaxError } from "../cell/transpile.ts";
import {
  type Answer,
  type CellId,
  type ErrorReport,
  type FromBack,
  INTERRUPTED,
  type Outcome,
  type ToBack,
  weightOf,
} from "../channel.ts";
import { StreamMerger } from "./merge.ts";
import type { Listener, Session } from "./session.ts";
import type { Stopping } from "./stopping.ts";

/** Cells whose late output still finds its parent header. */
const REMEMBERED_CELLS = 2000;

export interface BackSessionParts {
  readonly post: (message: ToBack) => void;
  readonly stopping: Stopping;
  /** Hands an answer to the back, which may be waiting for it. */
  readonly answer: (answer: Answer) => void;
  /** Told of the weight of output that has been handed on. */
  readonly passed: (weight: number) => void;
  /** Hands on what was written to the descriptors so far. */
  readonly drain: () => void;
  /** Told of each cell that starts; null when none runs any more. */
  readonly watch: (label: string | null) => void;
  /** Said under the next cell: what there is to know about the time before it, and about its output. */
  readonly notices: () => readonly string[];
}

export class BackSession implements Session {
  /** Called when a cell ends the process. */
  onExit: () => void = () => {};
  readonly #parts: BackSessionParts;
  readonly #names = new Map<string, { readonly constant: boolean }>();
  readonly #listeners = new Map<CellId, Listener>();
  readonly #merger = new StreamMerger();
  readonly #ready: Promise<void>;
  #setReady: () => void = () => {};
  #cells: CellId = 0;
  #resolve: ((outcome: Outcome) => void) | null = null;
  #running: CellId | null = null;
  /** The cell that waits to be posted to the back. */
  #preparing: { isCancelled: boolean } | null = null;
  /** Why the running cell is being stopped, if not because its reader wants it. */
  #verdict: ErrorReport | null = null;

  constructor(parts: BackSessionParts) {
    this.#parts = parts;
    this.#ready = new Promise((resolve) => {
      this.#setReady = resolve;
    });
  }

  async execute(source: string, label: string, listener: Listener): Promise<Outcome> {
    const preparing = { isCancelled: false };
    this.#preparing = preparing;
    await this.#ready;
    await this.#parts.stopping.over;
    const compiled = await this.#compile(source, label);
    this.#preparing = null;
    if ("status" in compiled) return compiled;
    if (preparing.isCancelled) return interrupted();
    const cell = ++this.#cells;
    this.#listeners.set(cell, listener);
    this.#listeners.delete(cell - REMEMBERED_CELLS);
    this.#giveNotice(listener);
    this.#parts.watch(label);
    return new Promise((resolve) => {
      this.#running = cell;
      this.#resolve = resolve;
      this.#parts.post({ type: "execute", cell, label, source, compiled });
    });
  }

  async #compile(source: string, label: string): Promise<CompiledCell | Outcome> {
    // The parsers load in 50 ms: not before the kernel has said that it is there.
    const [{ compile }, { CellSyntaxError }] = await loadCompiler();
    try {
      return compile(source, { names: this.#names, isGlobal: (name) => name in globalThis });
    } catch (error) {
      if (error instanceof CellSyntaxError) return syntaxFailure(error, source, label);
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      const sentence = `${name}: the cell could not be compiled: ${message}`;
      return { status: "error", ename: name, evalue: message, traceback: [sentence] };
    }
  }

  async interrupt(): Promise<ErrorReport | null> {
    const { stopping } = this.#parts;
    if (this.#preparing !== null && stopping.over === null) this.#preparing.isCancelled = true;
    const stopped = await stopping.stop();
    if (stopped === "stopped") return null;
    this.#listener(this.#cells)?.stream("stderr", `${STUCK.evalue}\n`);
    return STUCK;
  }

  /** Stops the running cell, which fails with the given report. */
  stopWith(report: ErrorReport): void {
    if (this.#running === null || this.#verdict !== null) return;
    this.#verdict = report;
    void this.#parts.stopping.stop();
  }

  /** Takes what was written to a descriptor: nobody knows by which cell, so it is the running one's or the last. */
  receiveNative(name: "stdout" | "stderr", text: string): void {
    const listener = this.#listener(this.#cells);
    if (listener !== undefined) this.#merger.add(listener, name, text);
  }

  /** Takes what the back says. */
  receive(message: FromBack): void {
    if (message.type !== "stream") this.#merger.flush();
    this.#parts.passed(weightOf(message));
    switch (message.type) {
      case "names":
        for (const { name, constant } of message.names) this.#names.set(name, { constant });
        return;
      case "stream": {
        const listener = this.#listener(message.cell);
        if (listener !== undefined) this.#merger.add(listener, message.name, message.text);
        return;
      }
      case "display":
        return this.#listener(message.cell)?.display(
          message.bundle,
          message.displayId,
          message.isUpdate,
        );
      case "clear":
        return this.#listener(message.cell)?.clear(message.wait);
      case "drain":
        return this.#parts.drain();
      case "ask":
        return this.#ask(message);
      case "done":
        this.#parts.drain();
        return this.#finish(message.cell, message.outcome);
      case "ready":
        return this.#setReady();
      case "exiting":
        return this.#leave(message.how);
      case "signal":
        if (message.signal === "SIGINT") void this.interrupt();
        return;
      case "interrupted":
        return this.#parts.stopping.acknowledged();
      default:
        message satisfies never;
    }
  }

  /** The cell that ends the process gets its answer; then the process may end. */
  #leave(how: string): void {
    const evalue = `${how}, so the kernel ends; its variables are lost.`;
    if (this.#running !== null) {
      this.#finish(this.#running, { status: "error", ...reportOf("Exit", evalue) });
    }
    this.onExit();
  }

  #listener(cell: CellId): Listener | undefined {
    return this.#listeners.get(cell) ?? this.#listeners.get(this.#cells);
  }

  #ask({ cell, prompt, password }: Extract<FromBack, { type: "ask" }>): void {
    const { answer } = this.#parts;
    void this.#listener(cell)?.ask(prompt, password).then(answer);
  }

  #giveNotice(listener: Listener): void {
    for (const sentence of this.#parts.notices()) listener.stream("stderr", `${sentence}\n`);
  }

  #finish(cell: CellId, outcome: Outcome): void {
    if (cell !== this.#running) return;
    this.#running = null;
    this.#parts.watch(null);
    this.#merger.flush();
    const listener = this.#listener(cell);
    if (listener !== undefined) this.#giveNotice(listener);
    const verdict = this.#verdict;
    this.#verdict = null;
    this.#resolve?.(verdict === null ? outcome : { status: "error", ...verdict });
  }
}

const STUCK: ErrorReport = reportOf(
  "NotInterruptible",
  "The cell cannot be interrupted: it waits in a call of the operating system (such as a blocking read of a pipe) " +
    "that nothing in the process can end. Restart the kernel to stop it; its variables will be lost.",
);

/** Loads what compiles cells, once. */
export async function loadCompiler(): Promise<
  [typeof import("../cell/compile.ts"), typeof import("../cell/transpile.ts")]
> {
  return Promise.all([import("../cell/compile.ts"), import("../cell/transpile.ts")]);
}

/** A report of the kernel's own, which no line of the cell is to blame for. */
export function reportOf(ename: string, evalue: string): ErrorReport {
  return { ename, evalue, traceback: [`${paint.red(paint.bold(ename))}: ${evalue}`] };
}

function interrupted(): Outcome {
  return { status: "error", ...reportOf(INTERRUPTED.ename, INTERRUPTED.evalue) };
}

function syntaxFailure(error: CellSyntaxError, source: string, label: string): Outcome {
  const place = placeAt(source, error.start, error.end);
  return {
    status: "error",
    ename: error.name,
    evalue: `${error.message} (${label}, line ${place.line + 1})`,
    traceback: [
      `${paint.red(paint.bold(error.name))}: ${error.message}`,
      excerpt(label, source, place),
    ],
  };
}
