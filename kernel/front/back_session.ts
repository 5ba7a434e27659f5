/** A session whose cells run in the back. */
import { setTimeout as delay } from "node:timers/promises";
import { excerpt, paint, placeAt } from "../cell/excerpt.ts";
import type { CompiledCell } from "../cell/compile.ts";
import type { CellSyntaxError } from "../cell/transpile.ts";
import {
  type CellId,
  type FromBack,
  INTERRUPT_FLAG,
  INTERRUPTED,
  type Outcome,
  type Shared,
  type ToBack,
} from "../channel.ts";
import { StreamMerger } from "./merge.ts";
import type { Listener, Session } from "./session.ts";

/** Stops whatever JavaScript the main thread is running. */
export type Terminate = () => Promise<void>;

/** Cells whose late output still finds its parent header. */
const REMEMBERED_CELLS = 2000;
/** How long the back has to answer an interrupt before what it runs is terminated. */
const PATIENCE_MS = 15;
const MAX_ATTEMPTS = 20;

export interface BackSessionParts {
  readonly post: (message: ToBack) => void;
  readonly shared: Shared;
  readonly terminate: Terminate;
}

export class BackSession implements Session {
  /** Called when a cell ends the process. */
  onExit: () => void = () => {};
  readonly #post: (message: ToBack) => void;
  readonly #shared: Shared;
  readonly #terminate: Terminate;
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
  #acknowledge: () => void = () => {};
  #stopping: Promise<void> | null = null;

  constructor({ post, shared, terminate }: BackSessionParts) {
    this.#post = post;
    this.#shared = shared;
    this.#terminate = terminate;
    this.#ready = new Promise((resolve) => {
      this.#setReady = resolve;
    });
  }

  async execute(source: string, label: string, listener: Listener): Promise<Outcome> {
    const preparing = { isCancelled: false };
    this.#preparing = preparing;
    await this.#ready;
    await this.#stopping;
    const compiled = await this.#compile(source, label);
    this.#preparing = null;
    if ("status" in compiled) return compiled;
    if (preparing.isCancelled) return interrupted();
    const cell = ++this.#cells;
    this.#listeners.set(cell, listener);
    this.#listeners.delete(cell - REMEMBERED_CELLS);
    return new Promise((resolve) => {
      this.#running = cell;
      this.#resolve = resolve;
      this.#post({ type: "execute", cell, label, source, compiled });
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

  async interrupt(): Promise<void> {
    if (this.#preparing !== null && this.#stopping === null) this.#preparing.isCancelled = true;
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = null;
    });
    await this.#stopping;
  }

  /** Takes what the back says. */
  receive(message: FromBack): void {
    if (message.type !== "stream") this.#merger.flush();
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
      case "done":
        return this.#finish(message.cell, message.outcome);
      case "ready":
        return this.#setReady();
      case "exiting":
        return this.#leave(message.code);
      case "signal":
        if (message.signal === "SIGINT") void this.interrupt();
        return;
      case "interrupted":
        return this.#acknowledge();
      default:
        message satisfies never;
    }
  }

  /** The cell that ends the process gets its answer; then the process may end. */
  #leave(code: number): void {
    const evalue = `process.exit(${code}) was called, so the kernel ends; its variables are lost.`;
    const traceback = [`${paint.red(paint.bold("Exit"))}: ${evalue}`];
    if (this.#running !== null) {
      this.#finish(this.#running, { status: "error", ename: "Exit", evalue, traceback });
    }
    this.onExit();
  }

  #listener(cell: CellId): Listener | undefined {
    return this.#listeners.get(cell) ?? this.#listeners.get(this.#cells);
  }

  #finish(cell: CellId, outcome: Outcome): void {
    if (cell !== this.#running) return;
    this.#running = null;
    this.#resolve?.(outcome);
  }

  /** Asks; terminates what runs if there is no answer; asks again, for the question may have been lost with it. */
  async #stop(): Promise<void> {
    Atomics.store(this.#shared.flags, INTERRUPT_FLAG, 1);
    let isAnswered = false;
    const answered = new Promise<void>((resolve) => {
      this.#acknowledge = () => {
        isAnswered = true;
        resolve();
      };
    });
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      this.#post({ type: "interrupt" });
      await Promise.race([answered, delay(PATIENCE_MS * (attempt + 1))]);
      if (isAnswered) return;
      await Promise.race([this.#terminate(), answered, delay(1000)]);
    }
  }
}

/** Loads what compiles cells, once. */
export async function loadCompiler(): Promise<
  [typeof import("../cell/compile.ts"), typeof import("../cell/transpile.ts")]
> {
  return Promise.all([import("../cell/compile.ts"), import("../cell/transpile.ts")]);
}

function interrupted(): Outcome {
  const { ename, evalue } = INTERRUPTED;
  return {
    status: "error",
    ename,
    evalue,
    traceback: [`${paint.red(paint.bold(ename))}: ${evalue}`],
  };
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
