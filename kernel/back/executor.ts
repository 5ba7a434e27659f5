/** Runs compiled cells, one at a time, to a value or an error. */
import { AsyncLocalStorage } from "node:async_hooks";
import vm from "node:vm";
import type { Bundle, CellId, FromBack, Outcome, ToBack } from "../channel.ts";
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

/** A cell, or a message of a comm, from its start to its answer. */
interface Run {
  readonly cell: CellId;
  readonly label: string;
  readonly declares: readonly string[];
  /** Displays that are still being made. */
  readonly making: Set<Promise<void>>;
  readonly call: () => unknown;
  readonly isCell: boolean;
}

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
  /** What runs: at most one cell or comm message of each shell. */
  readonly #runs = new Map<CellId, Run>();
  /** The one whose code is on the stack. */
  #synchronous: Run | null = null;
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
    const { cell, label, source, compiled } = order;
    if (compiled.declares.includes("_")) this.#ownsUnderscore = true;
    this.#parts.errors.register(label, source, compiled.map);
    this.#start({
      cell,
      label,
      declares: compiled.declares,
      making: new Set(),
      call: () => this.#callOf(order)(),
      isCell: true,
    });
  }

  /** Runs a function in the name of a message that the front waits for; its value is not shown. */
  call(cell: CellId, label: string, call: () => void): void {
    this.#start({ cell, label, declares: [], making: new Set(), call, isCell: false });
  }

  #start(run: Run): void {
    this.#last = run.cell;
    this.#runs.set(run.cell, run);
    this.#cells.run(run.cell, () => void this.#run(run));
    relaxAsyncChecks();
  }

  /** Keeps the reply of the cell that speaks back until `making` is over; a failure of it is the cell's. */
  awaitBeforeReply(making: Promise<void>): void {
    const run = this.#runs.get(this.speaker);
    // When the cell has ended, the rejection stays unhandled, and is reported as every late error is.
    if (run === undefined) return;
    run.making.add(making);
    making.catch(() => {});
  }

  /** Called when the event loop is free again: a synchronous run that has not ended was terminated. */
  interrupt(): void {
    // Also when the cell is over: its end may wait behind a display that never comes.
    this.#parts.output.abandonPending();
    const terminated = this.#synchronous;
    this.#synchronous = null;
    if (terminated !== null) {
      giveSignalsBack();
      this.#finish(terminated, this.#failure(new Interrupted()));
    }
    const waiting = [...this.#runs.values()];
    if (waiting.length > 0) {
      this.#parts.interruption.stopWaiting();
      later(() => {
        for (const run of waiting) this.#finish(run, this.#failure(new Interrupted()));
      }, GRACE_MS);
    } else this.#parts.interruption.settle();
    this.#parts.post({ type: "interrupted" });
  }

  async #run(run: Run): Promise<void> {
    try {
      const result = this.#runSynchronously(run);
      const bundle = run.isCell ? await this.#bundleOf(result) : null;
      while (run.making.size > 0) {
        const making = [...run.making];
        run.making.clear();
        await this.#parts.interruption.race(Promise.all(making));
      }
      this.#finish(run, { status: "ok", value: bundle });
    } catch (error) {
      this.#finish(run, this.#failure(error, run.label));
    }
  }

  async #bundleOf(result: unknown): Promise<Bundle | null> {
    const { interruption } = this.#parts;
    // Awaiting asks a value for its `then`, which not every proxy allows.
    const value = isThenable(result) ? await interruption.race(result) : result;
    this.#remember(value);
    const isSilent = value === undefined || value instanceof DisplayHandle;
    return isSilent ? null : interruption.race(bundleOf(value));
  }

  #callOf({ label, compiled: { script, boxes } }: Order): () => unknown {
    const run = new vm.Script(script, { filename: label }).runInThisContext() as CellFunction;
    const found = boxes.map((name) => this.#parts.scope.box(name));
    return () => run(this.#runtime, ...found);
  }

  #runSynchronously(run: Run): unknown {
    this.#synchronous = run;
    try {
      return breakable(run.call);
    } finally {
      this.#synchronous = null;
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

  #finish(run: Run, outcome: Outcome): void {
    if (!this.#runs.delete(run.cell)) return;
    if (this.#runs.size === 0) this.#parts.interruption.settle();
    const names = this.#parts.scope.known(run.declares);
    if (names.length > 0) this.#parts.post({ type: "names", names });
    this.#parts.output.show({ type: "done", cell: run.cell, outcome });
  }
}
