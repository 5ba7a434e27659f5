/** Plan: what computes certain fetches from feeds of certain shapes; interpreted at first, compiled if it is run again. */
import type { Backend } from "../backend/backend.ts";
import type { Machine } from "../backend/wasm/machine.ts";
import { sameShape, sizeOf, type Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { GraphError, type Node } from "../graph/node.ts";
import type { Assign, Placeholder, Variable } from "../ops/state.ts";
import type { Compiled } from "./compiled.ts";
import { compiler, type Compiler } from "./compiler.ts";
import { explainCompiled, explainTasks, type Explanation } from "./explain.ts";
import { checkFeed, missingFeed, type Fed } from "./feeds.ts";
import { Interpreter } from "./interpreter.ts";
import { canLower, endsOf, nodesOf, taskOf, type Ends } from "./tasks.ts";

/** How a session's plans are carried out. */
export interface Means {
  readonly backend: Backend;
  /** The machine to compile for; nothing where plans are only interpreted. */
  readonly machine: ((compiler: Compiler) => Machine) | undefined;
  /** How often a plan runs before it is compiled. */
  readonly patience: number;
}

/** How many numbers may go into a plan that is interpreted at first. */
const LARGE = 20_000;

/** A computation that is ready to run with feeds of certain shapes. */
export class Plan {
  readonly fetches: readonly Node[];
  readonly #means: Means;
  readonly #nodes: readonly Node[];
  readonly #ends: Ends;
  readonly #shapes: readonly Shape[];
  #interpreter: Interpreter | undefined;
  #compiled: Compiled | undefined;
  #runs = 0;
  #busy = false;

  /** Orders the computation; throws if a placeholder is not fed, or a variable is updated twice. */
  constructor(fetches: readonly Node[], fed: Fed, means: Means) {
    this.fetches = fetches;
    this.#means = means;
    this.#nodes = nodesOf(fetches);
    this.#ends = endsOf(this.#nodes);
    checkAssigns(this.#ends.assigns);
    this.#shapes = this.#ends.placeholders.map((target) => {
      const value = fed.get(target);
      if (value === undefined) throw missingFeed(target);
      checkFeed(target, value);
      return value.shape;
    });
  }

  /** Whether this plan computes these fetches from feeds of these shapes, and is not in the middle of a run. */
  matches(fetches: readonly Node[], fed: Fed): boolean {
    if (this.#busy || fetches.length !== this.fetches.length) return false;
    for (let i = 0; i < fetches.length; i++) if (fetches[i] !== this.fetches[i]) return false;
    const { placeholders } = this.#ends;
    for (let i = 0; i < placeholders.length; i++) {
      const value = fed.get(placeholders[i]);
      if (value === undefined || !sameShape(value.shape, this.#shapes[i])) return false;
    }
    return true;
  }

  /** Computes everything; results are written into the tensors given, or into new ones. */
  run(
    fed: Fed,
    into?: readonly Tensor[],
    { checkNumerics = false }: { readonly checkNumerics?: boolean } = {},
  ): readonly Tensor[] {
    this.#busy = true;
    try {
      this.#runs += 1;
      const compiled = checkNumerics ? undefined : this.#compiledByNow();
      if (compiled !== undefined) return compiled.run(fed, into);
      this.#interpreter ??= this.#interpreted();
      return this.#interpreter.run(fed, into, { checkNumerics });
    } finally {
      this.#busy = false;
    }
  }

  #interpreted(): Interpreter {
    return new Interpreter(this.fetches, this.#nodes, this.#ends, this.#means.backend);
  }

  /** Gives memory back; the plan may still be run, and takes memory again. */
  dispose(): void {
    this.#compiled?.dispose();
    this.#compiled = undefined;
    this.#interpreter = undefined;
  }

  /** What the plan does, in order. */
  explain(): Explanation {
    const compiled = this.#compiledForm();
    if (compiled !== undefined) return explainCompiled(compiled, this.#nodes.length);
    const name = this.#means.backend.name === "reference" ? "reference" : "javascript";
    return explainTasks(this.#nodes.map(taskOf), name);
  }

  /** The plan in compiled form, whether or not it has been run. */
  #compiledForm(): Compiled | undefined {
    const { machine } = this.#means;
    if (machine === undefined || !canLower(this.#nodes)) return undefined;
    if (this.#compiled !== undefined) return this.#compiled;
    const found = compiler();
    if (found === undefined) return undefined;
    const tasks = this.#nodes.map(taskOf);
    this.#compiled = new found.Compiled(this.fetches, tasks, this.#shapeOf, machine(found));
    return this.#compiled;
  }

  readonly #shapeOf = (target: Placeholder): Shape =>
    this.#shapes[this.#ends.placeholders.indexOf(target)];

  /** Code pays off where there is much to compute at once, or where a plan is run again and again. */
  #compiledByNow(): Compiled | undefined {
    if (this.#compiled !== undefined) return this.#compiled;
    if (this.#runs <= this.#means.patience && !this.#isLarge()) return undefined;
    const compiled = this.#compiledForm();
    if (compiled !== undefined) this.#interpreter = undefined;
    return compiled;
  }

  #isLarge(): boolean {
    let { size } = this.#ends;
    for (const shape of this.#shapes) size += sizeOf(shape);
    return size > LARGE;
  }
}

function checkAssigns(assigns: readonly Assign[]): void {
  const first = new Map<Variable, Assign>();
  for (const assign of assigns) {
    const other = first.get(assign.variable);
    if (other !== undefined) {
      throw new GraphError(
        `run: variable ${assign.variable.name} would get two values, from ${other.name} (made at ${other.origin.place}) ` +
          `and ${assign.name} (made at ${assign.origin.place}); run them one after the other`,
      );
    }
    first.set(assign.variable, assign);
  }
}
