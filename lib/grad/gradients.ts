/** computeGradients: cotangents in reverse topological order, as nodes. */
import { isFloat } from "../core/dtype.ts";
import { checkOptions } from "../core/options.ts";
import { isKnown, sameShape, ShapeError, show } from "../core/shape.ts";
import { parseTensor } from "../core/tensor.ts";
import {
  atCall,
  checkNode,
  commonGraph,
  Constant,
  labelWithShape,
  makeNode,
  toNodes,
  type NodeLike,
} from "../graph/build.ts";
import { GraphError, label, topologicalOrder, type Node, type OpSpec } from "../graph/node.ts";
import { add } from "../ops/elementwise.ts";
import { s } from "../core/scalar.ts";
import { explainMissing } from "./missing.ts";
import { cotangentsOfInputs } from "./vjp.ts";

/** What a consumer passes back to one of its inputs. */
interface Contribution {
  readonly g: Node;
  /** Set where consumer and input are an op and the inner op of one of its shortcuts: the consumer's own cotangent. */
  readonly through?: { readonly consumer: string; readonly g: Node };
}

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
    const all = sweep(y, xs, options.gradYs);
    if (xs === undefined) return all;
    const missing = xs.find((x) => !all.has(x));
    if (missing !== undefined) throw explainMissing("computeGradients", y, missing, all);
    return new Map(xs.map((x) => [x, all.get(x)!]));
  });
}

/** The gradients of those of `xs` that one reaches. */
export function gradientsReaching<T extends Node>(y: Node, xs: readonly T[]): Map<T, Node> {
  checkRequested(y, xs);
  const all = sweep(y, xs, undefined);
  return new Map(xs.filter((x) => all.has(x)).map((x) => [x, all.get(x)!]));
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
  commonGraph("computeGradients", [y, ...(xs as Node[])]);
}

/** The nodes of `order` that are computed from one of `xs`, which only can matter to their gradients. */
function leadingFrom(order: readonly Node[], xs: ReadonlySet<Node>): Set<Node> {
  const leading = new Set<Node>();
  for (const node of order) {
    if (xs.has(node) || node.inputs.some((x) => leading.has(x))) leading.add(node);
  }
  return leading;
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
function sweep(
  y: Node,
  xs: readonly Node[] | undefined,
  gradYs: NodeLike | undefined,
): Map<Node, Node> {
  const order = topologicalOrder([y]);
  const leading = xs === undefined ? new Set(order) : leadingFrom(order, new Set(xs));
  const gradients = new Map<Node, Node>();
  y.graph.inScope("gradients", () => {
    const seed = y.graph.inheriting(y.origin, () => start(y, gradYs));
    const incoming = new Map<Node, Contribution[]>([[y, [{ g: seed }]]]);
    for (const node of order.toReversed()) {
      // A node's contributions are complete here: all of its consumers come later in the order.
      const contributions = incoming.get(node);
      if (contributions === undefined || !leading.has(node)) continue;
      y.graph.inheriting(node.origin, () => {
        const g = total(contributions.map((c) => c.g));
        gradients.set(node, g);
        if (!node.inputs.some((x) => leading.has(x))) return;
        passBack(node, contributions, g, { incoming, leading });
      });
    }
  });
  return gradients;
}

function total(parts: readonly Node[]): Node {
  return parts.reduce((sum, part) => add(sum, part));
}

interface Progress {
  readonly incoming: Map<Node, Contribution[]>;
  readonly leading: ReadonlySet<Node>;
}

function passBack(
  node: Node,
  contributions: readonly Contribution[],
  g: Node,
  { incoming, leading }: Progress,
): void {
  for (const cotangents of partsOf(node, contributions, g)) {
    for (const [position, x] of node.inputs.entries()) {
      const part = cotangents[position] ?? null;
      if (part === null || !isFloat(x.dtype) || !leading.has(x)) continue;
      const shortcut = node.inputs.length === 1 && x.op.through?.[node.op.name] !== undefined;
      const contribution = shortcut
        ? { g: part, through: { consumer: node.op.name, g } }
        : { g: part };
      const list = incoming.get(x);
      if (list === undefined) incoming.set(x, [contribution]);
      else list.push(contribution);
    }
  }
}

/** A node's vjp is linear: what came through a shortcut goes its own way, the rest goes together. */
function partsOf(
  node: Node,
  contributions: readonly Contribution[],
  g: Node,
): (readonly (Node | null)[])[] {
  const direct = contributions.filter((c) => c.through === undefined);
  if (direct.length === contributions.length) return [cotangentsOfInputs(node, g)];
  const call = { inputs: node.inputs, output: node, attrs: node.attrs };
  const parts = contributions.flatMap(({ through }) =>
    through === undefined ? [] : [node.op.through![through.consumer].vjp(call, through.g)],
  );
  if (direct.length > 0) parts.push(cotangentsOfInputs(node, total(direct.map((c) => c.g))));
  return parts;
}
