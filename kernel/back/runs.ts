/** What is running: one cell for each shell, and handlers of comm messages. They share a thread, and take turns. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { CellId, FromBack, Outcome } from "../channel.ts";
import { relaxAsyncChecks } from "./async_checks.ts";
import type { Builtins } from "./builtins.ts";
import type { Errors } from "./errors.ts";
import { Interrupted, type Interruption, isInterrupted } from "./interruption.ts";
import type { Output } from "./output.ts";

/** How long a cell may still clean up after its `await` was interrupted. */
const GRACE_MS = 100;

// A cell may replace them; the kernel keeps its own.
const { setTimeout: later, setImmediate: soon } = globalThis;

/** Something to run until it has an outcome. */
export interface Run {
  readonly cell: CellId;
  /** Whether an interrupt that comes before its turn means it too. */
  readonly isAbortable: boolean;
  /** Its code, up to a value or an error. */
  body(): Promise<Outcome>;
  /** Called once, when it is over. */
  ended(outcome: Outcome): void;
}

export interface RunsParts {
  readonly builtins: Builtins;
  readonly errors: Errors;
  readonly interruption: Interruption;
  readonly output: Output;
  post(message: FromBack): void;
}

export class Runs {
  readonly #parts: RunsParts;
  readonly #cells = new AsyncLocalStorage<CellId>();
  /** Each with its displays that are still being made. */
  readonly #running = new Map<Run, Set<Promise<void>>>();
  /** Of some, what stands for the value of their last statement. */
  readonly #values = new WeakMap<Run, Promise<unknown>>();
  /** Of some, what is left to do when their code has ended. */
  readonly #tasks = new WeakMap<Run, (() => Promise<void>)[]>();
  /** The one that has not given the thread back since it was last called. */
  #onThread: Run | null = null;
  #last: CellId = 0;
  #isStopping = false;
  #stops = 0;
  /** At which stop a cell was ended. */
  readonly #stoppedAt = new Map<CellId, number>();
  /** What came while the others were being stopped. */
  #deferred: Run[] = [];

  constructor(parts: RunsParts) {
    this.#parts = parts;
  }

  /** The cell that is speaking now: the one whose code this is, however late it runs. */
  get speaker(): CellId {
    return this.#cells.getStore() ?? [...this.#running.keys()].at(-1)?.cell ?? this.#last;
  }

