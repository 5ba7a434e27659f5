/** W7: many ops on eight numbers, run; and built anew with their gradient. What is measured is all that is not arithmetic. */
import { random } from "../../lib/index.ts";
import { numbers } from "./data.ts";
import type { Arrays } from "./task.ts";
import { milliseconds, REFERENCE, TUTORIAL, type Goal, type Workload } from "./workload.ts";

const arrays = (): Arrays => ({ x: numbers(random(9).normal([8]), "float64") });
const OPS = 10_000;

export const chain: Workload = {
  name: "chain",
  claim: "W7 10,000 ops on 8 numbers",
  task: { kind: "chain", dtype: "float64", ops: OPS },
  arrays,
  figure: { unit: "ns an op", better: "less", of: (seconds) => (seconds * 1e9) / OPS },
  goals: [{ reach: 5 }],
};

/** It is asked for the expected values alone. */
const GRAPHLESS = { [REFERENCE]: "two loops, no graph" };

function built(ops: number, goals: readonly Goal[]): Workload {
  return {
    name: `chain-gradient-${ops / 1000}k`,
    claim: `W7 build and gradient of ${ops.toLocaleString("en-US")} ops`,
    task: { kind: "chain gradient", dtype: "float64", ops },
    arrays,
    figure: milliseconds,
    goals,
    without: GRAPHLESS,
  };
}

export const gradient10k = built(10_000, []);
export const gradient100k = built(100_000, [{ against: ["PyTorch"], reach: 1.8 }]);
const FULL = "a million nodes take gigabytes";

export const gradient1M: Workload = {
  ...built(1_000_000, [{ against: ["PyTorch"], reach: 1.8 }]),
  without: { ...GRAPHLESS, "tfjs cpu": FULL, "tfjs wasm": FULL, "jax-js": FULL, [TUTORIAL]: FULL },
};
