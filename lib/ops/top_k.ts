/** The largest numbers along the last axis, and where they are. */
import type { Buffer } from "../backend/backend.ts";
import { checkOptions } from "../core/options.ts";
import { ShapeError, show } from "../core/shape.ts";
import { atCall, toNodes, type NodeLike } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { op, type Op } from "../graph/op.ts";
import { gather } from "./indexing.ts";

/**
 * Where the k largest numbers along the last axis are, the largest first; of equals the first, a NaN before all
 * numbers. [..., n] → [..., k], int32. Throws a `ShapeError` if the last axis is shorter than k.
 */
export const topKIndices: Op<["x"], { readonly k: number }> = op({
  name: "topKIndices",
  inputs: ["x"],
  doc: "Where the k largest numbers along the last axis are, the largest first; of equals the first, a NaN before all numbers.",
  attrs: ["k"],
  shape: ([x], { k }) => {
    const last = x?.at(-1);
    const missing = x?.length === 0 || (typeof last === "number" && last < k);
    if (missing || !Number.isInteger(k) || k < 0) {
      throw new ShapeError(
        `topK: k is ${k} and x ${show(x)}; wanted a whole number from 0 to the size of the last axis`,
      );
    }
    return x === null ? null : [...x.slice(0, -1), k];
  },
  dtype: () => "int32",
  kernel: (_, [x], out, { k }) => {
    const length = x.shape.at(-1)!;
    return () => {
      for (let row = 0; row * length < x.data.length; row++) {
        const best = largest(x.data.subarray(row * length, (row + 1) * length)).slice(0, k);
        out.data.set(best, row * k);
      }
    };
  },
  vjp: "none",
  samples: [
    { shapes: [[3, 4]], attrs: { k: 2 } },
    { shapes: [[5]], attrs: { k: 5 } },
  ],
});

function largest(row: Buffer["data"]): number[] {
  const order = Array.from(row, (_, i) => i);
  return order.toSorted((i, j) => {
    const nan = Number(Number.isNaN(row[j])) - Number(Number.isNaN(row[i]));
    if (nan !== 0 || row[i] === row[j]) return nan || i - j;
    return row[j] > row[i] ? 1 : -1;
  });
}

/** The k largest numbers along the last axis, the largest first, and where they are; gradients pass to the values. */
export function topK(
  x: NodeLike,
  options: { readonly k: number },
): { values: Node; indices: Node } {
  return atCall(() => {
    checkOptions("topK", options, ["k"], "topK(x, { k: 3 })");
    const [node] = toNodes("topK", ["x"], [x]);
    const { graph } = node;
    return graph.inheriting(graph.here(), () => {
      const indices = topKIndices(node, options);
      return { values: gather(node, indices, { axis: -1, batchDims: -1 }), indices };
    });
  });
}
