/** Normalisation over batches and over features. */
import { normalizeAxes } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { topologicalOrder } from "../graph/node.ts";
import { composition, type Composition } from "../graph/composition.ts";
import { labelWithShape, makeNode } from "../graph/build.ts";
import { GraphError, type Node, type OpSpec } from "../graph/node.ts";
import { maximum, rsqrt } from "./arithmetic.ts";
import { add, divide, multiply, square, subtract, where } from "./elementwise.ts";
import { assign, Variable, type Assign } from "./state.ts";
import { countAlong, reduceMean } from "./statistics.ts";
import { checkTraining } from "./training.ts";

/** What layer normalisation is told. */
export interface LayerNorm {
  /** The axes that are normalised together; the last by default. */
  readonly axis?: number | readonly number[];
  /** Added to the variance; 1e-5 by default. */
  readonly epsilon?: number;
  /** What the result is multiplied with, and what is then added. */
  readonly gamma?: Node;
  readonly beta?: Node;
}

/**
 * (x − mean) / √(variance + ε) along the given axes, by default the last, times gamma plus beta if they are given (Ba
 * et al. 2016). The shape stays; the variance divides by the count.
 */
export const layerNorm: Composition<["x"], LayerNorm> = composition({
  name: "layerNorm",
  inputs: ["x"],
  doc: "(x − mean) / √(variance + ε) along the given axes, by default the last, times gamma plus beta if they are given (Ba et al. 2016).",
  attrs: ["axis", "epsilon", "gamma", "beta"],
  compose: ([x], { axis = -1, epsilon = 1e-5, gamma, beta }) => {
    checkBetween("layerNorm: epsilon", epsilon, "from 0 up", epsilon >= 0);
    const centred = subtract(x, reduceMean(x, { axis, keepDims: true }));
    const variance = reduceMean(square(centred), { axis, keepDims: true });
    return affine(multiply(centred, rsqrt(add(variance, epsilon))), gamma, beta);
  },
  samples: [{ shapes: [[3, 4]] }, { shapes: [[2, 3, 2]], attrs: { axis: [1, 2], epsilon: 1e-3 } }],
});

function checkBetween(what: string, value: number, range: string, fits: boolean): void {
  if (typeof value === "number" && fits) return;
  throw new GraphError(`${what} is ${describe(value)}; wanted a number ${range}`);
}

function affine(x: Node, gamma: Node | undefined, beta: Node | undefined): Node {
  const scaled = gamma === undefined ? x : multiply(x, gamma);
  return beta === undefined ? scaled : add(scaled, beta);
}

/** What batch normalisation is told. Variables that are not given are made. */
export interface BatchNorm {
  /** Whether to normalise with the batch's own statistics: a boolean, or a boolean node that a run decides. */
  readonly training: boolean | Node;
  /** The weight of a batch in the running statistics; 0.1 by default. */
  readonly momentum?: number;
  /** Added to the variance; 1e-5 by default. */
  readonly epsilon?: number;
  readonly gamma?: Node;
  readonly beta?: Node;
  readonly runningMean?: Variable;
  readonly runningVariance?: Variable;
}

/**
 * γ·(x − mean) / √(variance + ε) + β for each channel, the last axis (Ioffe, Szegedy 2015). While `training`, mean and
 * variance are the batch's, and minimize's node moves the running ones, which count else, towards them. The shape
 * stays; [batch, …, channels], the channels known when the graph is built.
 */
