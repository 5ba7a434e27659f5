/** How much there is to compute: what decides whether threads and careful compiling are worth their while. */
import type { Scalar, Word } from "../../core/scalar.ts";
import type { Kernel } from "../program.ts";

/** The multiplications of a product, or the operations of an elementwise kernel, about; 0 for others. */
export function workOf(kernel: Kernel): number {
  if (kernel.kind === "gemm") {
    const { m, k, n, outOffsets } = kernel.layout;
    return m * k * n * outOffsets.length;
  }
  if (kernel.kind !== "map") return 0;
  const operations = kernel.body.reduce(
    (sum, { expression }) => sum + Math.max(1, operationsOf(expression)),
    0,
  );
  return kernel.shape.reduce((product, size) => product * size, 1) * operations;
}

/** How many of a kernel's multiplications, operations or numbers one thread gets through in a nanosecond, about. */
const RATES: Readonly<Record<Kernel["kind"], number>> = { gemm: 20, map: 14, reduce: 8, call: 1 };

/** How long one thread takes for a kernel, in nanoseconds, about; 0 for what only JavaScript can do. */
export function timeOf(kernel: Kernel): number {
  const work = kernel.kind === "reduce" ? kernel.x.size : workOf(kernel);
  return work / RATES[kernel.kind];
}

/** How many instructions an expression takes, about: a series is a dozen of them. */
function operationsOf(expression: Scalar): number {
  if (expression.kind !== "apply") return 0;
  const own = series.has(expression.word) ? 12 : 1;
  return expression.args.reduce((sum, arg) => sum + operationsOf(arg), own);
}

const series: ReadonlySet<Word> = new Set<Word>(["exp", "log", "tanh"]);
