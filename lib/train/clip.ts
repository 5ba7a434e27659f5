/** Gradients kept from being too large: position by position, each as a whole, or all of them together. */
import { checkNumber } from "../core/options.ts";
import { describe } from "../core/describe.ts";
import { checkNode } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { clip, minimum, sqrt } from "../ops/arithmetic.ts";
import { add, divide, multiply, square } from "../ops/elementwise.ts";
import { cast, reduceSum } from "../ops/structure.ts";

/** At most one of these: how an optimizer clips gradients before it uses them. */
export interface Clipping {
  /** Every number is brought into [−c, c]. */
  readonly clipValue?: number;
  /** Each gradient longer than c is made as long as c. */
  readonly clipNorm?: number;
  /** If all gradients together are longer than c, all are shrunk by the same factor. */
  readonly clipGlobalNorm?: number;
}

const kinds = ["clipValue", "clipNorm", "clipGlobalNorm"] as const;

/** The clipping among an optimizer's options; throws at two kinds, or a limit that is none. */
export function checkClipping(name: string, options: Clipping): Clipping {
  const given = kinds.filter((kind) => options[kind] !== undefined);
  if (given.length > 1) {
    throw new TypeError(
      `${name}: ${given.join(" and ")} are both given; wanted one kind of clipping`,
    );
  }
  return Object.fromEntries(given.map((kind) => [kind, limit(`${name}: ${kind}`, options[kind])]));
}

/** The gradients, clipped as the options say. */
export function clipGradients(gradients: readonly Node[], clipping: Clipping): readonly Node[] {
  const { clipValue, clipNorm, clipGlobalNorm } = clipping;
  if (clipValue !== undefined) return gradients.map((g) => clipByValue(g, clipValue));
  if (clipNorm !== undefined) return gradients.map((g) => clipByNorm(g, clipNorm));
  return clipGlobalNorm === undefined ? gradients : clipByGlobalNorm(gradients, clipGlobalNorm);
}

/** min(max(g, −c), c) at each position. */
export function clipByValue(gradient: Node, c: number): Node {
  const max = limit("clipByValue: the limit", c);
  const { graph } = checkNode("clipByValue", gradient);
  return graph.inheriting(graph.here(), () => clip(gradient, { min: -max, max }));
}

/** g · min(1, c / (‖g‖ + 10⁻⁶)): PyTorch's clip_grad_norm_ of one gradient. */
export function clipByNorm(gradient: Node, c: number): Node {
  return clipTogether("clipByNorm", [gradient], c)[0];
}

/** Each g · min(1, c / (‖all‖ + 10⁻⁶)), where ‖all‖² is the sum of all squares: PyTorch's clip_grad_norm_. */
export function clipByGlobalNorm(gradients: readonly Node[], c: number): Node[] {
  return clipTogether("clipByGlobalNorm", gradients, c);
}

function clipTogether(name: string, gradients: readonly Node[], c: number): Node[] {
  const most = limit(`${name}: the limit`, c);
  if (!Array.isArray(gradients)) {
    throw new TypeError(
      `${name}: the gradients are ${describe(gradients)}; wanted an array: clipByGlobalNorm([g, h], 1)`,
    );
  }
  if (gradients.length === 0) return [];
  const nodes = gradients.map((g: Node) => checkNode(name, g));
  const { graph } = nodes[0];
  return graph.inheriting(graph.here(), () => {
    const squares = nodes.map((g) => asFloat64(reduceSum(square(g))));
    const total = squares.reduce((sum, part) => add(sum, part));
    // PyTorch's 10⁻⁶, which keeps 0 from being divided by.
    const factor = minimum(divide(most, add(sqrt(total), 1e-6)), 1);
    return nodes.map((g) =>
      multiply(g, g.dtype === "float64" ? factor : cast(factor, { dtype: g.dtype })),
    );
  });
}

function asFloat64(x: Node): Node {
  return x.dtype === "float64" ? x : cast(x, { dtype: "float64" });
}

function limit(what: string, value: unknown): number {
  return checkNumber(what, value, { least: 0, open: "least" });
}
