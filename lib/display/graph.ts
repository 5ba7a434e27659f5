/** A computational graph as a picture: its nodes in layers, from what goes in to what comes out. */
import { Node, topologicalOrder } from "../graph/node.ts";
import { textOf } from "../graph/print.ts";
import type { AnnotationSource } from "./annotate.ts";
import { annotated } from "./annotate.ts";
import type { Look } from "./graphsvg.ts";
import { graphSvg } from "./graphsvg.ts";
import { described } from "./numbers.ts";
import { Drawing } from "./svg.ts";

export interface GraphOptions extends AnnotationSource, Look {
  /** The most nodes that are drawn. */
  readonly limit?: number;
}

/**
 * The graph that leads to a node, or to several: `plot.graph(J, { session, feeds, gradients: true })` with the value of
 * each node on it, and the gradient of the result.
 */
export function graph(results: Node | readonly Node[], options: GraphOptions = {}): Drawing {
  const roots: readonly unknown[] = Array.isArray(results) ? results : [results];
  const wrong = roots.findIndex((root) => !(root instanceof Node));
  if (wrong >= 0 || roots.length === 0) {
    const got = described(wrong >= 0 ? roots[wrong] : results);
    throw new TypeError(`plot.graph: wanted a node or a list of nodes, got ${got}`);
  }
  const nodes = topologicalOrder(roots as readonly Node[]);
  const { limit = 150 } = options;
  if (nodes.length > limit) {
    const wayOut = `pass { limit: ${nodes.length} } to draw them all`;
    throw new RangeError(
      `plot.graph: ${nodes.length} nodes are too many to read (limit ${limit}); ${wayOut}`,
    );
  }
  const drawn = { ...options, ...annotated(nodes, roots as readonly Node[], options) };
  return new Drawing(
    () => graphSvg(nodes, drawn),
    () => textOf(nodes),
  );
}
