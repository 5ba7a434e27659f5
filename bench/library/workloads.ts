/** All workloads, in the order in which they are measured. */
import { chain, gradient100k, gradient10k, gradient1M } from "./chain.ts";
import { forward, gradient } from "./elementwise.ts";
import { matmul1024, matmul2048 } from "./matmul.ts";
import { mlp } from "./mlp.ts";
import { perceptron } from "./perceptron.ts";
import { wide } from "./wide.ts";
import type { Workload } from "./workload.ts";
import { xor } from "./xor.ts";

export const workloads: readonly Workload[] = [
  perceptron,
  xor,
  mlp,
  wide,
  forward,
  gradient,
  matmul1024,
  matmul2048,
  chain,
  gradient10k,
  gradient100k,
  gradient1M,
];
