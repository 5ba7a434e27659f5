/** Means, as compositions of sums. */
import type { Axes } from "../core/shape.ts";
import { toNodes, type NodeLike } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { divide } from "../ops/elementwise.ts";
import { broadcastLike, reduceSum } from "../ops/structure.ts";

/** The mean along `axis`, or of everything. */
export function reduceMean(x: NodeLike, axes: Axes = {}): Node {
  const [node] = toNodes("reduceMean", ["x"], [x]);
  const count = reduceSum(broadcastLike(1, node), axes);
  return divide(reduceSum(node, axes), count);
}
