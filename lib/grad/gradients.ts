/** computeGradients: cotangents in reverse topological order, as nodes. */
import { isFloat } from "../core/dtype.ts";
import { checkOptions } from "../core/options.ts";
import { isKnown, sameShape, ShapeError, show } from "../core/shape.ts";
import { parseTensor } from "../core/tensor.ts";
import {
  atCall,
  checkNode,
  graphOf,
  Constant,
  labelWithShape,
  makeNode,
  toNodes,
  type NodeLike,
} from "../graph/build.ts";
import { GraphError, label, type Node, type OpSpec } from "../graph/node.ts";
import { add } from "../ops/elementwise.ts";
import { s } from "../core/scalar.ts";
import { explainMissing } from "./missing.ts";
import { Path, type Contribution } from "./path.ts";
import { cotangentsOfInputs } from "./vjp.ts";

/**
 * The gradients of y: a Map from nodes to nodes, of exactly `xs`, or of everything on the path from y.
 * A y that is no scalar needs `gradYs`, the cotangent to begin with. Throws if no gradient reaches one of `xs`.
 */
export function computeGradients(
  y: Node,
  xs?: readonly Node[],
  options: { readonly gradYs?: NodeLike } = {},
): Map<Node, Node> {
  return atCall(() => {
    checkRequested(y, xs);
    const call = "computeGradients(y, [x], { gradYs })";
    checkOptions("computeGradients", options, ["gradYs"], call);
    const path = sweep(y, xs, options.gradYs);
    if (xs === undefined) return new Map(path.reached());
    const missing = xs.find((x) => !path.has(x));
    if (missing !== undefined) throw explainMissing("computeGradients", y, missing, path);
    return new Map(xs.map((x) => [x, path.gradientOf(x)!]));
  });
}

/** The gradients of those of `xs` that one reaches. */
export function gradientsReaching<T extends Node>(y: Node, xs: readonly T[]): Map<T, Node> {
  checkRequested(y, xs);
  const path = sweep(y, xs, undefined);
  return new Map(xs.filter((x) => path.has(x)).map((x) => [x, path.gradientOf(x)!]));
}

function checkRequested(y: Node, xs: unknown): void {
  checkNode("computeGradients: y", y);
  if (!isFloat(y.dtype)) {
    throw new GraphError(
      `computeGradients: ${label(y)} (made at ${y.origin.place}) is ${y.dtype}; only floats have gradients`,
    );
  }
  if (xs === undefined) return;
  if (!Array.isArray(xs)) {
    throw new GraphError("computeGradients: xs is no array; write computeGradients(y, [x])");
  }
  for (const x of xs) checkNode("computeGradients: xs", x);
  graphOf("computeGradients", [y, ...(xs as Node[])]);
}

function start(y: Node, gradYs: NodeLike | undefined): Node {
  if (gradYs === undefined) {
    if (y.shape?.length === 0) return new Constant(parseTensor("one", 1, y.dtype), y.graph, "one");
    return makeNode(oneOp, [y], { attrs: {} });
  }
  const [, seed] = toNodes("computeGradients", ["y", "gradYs"], [y, gradYs]);
  if (isKnown(seed.shape) && isKnown(y.shape) && !sameShape(seed.shape, y.shape)) {
    throw new ShapeError(
      `computeGradients: gradYs ${show(seed.shape)} for y ${labelWithShape(y)}: shapes must be equal`,
    );
  }
  return seed;
}

const oneOp: OpSpec = {
  name: "one",
  shape: ([y]) => {
    if (y !== null && y.length > 0) {
      throw new ShapeError(
        `computeGradients: y has shape ${show(y)}; wanted a scalar: reduceSum(y) first, or pass gradYs`,
      );
    }
    return [];
  },
  dtype: ([y]) => y,
  kernel: (backend, _, out) => backend.map(s.add(1, 0), [], out),
  vjp: () => [null],
};

/** From y backwards, over the nodes that lead to it from `xs`. */
function sweep(y: Node, xs: readonly Node[] | undefined, gradYs: NodeLike | undefined): Path {
  const path = new Path(y, xs);
  const { graph } = y;
  graph.inScope("gradients", () => {
    path.pass(y, { g: graph.inheriting(y.origin, () => start(y, gradYs)) });
    let [current, at] = [y, 0];
    const step = (): void => passBack(path, current, at);
    path.fromLast((node, place) => {
      [current, at] = [node, place];
      graph.inheriting(node.origin, step);
    });
  });
  return path;
}

function total(parts: readonly Contribution[]): Node {
  let { g } = parts[0];
  for (let i = 1; i < parts.length; i++) g = add(g, parts[i].g);
  return g;
}

/** A node's contributions are complete here: all of its consumers have passed theirs. */
function passBack(path: Path, node: Node, place: number): void {
  const contributions = path.takeContributions(place);
  if (contributions === undefined) return;
  const g = total(contributions);
  path.settle(place, g);
  const { inputs } = node;
  const wanted = inputs.map((x) => isFloat(x.dtype) && path.leadsTo(x));
  if (!wanted.includes(true)) return;
  for (const cotangents of partsOf(node, contributions, { g, wanted })) {
    for (let position = 0; position < inputs.length; position++) {
      const part = cotangents[position] ?? null;
      if (part === null || !wanted[position]) continue;
      const shortcut = inputs.length === 1 && inputs[0].op.through?.[node.op.name] !== undefined;
      const through = { consumer: node.op.name, g };
      path.pass(inputs[position], shortcut ? { g: part, through } : { g: part });
    }
  }
}

/** A node's vjp is linear: what came through a shortcut goes its own way, the rest goes together. */
function partsOf(
  node: Node,
  contributions: readonly Contribution[],
  { g, wanted }: { readonly g: Node; readonly wanted: readonly boolean[] },
): (readonly (Node | null)[])[] {
  if (contributions.length === 1 && contributions[0].through === undefined) {
    return [cotangentsOfInputs(node, g, wanted)];
  }
  const direct = contributions.filter((c) => c.through === undefined);
  if (direct.length === contributions.length) return [cotangentsOfInputs(node, g, wanted)];
  const call = { inputs: node.inputs, output: node, attrs: node.attrs, wanted };
  const parts = contributions.flatMap(({ through }) =>
    through === undefined ? [] : [node.op.through![through.consumer].vjp(call, through.g)],
  );
  if (direct.length > 0) parts.push(cotangentsOfInputs(node, total(direct), wanted));
  return parts;
}
