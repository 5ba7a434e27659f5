/** Losses, as compositions; each takes predictions first, then what they should have been. */
import type { PartialShape } from "../core/shape.ts";
import { isKnown, sameShape, ShapeError, show } from "../core/shape.ts";
import { input } from "../core/scalar.ts";
import { describe } from "../core/describe.ts";
import { makeNode } from "../graph/build.ts";
import { composition, type Composition } from "../graph/composition.ts";
import { GraphError, type Node, type OpSpec } from "../graph/node.ts";
import { abs, minimum } from "./arithmetic.ts";
import { softplus } from "./activation.ts";
import { add, equal, multiply, negative, square, subtract, where } from "./elementwise.ts";
import { expandDims, squeeze } from "./axes.ts";
import { gather } from "./indexing.ts";
import { logSoftmax } from "./nn.ts";
import { reduceMean } from "./statistics.ts";
import { cast, reduceSum } from "./structure.ts";

/** What becomes of the loss of each example: their mean, by default, their sum, or all of them. */
export interface Reduce {
  readonly reduction?: "mean" | "sum" | "none";
}

const pairs = [
  {
    shapes: [
      [3, 2],
      [3, 2],
    ],
  },
  { shapes: [[4], [4]], attrs: { reduction: "none" } },
  { shapes: [[3], [3]], attrs: { reduction: "sum" } },
] as const;

function reduced(name: string, losses: Node, { reduction = "mean" }: Reduce): Node {
  switch (reduction) {
    case "mean":
      return reduceMean(makeNode(batchOp, [losses], { attrs: { of: name } }));
    case "sum":
      return reduceSum(losses);
    case "none":
      return losses;
    default:
      throw new GraphError(
        `${name}: reduction is ${describe(reduction)}; wanted "mean", "sum" or "none"`,
      );
  }
}

/** Losses, of which there is at least one: the mean of none would be NaN. */
const batchOp: OpSpec = {
  name: "batch",
  shape: ([losses], attrs) => {
    const { of } = attrs as { of: string };
    if (!losses?.includes(0)) return losses;
    throw new ShapeError(
      `${of}: the batch is empty, shape ${show(losses)}, and has no mean; feed at least one example, or use reduction: "sum"`,
    );
  },
  dtype: ([losses]) => losses,
  view: () => true,
  vjp: (_, g) => [g],
};

/** Throws, now or in the run, unless both have one shape: broadcasting [n, 1] against [n] is a mistake. */
function alike(name: string, prediction: Node, target: Node): Node {
  return makeNode(alikeOp, [target, prediction], { attrs: { of: name } });
}

const alikeOp: OpSpec = {
  name: "target",
  shape: ([target, prediction], attrs) => {
    const { of } = attrs as { of: string };
    if (isKnown(target) && isKnown(prediction) && !sameShape(target, prediction)) {
      throw new ShapeError(
        `${of}: prediction ${show(prediction)} and target ${show(target)}: shapes must be equal; reshape or squeeze one?`,
      );
    }
    return isKnown(target) ? target : prediction;
  },
  dtype: ([target]) => target,
  view: () => true,
  vjp: (_, g) => [g, null],
};

/**
 * (prediction − target)², of which the mean; `reduction` may be "sum" or "none". A scalar, or the shape of both with
 * reduction "none". Throws a `ShapeError` unless both have one shape.
 */
export const meanSquaredError: Composition<["prediction", "target"], Reduce> = composition({
  name: "meanSquaredError",
  inputs: ["prediction", "target"],
  doc: '(prediction − target)², of which the mean; `reduction` may be "sum" or "none".',
  attrs: ["reduction"],
  compose: ([prediction, target], options) => {
    const difference = subtract(prediction, alike("meanSquaredError", prediction, target));
    return reduced("meanSquaredError", square(difference), options);
  },
  samples: pairs,
});

/**
 * |prediction − target|, of which the mean; `reduction` may be "sum" or "none". A scalar, or the shape of both with
 * reduction "none". Throws a `ShapeError` unless both have one shape.
 */
