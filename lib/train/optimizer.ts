/** What an optimizer is: a formula for one variable, and the options that all of them have. */
import { checkNumber, checkOptions } from "../core/options.ts";
import type { Scalar } from "../core/scalar.ts";
import { describe } from "../core/describe.ts";
import { label, Node } from "../graph/node.ts";
import { assign, type Assign, type Variable } from "../ops/state.ts";
import { checkClipping, clipGradients, type Clipping } from "./clip.ts";
import { minimizeWith, type Target } from "./minimize.ts";
import { Move, StepNumbers, type LearningRate } from "./move.ts";
import { Schedule } from "./schedule.ts";

/** What every optimizer takes. */
export interface OptimizerOptions extends Clipping {
  /** How far a step goes: a number, a `schedule`, or a scalar node such as a placeholder. There is no default. */
  readonly learningRate: LearningRate;
  /** How strongly variables are drawn to 0: this times the variable is added to its gradient. 0 by default. */
  readonly weightDecay?: number;
}

const common = ["learningRate", "weightDecay", "clipValue", "clipNorm", "clipGlobalNorm"];

/** Makes train nodes. A step changes each variable by a formula of its gradient and of slots: variables that live beside it. */
export abstract class Optimizer {
  readonly name: string;
  readonly learningRate: LearningRate;
  readonly weightDecay: number;
  readonly #clipping: Clipping;
  readonly #nodes = new WeakMap<Node, Node>();

  /** `scope` begins the names of slots; `known` are the options beyond those of every optimizer. */
  constructor(name: string, options: OptimizerOptions, known: readonly string[] = []) {
    this.name = name;
    const call = `new ${name}({ learningRate: 0.01 })`;
    checkOptions(name, options, [...common, ...known], call);
    this.learningRate = checkRate(name, options.learningRate, call);
    this.weightDecay = checkNumber(`${name}: weightDecay`, options.weightDecay ?? 0, { least: 0 });
    this.#clipping = checkClipping(name, options);
  }

  /**
   * A node that, when run, moves `variables`, by default all trainable ones that lead to `loss`, one step. Its slots and
   * its step are variables that are not trainable, made anew by each call.
   */
  minimize(loss: Node, options: { readonly variables?: readonly Variable[] } = {}): Node {
    const call = "minimize(loss, { variables: [W, b] })";
    checkOptions(`${this.name}.minimize`, options, ["variables"], call);
    const { variables } = options;
    if (variables !== undefined && !Array.isArray(variables)) {
      throw new TypeError(
        `${this.name}.minimize: variables are ${describe(variables)}; write ${call}`,
      );
    }
    return minimizeWith(loss, variables, this.scope, (targets) => this.#updates(targets));
  }

  /** The node of one `minimize(loss)`, the same whenever it is asked for: what `fit` runs, so that it goes on where it ended. */
  trainNode(loss: Node): Node {
    const made = this.#nodes.get(loss) ?? this.minimize(loss);
    this.#nodes.set(loss, made);
    return made;
  }

  /** What the names of slots and step begin with. */
  protected abstract readonly scope: string;

  /** The node that gives one variable its next value. */
  protected abstract update(variable: Variable, gradient: Node, step: StepNumbers): Assign;

  #updates(targets: readonly Target[]): Assign[] {
    const step = new StepNumbers(this.learningRate);
    const clipped = clipGradients(
      targets.map(({ gradient }) => gradient),
      this.#clipping,
    );
    const moved = targets.map(({ variable }, i) => this.update(variable, clipped[i], step));
    for (const { variable } of targets) if (step.counter) variable.slots.push(step.counter);
    return [...moved, ...step.updates];
  }
}

/** An optimizer whose step is one formula of a variable, its gradient and its slots. */
export abstract class FormulaOptimizer extends Optimizer {
  /** The variable's next value. */
  protected abstract next(move: Move): Scalar;

  /** The weight decay that is added to gradients. */
  protected get coupledDecay(): number {
    return this.weightDecay;
  }

  protected override update(variable: Variable, gradient: Node, step: StepNumbers): Assign {
    const move = new Move(variable, gradient, step, this.coupledDecay);
    return assign(variable, move.node(this.scope, this.next(move)));
  }
}

function checkRate(name: string, rate: unknown, call: string): LearningRate {
  if (rate instanceof Schedule) return rate;
  if (rate instanceof Node) {
    if (rate.shape === null || rate.shape.length === 0) return rate;
    throw new RangeError(
      `${name}: learningRate is ${label(rate)} with ${rate.shape.length} axes; wanted a scalar node`,
    );
  }
  if (typeof rate === "number" && Number.isFinite(rate) && rate >= 0) return rate;
  const range = typeof rate === "number" ? "; wanted a finite number from 0 up" : "";
  throw new TypeError(`${name}: learningRate is ${describe(rate)}${range}; write ${call}`);
}
