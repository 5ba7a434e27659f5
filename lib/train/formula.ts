/** Nodes of the optimizers: one expression of the scalar language each, through which no gradient passes. */
import { input, type Scalar } from "../core/scalar.ts";
import { broadcastShapes } from "../core/shape.ts";
import { makeNode } from "../graph/build.ts";
import { defaultGraph, Graph } from "../graph/graph.ts";
import type { Node, NodeGraph, OpSpec } from "../graph/node.ts";

/** A node that evaluates `expression` at each position of what the inputs it mentions broadcast to. */
export function formula(name: string, expression: Scalar, nodes: readonly Node[]): Node {
  const used = [...new Set(inputsOf(expression))].toSorted((a, b) => a - b);
  const compact = renumber(expression, used);
  const spec: OpSpec = {
    name,
    shape: (shapes) => broadcastShapes(name, shapes),
    dtype: ([first]) => first,
    kernel: (backend, xs, out) => backend.map(compact, xs, out),
    vjp: "none",
  };
  return makeNode(
    spec,
    used.map((index) => nodes[index]),
    { attrs: {} },
  );
}

/** The inputs that an expression mentions, as often as it does. */
export function inputsOf(expression: Scalar): number[] {
  if (expression.kind === "input") return [expression.index];
  return expression.kind === "apply" ? expression.args.flatMap(inputsOf) : [];
}

function renumber(expression: Scalar, used: readonly number[]): Scalar {
  if (expression.kind === "input") return input(used.indexOf(expression.index));
  if (expression.kind === "number") return expression;
  return { ...expression, args: expression.args.map((arg) => renumber(arg, used)) };
}

/** Runs `build` with `graph` as the one that new variables go to. */
export function inGraph<T>(graph: NodeGraph, build: () => T): T {
  const outer = defaultGraph();
  if (graph === outer || !(graph instanceof Graph)) return build();
  graph.asDefault();
  try {
    return build();
  } finally {
    outer.asDefault();
  }
}
