/** W1: the perceptron of the course's fourth notebook, 100 points of two classes. */
import { clouds } from "../../lib/data/index.ts";
import { random } from "../../lib/index.ts";
import { numbers } from "./data.ts";
import { ALL_PEERS, stepsPerSecond, TUTORIAL, type Workload } from "./workload.ts";

export const perceptron: Workload = {
  name: "perceptron",
  claim: "W1 perceptron, 100 points",
  task: {
    kind: "training",
    dtype: "float64",
    layers: 1,
    learningRate: 0.01,
    checkedSteps: 100,
  },
  arrays: () => {
    const { points, labels } = clouds({ seed: 1 });
    const stream = random(1);
    return {
      points: numbers(points, "float64"),
      labels: numbers(labels, "float64"),
      W0: numbers(stream.normal([2, 2]), "float64"),
      b0: numbers(stream.normal([2]), "float64"),
    };
  },
  figure: stepsPerSecond,
  goals: [
    { against: [TUTORIAL], reach: 25 },
    { against: ALL_PEERS, reach: 5 },
  ],
};
