/** W4: a wide net, 1024-4096-1024, in batches of 256: almost nothing but large products. */
import { random } from "../../lib/index.ts";
import { randomBatch, startValues } from "./data.ts";
import { stepsPerSecond, TUTORIAL, type Workload } from "./workload.ts";

const BATCH = 256;
/** Weights are uniform between minus and plus these. */
const BOUNDS = [0.05, 0.025];

/** Five products of one size: the inputs need no gradient. */
const flops = 5 * 2 * BATCH * 1024 * 4096;

export const wide: Workload = {
  name: "wide",
  claim: "W4 net 1024-4096-1024, batch 256",
  task: {
    kind: "training",
    dtype: "float32",
    layers: 2,
    learningRate: 0.1 / BATCH,
    checkedSteps: 2,
  },
  arrays: () => {
    const stream = random(5);
    const draw = (layer: number, shape: readonly [number, number]) =>
      stream.uniform(shape, { low: -BOUNDS[layer], high: BOUNDS[layer] });
    return {
      ...randomBatch(6, { batch: BATCH, inputs: 1024, classes: 1024 }),
      ...startValues([1024, 4096, 1024], "float32", draw),
    };
  },
  figure: stepsPerSecond,
  goals: [
    { against: ["jax-js"], reach: 3 },
    { against: [TUTORIAL], reach: 1.5 },
  ],
  flops,
};