  /** The cell whose code this is; null when it is over. */
  get running(): CellId | null {
    const { speaker } = this;
    return [...this.#running.keys()].some(({ cell }) => cell === speaker) ? speaker : null;
  }

  get #speaking(): Run | undefined {
    const { speaker } = this;
    return [...this.#running.keys()].find(({ cell }) => cell === speaker);
  }

  start(run: Run): void {
    if (this.#isStopping || this.#parts.interruption.isWanted) {
      // The interrupt has not arrived yet: what was sent before it is not begun any more.
      if (run.isAbortable && !this.#isStopping) run.ended(this.failure(new Interrupted()));
      else this.#deferred.push(run);
      return;
    }
    this.#running.set(run, new Set());
    this.#last = run.cell;
    this.#cells.run(run.cell, () => {
      void this.#follow(run);
    });
    // Not for one that is over as soon as the promises at hand are.
    soon(() => {
      if (this.#running.has(run)) this.#parts.post({ type: "released", cell: run.cell });
    });
    relaxAsyncChecks();
  }

  /** Awaits and no `then`, which a cell may have replaced. */
  async #follow(run: Run): Promise<void> {
    let outcome: Outcome;
    try {
      outcome = await run.body();
    } catch (error) {
      outcome = this.failure(error);
    }
    try {
      this.#finish(run, outcome);
    } catch (error) {
      if (!this.#parts.builtins.restore()) throw error;
      this.#running.delete(run);
      if (this.#running.size === 0) this.#rest();
      run.ended(outcome);
    }
  }

  /** For runs that will be no more: where there is an AsyncLocalStorage, every promise takes longer. */
  end(): void {
    this.#cells.disable();
  }

  /** Calls the code of a run; an interrupt meanwhile has to terminate it. */
  onThread(run: Run, call: () => unknown): unknown {
    this.#onThread = run;
    try {
      return call();
    } finally {
      this.#onThread = null;
    }
  }

  /** Gives the speaking run another value than that of its last statement; its end waits for it. */
  replaceValue(value: Promise<unknown>): void {
    const run = this.#speaking;
    if (run !== undefined) this.#values.set(run, value);
    // Interrupted, a run no longer waits for it.
    value.catch(() => {});
  }

  /** What the run was given in place of its value. */
  replacedValue(run: Run): Promise<unknown> | null {
    return this.#values.get(run) ?? null;
  }

  /** Keeps the end of the speaking run back until `making` is over; a failure of it is the run's. */
  awaitBeforeReply(making: Promise<void>): void {
    const run = this.#speaking;
    // When it is over, the rejection stays unhandled, and is reported as every late error is.
    if (run === undefined) return;
    this.#running.get(run)?.add(making);
    making.catch(() => {});
  }

  /** Has something done when the speaking run's code has ended well; its end waits for it. If it is over, soon. */
  atEnd(task: () => Promise<void>): void {
    const run = this.#speaking;
    if (run === undefined) soon(() => void task());
    else this.#tasks.set(run, [...(this.#tasks.get(run) ?? []), task]);
  }

  /** Resolves when all that is left to do is done, and all displays of a run have been made. */
  async displaysOf(run: Run): Promise<void> {
    for (;;) {
      for (const task of this.#tasks.get(run) ?? []) this.awaitBeforeReply(task());
      this.#tasks.delete(run);
      const making = [...(this.#running.get(run) ?? [])];
      if (making.length === 0) return;
      this.#running.get(run)?.clear();
      await this.#parts.interruption.race(Promise.all(making));
    }
  }

  /** How often there was an interrupt so far. */
  get stops(): number {
    return this.#stops;
  }

  /**
   * For an `await` inside a function, when it is over: a function that waited while its cell was stopped goes no
   * further, or `await train()` would leave `train` at work. `stops` is how many there were when it began to wait.
   */
  resume<T>(stops: number, value: T): T {
    if (stops !== this.#stops && this.wasStopped(stops)) throw new Interrupted();
    return value;
  }

  /** Whether the cell whose code this is was stopped since there were so many stops. */
  wasStopped(stops: number): boolean {
    return (this.#stoppedAt.get(this.#cells.getStore() ?? 0) ?? 0) > stops;
  }

  /** Called when the event loop is free again: what has not given the thread back was terminated. */
  interrupt(number: number): void {
    const { output, interruption } = this.#parts;
    // Also when nothing runs: the end of a cell may wait behind a display that never comes.
    output.abandonPending();
    this.#isStopping = true;
    this.#stops++;
    for (const { cell } of this.#running.keys()) this.#stoppedAt.set(cell, this.#stops);
    const aborted = this.#deferred.filter(({ isAbortable }) => isAbortable);
    this.#deferred = this.#deferred.filter(({ isAbortable }) => !isAbortable);
    for (const run of aborted) run.ended(this.failure(new Interrupted()));
    if (this.#onThread !== null) this.#finish(this.#onThread, this.failure(new Interrupted()));
    const waiting = [...this.#running.keys()];
    interruption.stopWaiting();
    if (waiting.length === 0) this.#rest();
    else {
      later(() => {
        for (const run of waiting) this.#finish(run, this.failure(new Interrupted()));
      }, GRACE_MS);
    }
    const cells = [...this.#running.keys(), ...this.#deferred].map(({ cell }) => cell);
    this.#parts.post({ type: "interrupted", number, cells });
  }

  /** An error as an outcome; while an interrupt is wanted, that is the reason for everything. */
  failure(error: unknown, label = ""): Outcome {
    const { interruption, errors } = this.#parts;
    const isInterrupt = isInterrupted(error) || interruption.isWanted;
    const report = errors.report(isInterrupt ? new Interrupted() : error, label);
    return { status: "error", ...report };
  }

  /** Ends the speaking run by an error for which its code would wait in vain; returns whether there was one to end. */
  fail(error: unknown): boolean {
    const run = this.#speaking;
    if (run !== undefined) this.#finish(run, this.failure(error));
    return run !== undefined;
  }

  #finish(run: Run, outcome: Outcome): void {
    if (!this.#running.delete(run)) return;
    if (this.#onThread === run) this.#onThread = null;
    // A stop is over when all that ran has ended: until then the flag is there for the others.
    if (this.#running.size === 0) this.#rest();
    run.ended(outcome);
  }

  #rest(): void {
    this.#isStopping = false;
    this.#parts.interruption.settle();
    // On a stack of their own: what is terminated takes all below it along.
    for (let i = 0; i < this.#deferred.length; i++) soon(() => this.#startDeferred());
  }

  #startDeferred(): void {
    const run = this.#deferred.shift();
    if (run !== undefined) this.start(run);
  }
}
