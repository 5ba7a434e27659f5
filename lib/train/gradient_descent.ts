/** Plain gradient descent, and with momentum. */
import { checkNumber } from "../core/options.ts";
import { s, type Scalar } from "../core/scalar.ts";
import type { Node } from "../graph/node.ts";
import { add, multiply, subtract } from "../ops/elementwise.ts";
import { cast } from "../ops/structure.ts";
import { assign, type Assign, type Variable } from "../ops/state.ts";
import type { Move, StepNumbers } from "./move.ts";
import { FormulaOptimizer, Optimizer, type OptimizerOptions } from "./optimizer.ts";

/** W ← W − η g: small steps against the gradient. */
export class GradientDescentOptimizer extends Optimizer {
  protected readonly scope = "train";

  constructor(options: OptimizerOptions) {
    super("GradientDescentOptimizer", options);
  }

  // Ops, not a formula: a plan can write the product of a gradient straight into the variable.
  protected override update(variable: Variable, gradient: Node, step: StepNumbers): Assign {
    const { weightDecay } = this;
    const decays = weightDecay !== 0;
    const g = decays ? add(gradient, multiply(variable, weightDecay)) : gradient;
    const rate = step.number("learningRate", (η) => η);
    const { dtype } = variable;
    const own = typeof rate === "number" || rate.dtype === dtype ? rate : cast(rate, { dtype });
    return assign(variable, subtract(variable, multiply(g, own)));
  }
}

/** What `new MomentumOptimizer()` takes. */
export interface MomentumOptions extends OptimizerOptions {
  /** μ, how much of its speed a variable keeps: from 0 to below 1, 0.9 by default. */
  readonly momentum?: number;
  /** Whether the step looks ahead by the speed it is about to have. */
  readonly nesterov?: boolean;
}

/**
 * b ← μ b + g, W ← W − η b; with Nesterov's correction W ← W − η (g + μ b). Slot: `momentum`, b.
 * PyTorch's SGD, whose own default for μ is 0.
 */
export class MomentumOptimizer extends FormulaOptimizer {
  readonly momentum: number;
  readonly nesterov: boolean;
  protected readonly scope = "momentum";

  constructor(options: MomentumOptions) {
    super("MomentumOptimizer", options, ["momentum", "nesterov"]);
    const { momentum = 0.9, nesterov = false } = options;
    const range = { least: 0, most: 1, open: "most" } as const;
    this.momentum = checkNumber("MomentumOptimizer: momentum", momentum, range);
    this.nesterov = nesterov;
  }

  protected override next(move: Move): Scalar {
    const { w, g } = move;
    const b = move.slot("momentum", (speed) => s.add(s.multiply(speed, this.momentum), g));
    const direction = this.nesterov ? s.add(g, s.multiply(b, this.momentum)) : b;
    return s.subtract(
      w,
      s.multiply(
        move.number("learningRate", (η) => η),
        direction,
      ),
    );
  }
}
