/** Random nodes: fresh in each run, drawn once per run, however many nodes read them. */
import type { Data } from "../core/dtype.ts";
import { checkDtype, isFloat, type Dtype } from "../core/dtype.ts";
import { checkShape, ShapeError, show, type Shape } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { checkOptions } from "../core/options.ts";
import { atCall, locate, makeNode, toNodes, type NodeLike } from "../graph/build.ts";
import { defaultGraph } from "../graph/graph.ts";
import { GraphError, Node, type OpSpec, type Stream } from "../graph/node.ts";
import {
  Draw,
  drawCategories,
  drawNormal,
  drawPermutation,
  drawTruncated,
  drawUniform,
} from "./draw.ts";
import { add, multiply } from "./elementwise.ts";
import { less } from "./comparison.ts";

/** A shape, a length, or a node whose shape it is to be in each run. */
export type ShapeLike = Shape | number | Node;

/** What every random node can be told. */
export interface Fresh {
  readonly name?: string;
  /** Makes the draws depend on this number and the run alone; by default they follow from the graph's seed. */
  readonly seed?: number;
  /** By default the graph's, or that of the node whose shape it has. */
  readonly dtype?: Dtype;
}

interface Attrs {
  readonly shape: Shape | null;
  readonly dtype: Dtype;
  readonly stream: Stream;
}

/** What a distribution needs to be an op. Never folded or merged: two equal nodes are two draws. */
function drawing(name: string, draw: (from: Draw, out: Data) => void): OpSpec {
  return {
    name,
    shape: ([like], attrs) => (attrs as Attrs).shape ?? like,
    dtype: (_, attrs) => (attrs as Attrs).dtype,
    kernel: (_, __, out, attrs) => () => draw(new Draw((attrs as Attrs).stream), out.data),
    vjp: "none",
    stateful: true,
  };
}

const normalOp = drawing("randomNormal", drawNormal);
const uniformOp = drawing("randomUniform", drawUniform);
const truncatedOp = drawing("randomTruncatedNormal", drawTruncated);
const permutationOp = drawing("randomPermutation", drawPermutation);

/** A node of normally distributed numbers, fresh in each run. */
export function randomNormal(
  shape: ShapeLike,
  options: Fresh & { readonly mean?: number; readonly std?: number } = {},
): Node {
  return atCall(() => around(normalOp, shape, options));
}

/** A node of evenly distributed numbers from `low` (included) to `high` (excluded), fresh in each run. */
export function randomUniform(
  shape: ShapeLike,
  options: Fresh & { readonly low?: number; readonly high?: number } = {},
): Node {
  return atCall(() => {
    checkFresh("randomUniform", options, ["low", "high", "dtype"], "[2, 3], { low: 0, high: 1 }");
    const { low = 0, high = 1, ...fresh } = options;
    return scaled(uniformOp, shape, fresh, high - low, low);
  });
}

/** A node of normally distributed numbers less than two deviations from the mean, fresh in each run. */
export function randomTruncatedNormal(
  shape: ShapeLike,
  options: Fresh & { readonly mean?: number; readonly std?: number } = {},
): Node {
  return atCall(() => around(truncatedOp, shape, options));
}

/** A node of booleans that hold with the given probability, fresh in each run. */
export function randomBernoulli(
  shape: ShapeLike,
  options: Omit<Fresh, "dtype"> & { readonly probability?: number } = {},
): Node {
  atCall(() => checkFresh("randomBernoulli", options, ["probability"], "8, { probability: 0.5 }"));
  const { probability = 0.5, ...fresh } = options;
  if (!(probability >= 0 && probability <= 1)) {
    throw misread(
      `randomBernoulli: probability is ${describe(probability)}; wanted a number from 0 to 1`,
    );
  }
  const { graph } = graphFor(shape);
  return graph.inheriting(graph.here(), () => {
    const { name, ...rest } = fresh;
    const evenly = drawn(uniformOp, shape, rest);
    return less(evenly, probability, { name: name ?? "randomBernoulli" });
  });
}

