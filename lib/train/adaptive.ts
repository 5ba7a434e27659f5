/** Optimizers that give each number a rate of its own: AdaGrad and RMSProp. */
import { checkNumber } from "../core/options.ts";
import { s, type Scalar } from "../core/scalar.ts";
import type { Move } from "./move.ts";
import { FormulaOptimizer, type OptimizerOptions } from "./optimizer.ts";

/** What `new AdaGradOptimizer()` takes. */
export interface AdaGradOptions extends OptimizerOptions {
  /** λ, by which the rate falls with the steps: 0 by default. */
  readonly rateDecay?: number;
  /** What the sums of squares start from: 0 by default. */
  readonly initialSum?: number;
  /** ε, 10⁻¹⁰ by default. */
  readonly epsilon?: number;
}

/**
 * s ← s + g², W ← W − η / (1 + (t − 1) λ) · g / (√s + ε), at step t = 1, 2, …. Slot: `sum`, s.
 * Duchi, Hazan, Singer: Adaptive Subgradient Methods (2011), as PyTorch's Adagrad has it.
 */
export class AdaGradOptimizer extends FormulaOptimizer {
  readonly rateDecay: number;
  readonly initialSum: number;
  readonly epsilon: number;
  protected readonly scope = "adaGrad";

  constructor(options: AdaGradOptions) {
    super("AdaGradOptimizer", options, ["rateDecay", "initialSum", "epsilon"]);
    const { rateDecay = 0, initialSum = 0, epsilon = 1e-10 } = options;
    this.rateDecay = checkNumber("AdaGradOptimizer: rateDecay", rateDecay, { least: 0 });
    this.initialSum = checkNumber("AdaGradOptimizer: initialSum", initialSum, { least: 0 });
    this.epsilon = checkNumber("AdaGradOptimizer: epsilon", epsilon, { least: 0 });
  }

  protected override next(move: Move): Scalar {
    const { w, g } = move;
    const { rateDecay, initialSum, epsilon } = this;
    const sum = move.slot("sum", (so) => s.add(so, s.multiply(g, g)), initialSum);
    const rate = move.number("learningRate", (η, t) =>
      rateDecay === 0 ? η : s.divide(η, s.add(1, s.multiply(s.subtract(t, 1), rateDecay))),
    );
    return s.subtract(w, s.divide(s.multiply(rate, g), s.add(s.sqrt(sum), epsilon)));
  }
}

/** What `new RMSPropOptimizer()` takes. */
export interface RMSPropOptions extends OptimizerOptions {
  /** α, how slowly the mean of squares forgets: from 0 to below 1, 0.99 by default. */
  readonly decay?: number;
  /** ε, 10⁻⁸ by default. */
  readonly epsilon?: number;
  /** μ, 0 by default: no momentum. */
  readonly momentum?: number;
  /** Whether the mean gradient is taken off, so that the variance is left. */
  readonly centered?: boolean;
}

/**
 * v ← α v + (1 − α) g², W ← W − η g / (√v + ε). With `centered`, a ← a + (1 − α)(g − a) and √(v − a²) for √v; with
 * momentum, b ← μ b + g / (√v + ε) and W ← W − η b. Slots: `square`, `mean`, `momentum`.
 * Hinton's lecture 6e (2012), as PyTorch's RMSprop has it.
 */
export class RMSPropOptimizer extends FormulaOptimizer {
  readonly decay: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly centered: boolean;
  protected readonly scope = "rmsProp";

  constructor(options: RMSPropOptions) {
    super("RMSPropOptimizer", options, ["decay", "epsilon", "momentum", "centered"]);
    const { decay = 0.99, epsilon = 1e-8, momentum = 0, centered = false } = options;
    const below1 = { least: 0, most: 1, open: "most" } as const;
    this.decay = checkNumber("RMSPropOptimizer: decay", decay, below1);
    this.epsilon = checkNumber("RMSPropOptimizer: epsilon", epsilon, { least: 0 });
    this.momentum = checkNumber("RMSPropOptimizer: momentum", momentum, below1);
    this.centered = centered;
  }

  protected override next(move: Move): Scalar {
    const { w, g } = move;
    const { decay: α, epsilon, momentum } = this;
    const square = move.slot("square", (v) =>
      s.add(s.multiply(v, α), s.multiply(s.multiply(g, g), 1 - α)),
    );
    let spread = square;
    if (this.centered) {
      const mean = move.slot("mean", (a) => s.add(a, s.multiply(s.subtract(g, a), 1 - α)));
      spread = s.subtract(square, s.multiply(mean, mean));
    }
    const rate = move.number("learningRate", (η) => η);
    const scaled = s.divide(g, s.add(s.sqrt(spread), epsilon));
    if (momentum === 0) return s.subtract(w, s.multiply(rate, scaled));
    const b = move.slot("momentum", (speed) => s.add(s.multiply(speed, momentum), scaled));
    return s.subtract(w, s.multiply(rate, b));
  }
}
