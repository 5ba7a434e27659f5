/** Runs compiled cells, one at a time, to a value or an error. */
import { AsyncLocalStorage } from "node:async_hooks";
import vm from "node:vm";
import type { CellId, FromBack, Outcome, ToBack } from "../channel.ts";
import { relaxAsyncChecks } from "./async_checks.ts";
import { breakable, giveSignalsBack, isBroken } from "./breakable.ts";
import { bundleOf, DisplayHandle } from "./display.ts";
import type { Errors } from "./errors.ts";
import { type Imports, pick } from "./imports.ts";
import { Interrupted, type Interruption, isThenable } from "./interruption.ts";
import { fragment, jsx } from "./jsx.ts";
import type { Output } from "./output.ts";
import type { Scope } from "./scope.ts";

type Order = Extract<ToBack, { type: "execute" }>;
type CellFunction = (runtime: object, ...boxes: object[]) => unknown;

/** How long a cell may still clean up after its `await` was interrupted. */
const GRACE_MS = 100;

const { setTimeout: later } = globalThis;

export interface Parts {
  readonly scope: Scope;
  readonly errors: Errors;
  readonly imports: Imports;
  readonly interruption: Interruption;
  readonly output: Output;
  post(message: FromBack): void;
}

/** A property of the global object, in the form of a box. */
function globalVariable(name: string): object {
  return {
    get v(): unknown {
      return Reflect.get(globalThis, name);
    },
    set v(value: unknown) {
      Reflect.set(globalThis, name, value);
    },
  };
}

export class Executor {
  readonly #parts: Parts;
  readonly #cells = new AsyncLocalStorage<CellId>();
  readonly #runtime: object;
  /** Displays of the running cell that are still being made. */
  #making = new Set<Promise<void>>();
  #running: Order | null = null;
  #isSynchronous = false;
  #last: CellId = 0;
  #ownsUnderscore = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { scope, imports, interruption } = parts;
    this.#runtime = {
      race: interruption.race.bind(interruption),
      check: interruption.check.bind(interruption),
      each: interruption.each.bind(interruption),
      import: imports.import.bind(imports),
      meta: imports.meta,
      pick,
      constant: (name: string) => {
        throw new TypeError(
          `Assignment to constant variable: ${name} is a const of an earlier cell.`,
        );
      },
      late: (box: { d: number }, name: string) => {
        if (box.d !== 0) return box;
        if (name in globalThis) return globalVariable(name);
        throw new ReferenceError(`${name} is not defined`);
      },
    };
    scope.declare("$jsx", jsx);
    scope.declare("$fragment", fragment);
    scope.declare("require", imports.require);
    scope.declare("__filename", imports.filename);
    scope.declare("__dirname", imports.meta["dirname"]);
  }

  /** The cell that is speaking now: the one whose code this is, however late it runs. */
  get speaker(): CellId {
    return this.#cells.getStore() ?? this.#last;
  }

  execute(order: Order): void {
    this.#running = order;
    this.#last = order.cell;
    this.#making.clear();
    if (order.compiled.declares.includes("_")) this.#ownsUnderscore = true;
    this.#parts.errors.register(order.label, order.source, order.compiled.map);
    this.#cells.run(order.cell, () => void this.#run(order));
    relaxAsyncChecks();
  }

  /** Keeps the reply of the running cell back until `making` is over; a failure of it is the cell's. */
  awaitBeforeReply(making: Promise<void>): void {
    // When no cell runs any more, the rejection stays unhandled, and is reported as every late error is.
    if (this.#running === null) return;
    this.#making.add(making);
    making.catch(() => {});
  }

  /** Called when the event loop is free again: a synchronous run that has not ended was terminated. */
  interrupt(): void {
    const order = this.#running;
    // Also when the cell is over: its end may wait behind a display that never comes.
    this.#parts.output.abandonPending();
    if (order !== null) {
      if (this.#isSynchronous) {
        giveSignalsBack();
        this.#finish(order, this.#failure(new Interrupted()));
      } else {
        this.#parts.interruption.stopWaiting();
        later(() => this.#finish(order, this.#failure(new Interrupted())), GRACE_MS);
      }
    } else this.#parts.interruption.settle();
    this.#parts.post({ type: "interrupted" });
  }

  async #run(order: Order): Promise<void> {
    try {
      const result = this.#runSynchronously(order);
      // Awaiting asks a value for its `then`, which not every proxy allows.
      const value = isThenable(result) ? await this.#parts.interruption.race(result) : result;
      this.#remember(value);
      const isSilent = value === undefined || value instanceof DisplayHandle;
      const bundle = isSilent ? null : await this.#parts.interruption.race(bundleOf(value));
      while (this.#making.size > 0) {
        const making = [...this.#making];
        this.#making.clear();
        await this.#parts.interruption.race(Promise.all(making));
      }
      this.#finish(order, { status: "ok", value: bundle });
    } catch (error) {
      this.#finish(order, this.#failure(error, order.label));
    }
  }

  #runSynchronously(order: Order): unknown {
    const { script, boxes } = order.compiled;
    const run = new vm.Script(script, { filename: order.label }).runInThisContext() as CellFunction;
    const found = boxes.map((name) => this.#parts.scope.box(name));
    this.#isSynchronous = true;
    try {
      return breakable(() => run(this.#runtime, ...found));
    } finally {
      this.#isSynchronous = false;
    }
  }

  /** `_` is the last value, until the notebook declares a `_` of its own. */
  #remember(value: unknown): void {
    if (this.#ownsUnderscore || value === undefined) return;
    const box = this.#parts.scope.box("_");
    box.v = value;
    box.d = 1;
  }

  #failure(error: unknown, label = ""): Outcome {
    const isInterrupt =
      error instanceof Interrupted || isBroken(error) || this.#parts.interruption.isWanted;
    return {
      status: "error",
      ...this.#parts.errors.report(isInterrupt ? new Interrupted() : error, label),
    };
  }

  #finish(order: Order, outcome: Outcome): void {
    if (this.#running !== order) return;
    this.#running = null;
    this.#isSynchronous = false;
    this.#parts.interruption.settle();
    const names = this.#parts.scope.known(order.compiled.declares);
    if (names.length > 0) this.#parts.post({ type: "names", names });
    this.#parts.output.show({ type: "done", cell: order.cell, outcome });
  }
}
