/** Products of all numbers but one, which is what a product's gradient is made of. */
import type { Node } from "../graph/node.ts";
import { add, multiply } from "./elementwise.ts";
import { exclusiveProduct } from "./scan.ts";
import { repeatLike, reshape, reshapeLike } from "./structure.ts";

/** For each number, the product of all others along the axes; `product` multiplies along one. */
export function productOfOthers(
  x: Node,
  axis: number | readonly number[] | undefined,
  product: (x: Node, axis: number) => Node,
): Node {
  if (axis === undefined) {
    const flat = reshape(x, { shape: [-1] });
    return reshapeLike(productOfOthers(flat, 0, product), x);
  }
  const [first, ...rest] = typeof axis === "number" ? [axis] : axis;
  if (first === undefined) return add(multiply(x, 0), 1);
  const before = exclusiveProduct(x, { axis: first });
  const own = multiply(before, exclusiveProduct(x, { axis: first, reverse: true }));
  if (rest.length === 0) return own;
  const others = productOfOthers(product(x, first), rest, product);
  return multiply(own, repeatLike(others, x, { axis: first, keepDims: true }));
}
