/** What a layer is: a function of a node that keeps its variables from call to call. */
import type { Dtype } from "../core/dtype.ts";
import { isFloat } from "../core/dtype.ts";
import { random, type Random } from "../core/random.ts";
import { ShapeError } from "../core/shape.ts";
import { checkNode, labelWithShape } from "../graph/build.ts";
import { Graph } from "../graph/graph.ts";
import { GraphError, type Node } from "../graph/node.ts";
import { Variable } from "../ops/state.ts";
import { inGraph } from "../train/formula.ts";

/** A function of a node. Its variables are made by the first call, which shows how wide they are, and shared by the others. */
export interface Layer {
  (x: Node): Node;
  /** Empty before the first call. */
  readonly variables: readonly Variable[];
}

/** Any function from node to node: a layer, an op such as `relu`, a function of one's own. */
export type Module = (x: Node) => Node;

/** What a layer is made from, when it is called first. */
export interface Built {
  readonly variables: readonly Variable[];
  readonly apply: Module;
}

/** Where a layer's variables come from. */
export interface Making {
  readonly dtype: Dtype;
  readonly random: Random;
}

/** A layer; what it makes has names that begin with `name`, or with that of its options. */
export function makeLayer(
  name: string,
  options: { readonly name?: string; readonly seed?: number },
  build: (x: Node, making: Making) => Built,
): Layer {
  let built: (Built & { readonly scope: string }) | undefined;
  const call = (given: Node): Node => {
    const x = checkNode(`nn.${name}`, given);
    const { graph } = x;
    const scope = built?.scope ?? lastPart(graph.uniqueName(options.name ?? name));
    return graph.inheriting(graph.here(), () =>
      inGraph(graph, () =>
        graph.inScope(scope, () => {
          built ??= { scope, ...build(x, makingOf(name, x, options.seed)) };
          return built.apply(x);
        }),
      ),
    );
  };
  return withVariables(call, () => built?.variables ?? []);
}

/** A function with the variables that `list` finds when asked. */
export function withVariables(call: Module, list: () => readonly Variable[]): Layer {
  return Object.defineProperty(call, "variables", { get: list }) as Layer;
}

/** Layers are numbered as nodes are; the scope they stand in is added by the graph. */
function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function makingOf(name: string, x: Node, seed: number | undefined): Making {
  if (!isFloat(x.dtype)) {
    throw new GraphError(
      `nn.${name}: x is ${labelWithShape(x)} of ${x.dtype}; wanted floats: cast(x, { dtype: "float64" })`,
    );
  }
  if (seed !== undefined) return { dtype: x.dtype, random: random(seed) };
  // Every graph of this library has a stream; one of another make is given the first.
  return { dtype: x.dtype, random: x.graph instanceof Graph ? x.graph.random : random(0) };
}

/** The size of x along an axis, counted from the end; throws if it is not known when the graph is built. */
export function sizeAlong(
  name: string,
  x: Node,
  { rank, axis }: { rank: number; axis: number },
): number {
  const { shape } = x;
  const size = shape?.at(axis);
  if (shape !== null && shape.length >= rank && typeof size === "number") return size;
  throw new ShapeError(
    `nn.${name}: x is ${labelWithShape(x)}; wanted at least ${rank} axes, and the last of known size: ` +
      `placeholder({ shape: [${Array<string>(rank - 1)
        .fill("null")
        .join(", ")}, ${rank === 2 ? 64 : 1}] })`,
  );
}
