/** Runs compiled cells to a value or an error. */
import { types } from "node:util";
import vm from "node:vm";
import type { TypesMode } from "../cell/magics/types.ts";
import type { Bundle, FromBack, Outcome, ToBack } from "../channel.ts";
import type { Builtins } from "./builtins.ts";
import { bundleOf, DisplayHandle } from "./display.ts";
import type { Errors } from "./errors.ts";
import { type Imports, pick } from "./imports.ts";
import { type Interruption, isThenable } from "./interruption.ts";
import { fragment, jsx } from "./jsx.ts";
import type { MagicRuntime } from "./magics.ts";
import type { Output } from "./output.ts";
import type { Run, Runs } from "./runs.ts";
import type { Scope } from "./scope.ts";

// A cell may replace it; the kernel keeps its own.
const { Script } = vm;

type Order = Extract<ToBack, { type: "execute" }>;
type CellFunction = (runtime: object, ...boxes: object[]) => unknown;

export interface ExecutorParts {
  readonly builtins: Builtins;
  readonly runs: Runs;
  readonly scope: Scope;
  readonly errors: Errors;
  readonly imports: Imports;
  readonly interruption: Interruption;
  readonly output: Output;
  readonly magics: MagicRuntime;
  post(message: FromBack): void;
}

/** A property of the global object, in the form of a box. */
function globalVariable(name: string): object {
  return {
    get v(): unknown {
      if (!(name in globalThis)) throw new ReferenceError(`${name} is not defined`);
      return Reflect.get(globalThis, name);
    },
    set v(value: unknown) {
      Reflect.set(globalThis, name, value);
    },
  };
}

export class Executor {
  /** How the last cell was checked. */
  types: TypesMode = "on";
  readonly #parts: ExecutorParts;
  readonly #runtime: object;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
    const { runs, scope, imports, interruption, magics } = parts;
    this.#runtime = {
      ...magics,
      get stops() {
        return runs.stops;
      },
      resume: runs.resume.bind(runs),
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
      late: (box: { d: number }, name: string) => (box.d === 0 ? globalVariable(name) : box),
    };
    scope.declare("$jsx", jsx);
    scope.declare("$fragment", fragment);
    scope.declare("require", imports.require);
    scope.declare("module", imports.module);
    scope.declare("exports", imports.module.exports);
    scope.declare("__filename", imports.filename);
    scope.declare("__dirname", imports.meta["dirname"]);
  }

  execute(order: Order): void {
    const { runs, errors, scope } = this.#parts;
    this.types = order.types;
    const run: Run = {
      cell: order.cell,
      isAbortable: true,
      body: async () => {
        if (order.compiled.declares.includes("_")) scope.ownsUnderscore = true;
        errors.register(order.label, order.source, order.compiled.map);
        return await this.#run(order, run);
      },
      ended: (outcome) => this.#answer(order, outcome),
    };
    runs.start(run);
  }

  async #run(order: Order, run: Run): Promise<Outcome> {
    const { runs, builtins } = this.#parts;
    try {
      const call = builtins.safely(() => this.#callOf(order));
      const result = runs.onThread(run, call);
      const value = await this.#bundleOf(runs.replacedValue(run) ?? result);
      await runs.displaysOf(run);
      return { status: "ok", value };
    } catch (error) {
      return runs.failure(error, order.label);
    }
  }

  async #bundleOf(result: unknown): Promise<Bundle | null> {
    const { interruption, builtins } = this.#parts;
    // Awaiting asks a value for its `then`, which not every proxy allows.
    const value = isThenable(result) ? await interruption.race(result) : result;
    this.#remember(value);
    const isSilent =
      value === undefined || (!types.isProxy(value) && value instanceof DisplayHandle);
    return isSilent ? null : await interruption.race(builtins.safely(() => bundleOf(value)));
  }

  #callOf({ label, compiled: { script, boxes } }: Order): () => unknown {
    const run = new Script(script, { filename: label }).runInThisContext() as CellFunction;
    const found = boxes.map((name) => this.#parts.scope.box(name));
    return () => run(this.#runtime, ...found);
  }

  /** `_` is the last value, until the notebook declares a `_` of its own. */
  #remember(value: unknown): void {
    const { scope } = this.#parts;
    if (scope.ownsUnderscore || value === undefined) return;
    const box = scope.box("_");
    box.v = value;
    box.d = 1;
  }

  #answer({ cell, compiled }: Order, outcome: Outcome): void {
    const { scope, output } = this.#parts;
    const names = scope.known(compiled.declares);
    if (names.length > 0) this.#parts.post({ type: "names", names });
    output.show({ type: "done", cell, outcome });
  }
}