export const absoluteError: Composition<["prediction", "target"], Reduce> = composition({
  name: "absoluteError",
  inputs: ["prediction", "target"],
  doc: '|prediction − target|, of which the mean; `reduction` may be "sum" or "none".',
  attrs: ["reduction"],
  compose: ([prediction, target], options) => {
    const difference = subtract(prediction, alike("absoluteError", prediction, target));
    return reduced("absoluteError", abs(difference), options);
  },
  samples: pairs,
});

/**
 * ½d² for |d| ≤ δ, else δ·(|d| − ½δ), with d = prediction − target and δ = 1 by default, of which the mean;
 * `reduction` may be "sum" or "none" (Huber 1964). A scalar, or the shape of both with reduction "none". Throws a
 * `ShapeError` unless both have one shape.
 */
export const huber: Composition<["prediction", "target"], Reduce & { readonly delta?: number }> =
  composition({
    name: "huber",
    inputs: ["prediction", "target"],
    doc: '½d² for |d| ≤ δ, else δ·(|d| − ½δ), with d = prediction − target and δ = 1 by default, of which the mean; `reduction` may be "sum" or "none" (Huber 1964).',
    attrs: ["delta", "reduction"],
    compose: ([prediction, target], { delta = 1, ...options }) => {
      if (!(delta > 0))
        throw new GraphError(`huber: delta is ${describe(delta)}; wanted a number above 0`);
      const size = abs(subtract(prediction, alike("huber", prediction, target)));
      // With q = min(|d|, δ) both branches are ½q² + δ·(|d| − q), and neither of their slopes jumps.
      const near = minimum(size, delta);
      const losses = add(multiply(square(near), 0.5), multiply(subtract(size, near), delta));
      return reduced("huber", losses, options);
    },
    samples: [...pairs, { shapes: [[6], [6]], attrs: { delta: 0.4 } }],
  });

/**
 * −z·log σ(x) − (1 − z)·log(1 − σ(x)) for logits x and labels z from 0 to 1, without overflow, of which the mean;
 * `reduction` may be "sum" or "none". A scalar, or the shape of both with reduction "none". Throws a `ShapeError`
 * unless both have one shape.
 */
export const sigmoidCrossEntropy: Composition<["logits", "labels"], Reduce> = composition({
  name: "sigmoidCrossEntropy",
  inputs: ["logits", "labels"],
  doc: '−z·log σ(x) − (1 − z)·log(1 − σ(x)) for logits x and labels z from 0 to 1, without overflow, of which the mean; `reduction` may be "sum" or "none".',
  attrs: ["reduction"],
  // −log σ(x) is softplus(−x): exact for every x, in value and slope.
  compose: ([x, labels], options) => {
    const z = alike("sigmoidCrossEntropy", x, labels);
    const yes = multiply(z, softplus(negative(x)));
    const no = multiply(subtract(1, z), softplus(x));
    return reduced("sigmoidCrossEntropy", add(yes, no), options);
  },
  samples: pairs.map((sample) => ({
    ...sample,
    domains: [
      [-3, 3],
      [0, 1],
    ] as const,
  })),
});

/**
 * −Σ labels·log softmax(logits) along an axis, by default the last, of which the mean over the others; labels are rows
 * that add up to 1, or int32 class numbers without that axis. Logits [..., k] → a scalar, or [...] with reduction
 * "none". A run throws a `GraphError` at rows that do not add up to 1.
 */
export const softmaxCrossEntropy: Composition<
  ["logits", "labels"],
  Reduce & { readonly axis?: number }