/** A node of the whole numbers from 0 to `count` − 1 in random order, fresh in each run. */
export function randomPermutation(
  count: number,
  { name = "randomPermutation", ...fresh }: Omit<Fresh, "dtype"> = {},
): Node {
  if (!Number.isInteger(count) || count < 0) {
    throw misread(
      `randomPermutation: count is ${describe(count)}; wanted a whole number from 0 up`,
    );
  }
  return atCall(() => drawn(permutationOp, count, { ...fresh, dtype: "int32", name }));
}

/** A node of positions along the last axis of `logits`, each with the probability that softmax gives it, fresh in each run. */
export function randomCategorical(
  logits: NodeLike,
  { name = "randomCategorical", seed }: Omit<Fresh, "dtype"> = {},
): Node {
  const [node] = toNodes("randomCategorical", ["logits"], [logits]);
  const stream = node.graph.stream(seed);
  return makeNode(categoricalOp, [node], { attrs: { stream }, name });
}

const categoricalOp: OpSpec = {
  name: "randomCategorical",
  shape: ([logits]) => {
    if (logits === null || (logits.length > 0 && logits.at(-1) !== 0)) {
      return logits?.slice(0, -1) ?? null;
    }
    throw new ShapeError(
      `randomCategorical: logits ${show(logits)}; wanted one number per class along the last axis`,
    );
  },
  dtype: () => "int32",
  kernel:
    (_, [logits], out, attrs) =>
    () =>
      drawCategories(new Draw((attrs as Attrs).stream), logits.data, out.data),
  vjp: "none",
  stateful: true,
};

/** Throws, showing how to write it, unless the options are those of the node. */
function checkFresh(name: string, options: unknown, own: readonly string[], args: string): void {
  checkOptions(name, options, [...own, "seed", "name"], `${name}(${args})`);
}

/** Draws of a distribution that has a mean and a deviation. */
function around(
  op: OpSpec,
  shape: ShapeLike,
  options: Fresh & { readonly mean?: number; readonly std?: number },
): Node {
  checkFresh(op.name, options, ["mean", "std", "dtype"], "[2, 3], { mean: 0, std: 1 }");
  const { mean = 0, std = 1, ...fresh } = options;
  if (std < 0)
    throw new GraphError(`${op.name}: std is ${describe(std)}; wanted a number from 0 up`);
  return scaled(op, shape, fresh, std, mean);
}

function misread(message: string): unknown {
  return locate(new GraphError(message), defaultGraph().here());
}

/** Draws in a shape, times `by`, plus `offset`. */
function scaled(op: OpSpec, shape: ShapeLike, fresh: Fresh, by: number, offset: number): Node {
  if (![by, offset].every((value) => Number.isFinite(value))) {
    throw new GraphError(
      `${op.name}: its options are not finite numbers; write ${op.name}([2, 3], { … })`,
    );
  }
  const { graph } = graphFor(shape);
  return graph.inheriting(graph.here(), () => {
    const standard = drawn(op, shape, fresh);
    const spread = by === 1 ? standard : multiply(standard, by);
    return offset === 0 ? spread : add(spread, offset);
  });
}

function drawn(op: OpSpec, shape: ShapeLike, { name = op.name, seed, dtype }: Fresh): Node {
  const { graph, like } = graphFor(shape);
  const own = like !== undefined && isFloat(like.dtype) ? like.dtype : graph.dtype;
  const sizes = typeof shape === "number" ? [shape] : shape;
  const attrs: Attrs = {
    shape: sizes instanceof Node ? null : checkShape(op.name, sizes),
    dtype: checkDtype(dtype ?? own),
    stream: graph.stream(seed),
  };
  if (op !== permutationOp && !isFloat(attrs.dtype)) {
    throw new GraphError(
      `${op.name}: dtype is ${attrs.dtype}; wanted a float type; cast afterwards`,
    );
  }
  return like === undefined ? makeSource(op, attrs, name) : makeNode(op, [like], { attrs, name });
}

function makeSource(op: OpSpec, attrs: Attrs, name: string): Node {
  return makeNode(op, [], { attrs, name });
}

function graphFor(shape: ShapeLike): { graph: Node["graph"]; like?: Node } {
  return shape instanceof Node ? { graph: shape.graph, like: shape } : { graph: defaultGraph() };
}
