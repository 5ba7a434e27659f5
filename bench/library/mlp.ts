/** W3: a net for images of digits, 784-256-128-10, in batches of 128. */
import { random } from "../../lib/index.ts";
import { randomBatch, startValues } from "./data.ts";
import { stepsPerSecond, TUTORIAL, type Workload } from "./workload.ts";

const BATCH = 128;
const SIZES = [784, 256, 128, 10];
/** The standard deviations are 1 over these: about the square roots of the layers' inputs. */
const DIVISORS = [28, 16, 11.3];

/** Two products with each weight backwards and one forwards, but none backwards to the inputs. */
const flops = 2 * BATCH * (3 * (784 * 256 + 256 * 128 + 128 * 10) - 784 * 256);

export const mlp: Workload = {
  name: "mlp",
  claim: "W3 net 784-256-128-10, batch 128",
  task: {
    kind: "training",
    dtype: "float32",
    layers: 3,
    learningRate: 0.1 / BATCH,
    checkedSteps: 20,
  },
  arrays: () => {
    const stream = random(3);
    const draw = (layer: number, shape: readonly [number, number]) =>
      stream.normal(shape, { std: 1 / DIVISORS[layer] });
    return {
      ...randomBatch(4, { batch: BATCH, inputs: 784, classes: 10 }),
      ...startValues(SIZES, "float32", draw),
    };
  },
  figure: stepsPerSecond,
  goals: [{ against: ["jax-js"], reach: 2.5 }, { against: [TUTORIAL], reach: 3 }, { reach: 310 }],
  flops,
};