> = composition({
  name: "softmaxCrossEntropy",
  inputs: ["logits", "labels"],
  doc: "−Σ labels·log softmax(logits) along an axis, by default the last, of which the mean over the others; labels are rows that add up to 1, or int32 class numbers without that axis.",
  attrs: ["axis", "reduction"],
  literals: { logits: "float" },
  compose: ([logits, labels], { axis = -1, ...options }) => {
    const logs = logSoftmax(logits, { axis });
    const losses = isSparse(logits, labels) ? pick(logs, labels, axis) : cross(logs, labels, axis);
    return reduced("softmaxCrossEntropy", losses, options);
  },
  samples: [
    {
      shapes: [
        [3, 4],
        [3, 4],
      ],
      attrs: { reduction: "none" },
      domains: [undefined, [0.25, 0.25]],
    },
    { shapes: [[3, 4], [3]], domains: [undefined, [0, 4]], dtypes: [undefined, "int32"] },
  ],
});

/** Class numbers: of integer type, or with one axis less than the logits. */
function isSparse(logits: Node, labels: Node): boolean {
  if (labels.dtype === "int32") return true;
  return logits.shape !== null && labels.shape?.length === logits.shape.length - 1;
}

function pick(logs: Node, labels: Node, axis: number): Node {
  if (axis !== -1 && axis + 1 !== logs.shape?.length) {
    throw new GraphError(
      `softmaxCrossEntropy: class numbers and axis ${axis}; wanted the classes along the last axis; transpose the logits, or use oneHot`,
    );
  }
  checkClasses(logs.shape, labels.shape);
  const classes = cast(labels, { dtype: "int32" });
  const column = expandDims(classes, { axis: -1 });
  const attrs = { axis: -1, batchDims: -1, of: "softmaxCrossEntropy: labels" };
  const picked = makeNode(gather, [logs, column], { attrs });
  return negative(squeeze(picked, { axis: -1 }));
}

function checkClasses(logits: PartialShape, labels: PartialShape): void {
  if (logits === null || labels === null) return;
  const wanted = logits.slice(0, -1);
  const agree = (size: number | null, i: number): boolean =>
    size === null || wanted[i] === null || size === wanted[i];
  if (labels.length === wanted.length && labels.every(agree)) return;
  throw new ShapeError(
    `softmaxCrossEntropy: logits ${show(logits)} and class numbers ${show(labels)}; wanted one number per row, ${show(wanted)}`,
  );
}

function cross(logs: Node, labels: Node, axis: number): Node {
  const rows = makeNode(distributionOp, [labels, logs], { attrs: { axis } });
  // A class of probability 0 costs nothing, even where its logarithm is −∞.
  const terms = where(equal(rows, 0), 0, multiply(rows, logs));
  return negative(reduceSum(terms, { axis }));
}

/** Labels, of which every row is checked in each run to be a distribution over the classes. */
const distributionOp: OpSpec = {
  name: "labels",
  shape: ([labels, logits]) => {
    if (!isKnown(labels) || !isKnown(logits) || sameShape(labels, logits)) return logits;
    throw new ShapeError(
      `softmaxCrossEntropy: logits ${show(logits)} and labels ${show(labels)}: shapes must be equal; class numbers? pass them as int32 ${show(logits.slice(0, -1))}, or oneHot(labels, { depth: ${logits.at(-1)} })`,
    );
  },
  dtype: ([labels]) => labels,
  kernel: (backend, [labels], out, attrs) => {
    const { axis } = attrs as { axis: number };
    const { shape } = labels;
    const at = axis < 0 ? axis + shape.length : axis;
    const sum = backend.alloc(shape.toSpliced(at, 1), labels.dtype);
    const [copy, addUp] = [
      backend.map(input(0), [labels], out),
      backend.reduce("sum", labels, sum, [at]),
    ];
    return () => {
      copy();
      addUp();
      checkSums(sum.data, show(shape));
    };
  },
  vjp: "none",
};

function checkSums(
  sums: { readonly [i: number]: number; readonly length: number },
  shape: string,
): void {
  for (let i = 0; i < sums.length; i++) {
    // Rounding of float32 labels over many classes stays far below this.
    if (Math.abs(sums[i] - 1) <= 1e-3) continue;
    throw new GraphError(
      `softmaxCrossEntropy: row ${i} of labels ${shape} adds up to ${sums[i]}; wanted 1, as in one-hot rows; class numbers go through oneHot(labels, { depth })`,
    );
  }
}
