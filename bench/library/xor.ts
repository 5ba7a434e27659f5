/** W2: the net of the course's fifth notebook, 2-2-2, on 100 points that no line separates. */
import { xor as clusters } from "../../lib/data/index.ts";
import { random } from "../../lib/index.ts";
import { numbers } from "./data.ts";
import { ALL_PEERS, stepsPerSecond, TUTORIAL, type Workload } from "./workload.ts";

export const xor: Workload = {
  name: "xor",
  claim: "W2 XOR net 2-2-2, 100 points",
  task: {
    kind: "training",
    dtype: "float64",
    layers: 2,
    learningRate: 0.03,
    checkedSteps: 1000,
  },
  arrays: () => {
    const { points, labels } = clusters({ seed: 1 });
    const stream = random(2);
    return {
      points: numbers(points, "float64"),
      labels: numbers(labels, "float64"),
      W0: numbers(stream.normal([2, 2]), "float64"),
      b0: numbers(stream.normal([2]), "float64"),
      W1: numbers(stream.normal([2, 2]), "float64"),
      b1: numbers(stream.normal([2]), "float64"),
    };
  },
  figure: stepsPerSecond,
  goals: [
    { against: [TUTORIAL], reach: 20 },
    { against: ALL_PEERS, reach: 4 },
  ],
};
