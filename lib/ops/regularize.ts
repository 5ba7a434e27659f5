/** Dropout. */
import { describe } from "../core/describe.ts";
import { composition, type Composition } from "../graph/composition.ts";
import { GraphError, type Node } from "../graph/node.ts";
import { greaterEqual } from "./comparison.ts";
import { multiply, where } from "./elementwise.ts";
import { randomUniform } from "./random.ts";
import { checkTraining } from "./training.ts";

/** What dropout is told. */
export interface Dropout {
  /** The share of numbers that become 0, from 0 to below 1. */
  readonly rate: number;
  /** Whether to drop anything: a boolean, or a boolean node that a run decides. */
  readonly training: boolean | Node;
  /** Makes the draws depend on this number and the run alone. */
  readonly seed?: number;
}

/**
 * While `training`, x with a share `rate` of its numbers, drawn anew in each run, set to 0 and the others divided by 1
 * − rate (Srivastava et al. 2014); else x. The shape stays. Throws a `GraphError` unless rate is from 0 to below 1.
 */
export const dropout: Composition<["x"], Dropout> = composition({
  name: "dropout",
  inputs: ["x"],
  doc: "While `training`, x with a share `rate` of its numbers, drawn anew in each run, set to 0 and the others divided by 1 − rate (Srivastava et al. 2014); else x.",
  attrs: ["rate", "training", "seed"],
  compose: ([x], { rate, training, seed }) => {
    if (!(rate >= 0 && rate < 1)) {
      throw new GraphError(
        `dropout: rate is ${describe(rate)}; wanted the share to drop, from 0 to below 1`,
      );
    }
    checkTraining("dropout", training);
    if (training === false || rate === 0) return x;
    const drawn = randomUniform(x, seed === undefined ? {} : { seed });
    const dropped = where(greaterEqual(drawn, rate), multiply(x, 1 / (1 - rate)), 0);
    return training === true ? dropped : where(training, dropped, x);
  },
  traits: ["random"],
  samples: [
    { shapes: [[3, 4]], attrs: { rate: 0.5, training: true, seed: 7 } },
    { shapes: [[5]], attrs: { rate: 0.5, training: false } },
  ],
});
