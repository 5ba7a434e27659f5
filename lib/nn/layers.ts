/** The layers that most networks are made of. */
import { checkNumber, checkOptions } from "../core/options.ts";
import { allocate } from "../core/dtype.ts";
import { isKnown, ShapeError, sizeOf } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { Tensor } from "../core/tensor.ts";
import { checkNode, labelWithShape } from "../graph/build.ts";
import { GraphError, type Node } from "../graph/node.ts";
import { isOp } from "../graph/op.ts";
import { conv2d as convolve } from "../ops/conv.ts";
import { add } from "../ops/elementwise.ts";
import { matmul } from "../ops/linalg.ts";
import { Variable } from "../ops/state.ts";
import { reshape } from "../ops/structure.ts";
import type { Padding, Pair } from "../ops/windows.ts";
import { glorotUniform, type Initialiser } from "./init.ts";
import {
  makeLayer,
  sizeAlong,
  withVariables,
  type Layer,
  type Making,
  type Module,
} from "./layer.ts";

/** What a layer with weights takes. */
export interface WeightOptions {
  /** Applied to the sums, as `relu`; by default nothing. */
  readonly activation?: Module;
  /** Of the weights: `nn.init.glorotUniform` by default. */
  readonly init?: Initialiser;
  /** Whether something is added to each output, from 0 on: true by default. */
  readonly bias?: boolean;
  /** Seeds the starting values; by default they come from `graph.random`. */
  readonly seed?: number;
  /** What the names of the layer's nodes begin with. */
  readonly name?: string;
}

const common = ["activation", "init", "bias", "seed", "name"];

/** activation(x · W + b), for x [..., n] → [..., units]. Variables: `W` [n, units], `b` [units]. */
export function dense(units: number, options: WeightOptions = {}): Layer {
  const call = "nn.dense(16, { activation: relu })";
  checkNumber("nn.dense: units", units, { least: 1, whole: true }, call);
  checkOptions("nn.dense", options, common, call);
  checkFunctions("dense", options);
  return makeLayer("dense", options, (x, making) => {
    const inputs = sizeAlong("dense", x, { rank: 2, axis: -1 });
    return weighted([inputs, units], options, making, (value, W) => matmul(value, W));
  });
}

/** What `conv2d` takes besides the filters. */
export interface Conv2dOptions extends WeightOptions {
  /** Height and width of a filter; 3 by default. */
  readonly size?: Pair;
  readonly strides?: Pair;
  readonly dilation?: Pair;
  /** "same" by default, unlike the op: images keep their size at stride 1. */
  readonly padding?: Padding;
}

/**
 * activation(x convolved with W, + b), for images [batch, height, width, channels] → [batch, rows, columns, filters].
 * Variables: `W` [height, width, channels, filters], `b` [filters].
 */
export function conv2d(filters: number, options: Conv2dOptions = {}): Layer {
  const call = "nn.conv2d(8, { size: 3, activation: relu })";
  checkNumber("nn.conv2d: filters", filters, { least: 1, whole: true }, call);
  checkOptions("nn.conv2d", options, [...common, "size", "strides", "dilation", "padding"], call);
  checkFunctions("conv2d", options);
  const { size = 3, strides = 1, dilation = 1, padding = "same" } = options;
  const [height, width] = typeof size === "number" ? [size, size] : size;
  return makeLayer("conv2d", options, (x, making) => {
    const channels = sizeAlong("conv2d", x, { rank: 4, axis: -1 });
    return weighted([height, width, channels, filters], options, making, (value, W) =>
      convolve(value, W, { strides, dilation, padding }),
    );
  });
}

/** Examples as rows: [batch, a, b, …] → [batch, a · b · …]. All sizes but the first must be known. */
export function flatten(x: Node): Node {
  const rest = checkNode("nn.flatten", x).shape?.slice(1);
  if (rest === undefined || rest.length === 0 || !isKnown(rest)) {
    throw new ShapeError(
      `nn.flatten: x is ${labelWithShape(x)}; wanted a batch, and every other size known: placeholder({ shape: [null, 8, 8] })`,
    );
  }
  const { graph } = x;
  return graph.inheriting(graph.here(), () => reshape(x, { shape: [-1, sizeOf(rest)] }));
}

/** One module after the other: `nn.sequential(nn.dense(8), relu, nn.dense(2))`. */
export function sequential(...modules: readonly Module[]): Layer {
  const wrong = modules.find((module) => typeof module !== "function");
  if (wrong !== undefined || modules.length === 0) {
    throw new GraphError(
      `nn.sequential: got ${modules.length === 0 ? "nothing" : describe(wrong)}; wanted functions of nodes: nn.sequential(nn.dense(8), relu, nn.dense(2))`,
    );
  }
  const apply = (x: Node): Node => {
    let value = x;
    for (const module of modules) value = applied(module, value);
    return value;
  };
  return withVariables(apply, () =>
    modules.flatMap((module) => ("variables" in module ? (module as Layer).variables : [])),
  );
}

/** What a function of one's own makes belongs to its lines; an op has no lines, and belongs to that of the call. */
function applied(module: Module, x: Node): Node {
  if (!isOp(module)) return module(x);
  const { graph } = checkNode("nn.sequential", x);
  return graph.inheriting(graph.here(), () => module(x));
}

type Product = (x: Parameters<Module>[0], W: Variable) => ReturnType<Module>;

/** Weights of a shape whose last axis is the outputs', a bias if wanted, and what is done with them. */
function weighted(
  shape: readonly number[],
  { activation = (x) => x, init = glorotUniform, bias = true }: WeightOptions,
  { dtype, random }: Making,
  product: Product,
): { variables: readonly Variable[]; apply: Module } {
  const W = new Variable(init(shape, random), { name: "W", dtype });
  if (!bias) return { variables: [W], apply: (x) => activation(product(x, W)) };
  const outputs = shape[shape.length - 1];
  const b = new Variable(new Tensor(allocate(dtype, outputs), [outputs]), { name: "b", dtype });
  return { variables: [W, b], apply: (x) => activation(add(product(x, W), b)) };
}

function checkFunctions(name: string, options: WeightOptions): void {
  for (const key of ["activation", "init"] as const) {
    const value: unknown = options[key];
    if (value === undefined || typeof value === "function") continue;
    const example = key === "activation" ? "relu" : "nn.init.heNormal";
    throw new TypeError(
      `nn.${name}: ${key} is ${describe(value)}; wanted a function: { ${key}: ${example} }`,
    );
  }
}
