/** Graphs as text and as DOT. */
import { show } from "../core/shape.ts";
import type { Node } from "./node.ts";

/** One line per node, in the order given. */
export function textOf(nodes: readonly Node[]): string {
  if (nodes.length === 0) return "an empty graph";
  return nodes.map((node) => node.toString()).join("\n");
}

const shapes: Readonly<Record<string, string>> = {
  placeholder: "ellipse",
  variable: "box3d",
  constant: "plaintext",
};

/** The DOT language of Graphviz: one vertex per node, one edge per input. */
export function dotOf(nodes: readonly Node[]): string {
  const vertices = nodes.map((node) => {
    const name = node.name === node.op.name ? node.name : `${node.name}\\n${node.op.name}`;
    const text = `${name}\\n${show(node.shape)}`.replaceAll('"', '\\"');
    return `  n${node.id} [label="${text}", shape=${shapes[node.op.name] ?? "box"}];`;
  });
  const edges = nodes.flatMap((node) => node.inputs.map((x) => `  n${x.id} -> n${node.id};`));
  return ["digraph {", "  rankdir=LR;", ...vertices, ...edges, "}"].join("\n");
}
