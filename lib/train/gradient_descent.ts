/** Plain gradient descent: W ← W − η · ∂J/∂W. */
import { describe } from "../core/tensor.ts";
import type { Node } from "../graph/node.ts";
import { multiply, subtract } from "../ops/elementwise.ts";
import { assign, type Variable } from "../ops/state.ts";
import { minimizeWith } from "./minimize.ts";

/** Takes small steps against the gradient. */
export class GradientDescentOptimizer {
  readonly learningRate: number;

  constructor(options: { readonly learningRate: number }) {
    const rate: unknown = options?.learningRate;
    if (typeof rate !== "number" || !Number.isFinite(rate)) {
      throw new TypeError(
        `GradientDescentOptimizer: learningRate is ${describe(rate)}; write new GradientDescentOptimizer({ learningRate: 0.01 })`,
      );
    }
    this.learningRate = rate;
  }

  /** A node that, when run, moves `variables`, by default all trainable ones that lead to `loss`, one step. */
  minimize(loss: Node, options: { readonly variables?: readonly Variable[] } = {}): Node {
    return minimizeWith(loss, options.variables, (variable, gradient) =>
      assign(variable, subtract(variable, multiply(gradient, this.learningRate))),
    );
  }
}
