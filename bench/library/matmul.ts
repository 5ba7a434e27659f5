/** W6: one large matrix product. */
import { random } from "../../lib/index.ts";
import { numbers } from "./data.ts";
import { JAVASCRIPT_PEERS, type Goal, type Workload } from "./workload.ts";

function square(n: number, goals: readonly Goal[]): Workload {
  const flops = 2 * n ** 3;
  return {
    name: `matmul-${n}`,
    claim: `W6 matrix product, n = ${n}`,
    task: { kind: "product", dtype: "float32" },
    arrays: () => {
      const stream = random(8);
      const draw = () => numbers(stream.uniform([n, n]), "float32");
      return { A: draw(), B: draw() };
    },
    figure: { unit: "GFLOP/s", better: "more", of: (seconds) => flops / seconds / 1e9 },
    goals,
    flops,
  };
}

export const matmul1024 = square(1024, [{ against: JAVASCRIPT_PEERS, reach: 2.2 }]);
export const matmul2048 = square(2048, []);