export const batchNorm: Composition<["x"], BatchNorm> = composition({
  name: "batchNorm",
  inputs: ["x"],
  doc: "γ·(x − mean) / √(variance + ε) + β for each channel, the last axis (Ioffe, Szegedy 2015). While `training`, mean and variance are the batch's, and minimize's node moves the running ones, which count else, towards them.",
  attrs: ["training", "momentum", "epsilon", "gamma", "beta", "runningMean", "runningVariance"],
  compose: ([x], options) => {
    const { training, momentum = 0.1, epsilon = 1e-5 } = options;
    checkTraining("batchNorm", training);
    checkBetween("batchNorm: momentum", momentum, "from 0 to 1", momentum >= 0 && momentum <= 1);
    checkBetween("batchNorm: epsilon", epsilon, "from 0 up", epsilon >= 0);
    const made = variablesFor(x, options);
    const running = [made.runningMean, made.runningVariance] as const;
    if (training === false) return normalized(x, running, epsilon, made);
    const axis = batchAxes(x);
    const mean = reduceMean(x, { axis });
    const variance = reduceMean(square(subtract(x, mean)), { axis });
    const statistics = [mean, variance].map((own, i) =>
      training === true ? own : where(training, own, running[i]),
    );
    const updates = updatesFor(x, running, [mean, variance], momentum).map(([variable, next]) =>
      assign(variable, training === true ? next : where(training, next, variable)),
    );
    const y = normalized(x, statistics as [Node, Node], epsilon, made);
    return makeNode(updatingOp, [y], { attrs: { updates } });
  },
  traits: ["known shapes"],
  samples: [
    { shapes: [[4, 2]], attrs: { training: true } },
    { shapes: [[2, 2, 3, 2]], attrs: { training: true, epsilon: 1e-3 } },
    { shapes: [[4, 2]], attrs: { training: false } },
  ],
});

function normalized(
  x: Node,
  [mean, variance]: readonly [Node, Node],
  epsilon: number,
  { gamma, beta }: { gamma: Node; beta: Node },
): Node {
  return affine(multiply(subtract(x, mean), rsqrt(add(variance, epsilon))), gamma, beta);
}

/** All axes but the last. */
function batchAxes(x: Node): readonly number[] {
  return normalizeAxes("batchNorm", undefined, x.shape!.length).slice(0, -1);
}

interface Variables {
  readonly gamma: Node;
  readonly beta: Node;
  readonly runningMean: Variable;
  readonly runningVariance: Variable;
}

function variablesFor(x: Node, options: BatchNorm): Variables {
  const channels = x.shape?.at(-1);
  if (x.shape === null || x.shape.length < 2 || typeof channels !== "number") {
    throw new GraphError(
      `batchNorm: x ${labelWithShape(x)}; wanted [batch, …, channels] with the channels known when the graph is built; give its placeholder a shape`,
    );
  }
  const { dtype } = x;
  const make = (name: string, value: number, trainable: boolean): Variable =>
    new Variable(Array<number>(channels).fill(value), { name, trainable, dtype });
  return {
    gamma: options.gamma ?? make("gamma", 1, true),
    beta: options.beta ?? make("beta", 0, true),
    runningMean: options.runningMean ?? make("runningMean", 0, false),
    runningVariance: options.runningVariance ?? make("runningVariance", 1, false),
  };
}

/** As PyTorch: running ← (1 − m)·running + m·batch, where the batch's variance divides by one less than the count. */
function updatesFor(
  x: Node,
  running: readonly [Variable, Variable],
  [mean, variance]: readonly [Node, Node],
  momentum: number,
): readonly (readonly [Variable, Node])[] {
  const count = countAlong(x, { axis: batchAxes(x) });
  const unbiased = multiply(variance, divide(count, maximum(subtract(count, 1), 1)));
  return [mean, unbiased].map((own, i) => {
    const moved = add(multiply(running[i], 1 - momentum), multiply(own, momentum));
    return [running[i], moved] as const;
  });
}

/** Its input, with the updates that belong to a training step. */
const updatingOp: OpSpec = {
  name: "batchNorm",
  shape: ([x]) => x,
  dtype: ([x]) => x,
  view: () => true,
  vjp: (_, g) => [g],
};

/** The updates, apart from those of an optimizer, that belong to a training step of `loss`: running statistics. */
export function updatesOf(loss: Node): readonly Assign[] {
  return topologicalOrder([loss]).flatMap((node) =>
    node.op === updatingOp ? (node.attrs as { updates: readonly Assign[] }).updates : [],
  );
}
