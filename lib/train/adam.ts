/** Adam, and Adam with decoupled weight decay. */
import { checkNumber } from "../core/options.ts";
import { s, type Scalar } from "../core/scalar.ts";
import type { Move } from "./move.ts";
import { FormulaOptimizer, type OptimizerOptions } from "./optimizer.ts";

/** What `new AdamOptimizer()` and `new AdamWOptimizer()` take. */
export interface AdamOptions extends OptimizerOptions {
  /** β₁, how slowly the mean gradient forgets: from 0 to below 1, 0.9 by default. */
  readonly beta1?: number;
  /** β₂, how slowly the mean square forgets: from 0 to below 1, 0.999 by default. */
  readonly beta2?: number;
  /** ε, 10⁻⁸ by default. */
  readonly epsilon?: number;
}

const below1 = { least: 0, most: 1, open: "most" } as const;

/**
 * m ← m + (1 − β₁)(g − m), v ← β₂ v + (1 − β₂) g², W ← W − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε), at step t = 1, 2, ….
 * Slots: `mean`, m, and `square`, v; and `step`, t. Kingma, Ba: Adam (2015), as PyTorch's Adam has it.
 */
export class AdamOptimizer extends FormulaOptimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  protected readonly scope: string = "adam";

  constructor(options: AdamOptions, name = "AdamOptimizer") {
    super(name, options, ["beta1", "beta2", "epsilon"]);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
    this.beta1 = checkNumber(`${name}: beta1`, beta1, below1);
    this.beta2 = checkNumber(`${name}: beta2`, beta2, below1);
    this.epsilon = checkNumber(`${name}: epsilon`, epsilon, { least: 0 });
  }

  protected override next(move: Move): Scalar {
    return s.subtract(move.w, this.step(move));
  }

  /** How far the variable goes against its gradient. */
  protected step(move: Move): Scalar {
    const { g } = move;
    const { beta1, beta2, epsilon } = this;
    const mean = move.slot("mean", (m) => s.add(m, s.multiply(s.subtract(g, m), 1 - beta1)));
    const square = move.slot("square", (v) =>
      s.add(s.multiply(v, beta2), s.multiply(s.multiply(g, g), 1 - beta2)),
    );
    const size = move.number("stepSize", (η, t) => s.divide(η, s.subtract(1, s.power(beta1, t))));
    const correction = move.number("correction", (_, t) =>
      s.sqrt(s.subtract(1, s.power(beta2, t))),
    );
    const spread = s.add(s.divide(s.sqrt(square), correction), epsilon);
    return s.divide(s.multiply(size, mean), spread);
  }
}

/**
 * W ← (1 − η λ) W, then Adam's step: the decay λ, 0.01 by default, acts on the variable and not through its gradient.
 * Loshchilov, Hutter: Decoupled Weight Decay Regularization (2019), as PyTorch's AdamW has it.
 */
export class AdamWOptimizer extends AdamOptimizer {
  protected override readonly scope: string = "adamW";

  constructor(options: AdamOptions) {
    super({ ...options, weightDecay: options?.weightDecay ?? 0.01 }, "AdamWOptimizer");
  }

  protected override get coupledDecay(): number {
    return 0;
  }

  protected override next(move: Move): Scalar {
    const kept = move.number("kept", (η) => s.subtract(1, s.multiply(η, this.weightDecay)));
    return s.subtract(s.multiply(move.w, kept), this.step(move));
  }
}
