/** W5: sigmoid(a·b + c) on four million floats, alone and with its gradients: memory and exp. */
import { random } from "../../lib/index.ts";
import { numbers } from "./data.ts";
import type { Arrays } from "./task.ts";
import { milliseconds, type Workload } from "./workload.ts";

const COUNT = 4_000_000;
const BYTES = 4 * COUNT;

function arrays(): Arrays {
  const stream = random(7);
  const draw = () => numbers(stream.normal([COUNT]), "float32");
  return { a: draw(), b: draw(), c: draw() };
}

export const forward: Workload = {
  name: "elementwise",
  claim: "W5 sigmoid(a·b + c), 4 M floats, forward",
  task: { kind: "elementwise", dtype: "float32", pass: "forward" },
  arrays,
  figure: milliseconds,
  goals: [{ against: ["PyTorch"], reach: 1 }],
  bytes: 4 * BYTES,
};

export const gradient: Workload = {
  name: "elementwise-gradient",
  claim: "W5 sigmoid(a·b + c), 4 M floats, forward and gradients",
  task: { kind: "elementwise", dtype: "float32", pass: "gradient" },
  arrays,
  figure: milliseconds,
  goals: [
    { against: ["PyTorch"], reach: 1 },
    { row: "gradbook, gradients stay in the plan", against: ["PyTorch"], reach: 1.3 },
  ],
  bytes: 6 * BYTES,
};
