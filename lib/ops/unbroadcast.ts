/** How gradients undo broadcasting. */
import { isKnown, sameShape } from "../core/shape.ts";
import type { Node } from "../graph/node.ts";
import { sumLike } from "./structure.ts";

/** g in the shape of x: itself where the shapes are known to be equal, else summed at run time. */
export function unbroadcast(g: Node, x: Node): Node {
  const same = isKnown(g.shape) && isKnown(x.shape) && sameShape(g.shape, x.shape);
  return same ? g : sumLike(g, x);
}
