/** Reductions other than the sum, which is in structure.ts. */
import type { Backend, Buffer, Step } from "../backend/backend.ts";
import { sequence, viewOf } from "../backend/backend.ts";
import { input, s } from "../core/scalar.ts";
import {
  normalizeAxes,
  reduceAxes,
  reducedShape,
  ShapeError,
  show,
  type Axes,
  type PartialShape,
  type Shape,
} from "../core/shape.ts";
import type { Node } from "../graph/node.ts";
import { commonNumber, onlyBooleans, op, type Op, type Sample } from "../graph/op.ts";
import { divide, equal, exp, multiply, subtract, where } from "./elementwise.ts";
import { productOfOthers } from "./others.ts";
import { cast, reduceSum, repeatLike } from "./structure.ts";
import type { Reduces } from "../graph/shaped.ts";

const samples: readonly Sample<Axes>[] = [
  { shapes: [[3, 4]] },
  { shapes: [[3, 4]], attrs: { axis: 1 } },
  { shapes: [[3, 4]], attrs: { axis: 0, keepDims: true } },
  { shapes: [[2, 3, 2]], attrs: { axis: [0, -1] } },
  { shapes: [[]] },
];
const booleans = samples.map((sample) => ({ ...sample, dtypes: ["bool"] as const }));

/**
 * The largest number along the given axes, by default all; NaN if one is, −∞ of none. Equal ones share the gradient. A
 * scalar, or what is left of the shape; with `keepDims` those axes stay, with size 1. Throws a `ShapeError` at an axis
 * there is not.
 */
export const reduceMax: Op<["x"], Axes, Reduces<Axes>> = op({
  name: "reduceMax",
  inputs: ["x"],
  doc: "The largest number along the given axes, by default all; NaN if one is, −∞ of none. Equal ones share the gradient.",
  attrs: ["axis", "keepDims"],
  shape: ([x], attrs) => reduceAxes("reduceMax", x, attrs),
  dtype: (dtypes) => commonNumber("reduceMax", dtypes),
  kernel: (backend, [x], out, { axis }) =>
    backend.reduce("max", x, out, normalizeAxes("reduceMax", axis, x.shape.length)),
  vjp: ({ inputs: [x], output, attrs }, g) => [shared(x, output, attrs, g)],
  samples,
});

/**
 * The smallest number along the given axes, by default all; NaN if one is, ∞ of none. Equal ones share the gradient. A
 * scalar, or what is left of the shape; with `keepDims` those axes stay, with size 1. Throws a `ShapeError` at an axis
 * there is not.
 */
export const reduceMin: Op<["x"], Axes, Reduces<Axes>> = op({
  name: "reduceMin",
  inputs: ["x"],
  doc: "The smallest number along the given axes, by default all; NaN if one is, ∞ of none. Equal ones share the gradient.",
  attrs: ["axis", "keepDims"],
  shape: ([x], attrs) => reduceAxes("reduceMin", x, attrs),
  dtype: (dtypes) => commonNumber("reduceMin", dtypes),
  kernel: (backend, [x], out, { axis }) =>
    backend.reduce("min", x, out, normalizeAxes("reduceMin", axis, x.shape.length)),
  vjp: ({ inputs: [x], output, attrs }, g) => [shared(x, output, attrs, g)],
  samples,
});

/** g, in equal parts, where x is the extreme number y. */
function shared(x: Node, y: Node, attrs: Axes, g: Node): Node {
  const chosen = cast(equal(x, repeatLike(y, x, attrs)), { dtype: x.dtype });
  const part = divide(g, reduceSum(chosen, attrs));
  return multiply(chosen, repeatLike(part, x, attrs));
}

/**
 * The product of the numbers along the given axes, by default all; 1 of none. Exact gradients of any order, at zeros
 * too. A scalar, or what is left of the shape; with `keepDims` those axes stay, with size 1. Throws a `ShapeError` at
 * an axis there is not.
 */
export const reduceProd: Op<["x"], Axes, Reduces<Axes>> = op({
  name: "reduceProd",
  inputs: ["x"],
  doc: "The product of the numbers along the given axes, by default all; 1 of none. Exact gradients of any order, at zeros too.",
  attrs: ["axis", "keepDims"],
  shape: ([x], attrs) => reduceAxes("reduceProd", x, attrs),
  dtype: (dtypes) => commonNumber("reduceProd", dtypes),
  kernel: (backend, [x], out, { axis }) =>
    backend.reduce("product", x, out, normalizeAxes("reduceProd", axis, x.shape.length)),
  vjp: ({ inputs: [x], attrs }, g) => [
    multiply(
      repeatLike(g, x, attrs),
      productOfOthers(x, attrs.axis, (y, axis) => reduceProd(y, { axis, keepDims: true })),
    ),
  ],
  samples,
});

/**
 * log Σ eˣ along the given axes, by default all, without overflow; −∞ of none. A scalar, or what is left of the shape;
 * with `keepDims` those axes stay, with size 1. Throws a `ShapeError` at an axis there is not.
 */
export const reduceLogSumExp: Op<["x"], Axes, Reduces<Axes>> = op({
  name: "reduceLogSumExp",
  inputs: ["x"],
  doc: "log Σ eˣ along the given axes, by default all, without overflow; −∞ of none.",
  attrs: ["axis", "keepDims"],
  shape: ([x], attrs) => reduceAxes("reduceLogSumExp", x, attrs),
  kernel: (backend, [x], out, { axis }) =>
    logSumExp(backend, x, out, normalizeAxes("reduceLogSumExp", axis, x.shape.length)),
  // Where the sum is 0, every power is, and so is its share.
  vjp: ({ inputs: [x], output, attrs }, g) => {
    const total = where(equal(output, -Infinity), 0, output);
    const share = exp(subtract(x, repeatLike(total, x, attrs)));
    return [multiply(repeatLike(g, x, attrs), share)];
  },
  samples,
});

/** max + log Σ e^(x − max), where an infinite maximum is left alone: ∞ − ∞ is NaN. */
function logSumExp(backend: Backend, x: Buffer, out: Buffer, axes: readonly number[]): Step {
  const kept = reducedShape(x.shape, axes, true) as Shape;
  const flat = reducedShape(x.shape, axes, false) as Shape;
  const largest = backend.alloc(flat, x.dtype);
  const finite = backend.alloc(flat, x.dtype);
  const powers = backend.alloc(x.shape, x.dtype);
  const sum = backend.alloc(flat, x.dtype);
  const isInfinite = s.equal(s.abs(input(0)), Infinity);
  return sequence(
    backend.reduce("max", x, largest, axes),
    backend.map(s.where(isInfinite, 0, input(0)), [largest], finite),
    backend.map(s.exp(s.subtract(input(0), input(1))), [x, viewOf(finite, kept)], powers),
    backend.reduce("sum", powers, sum, axes),
    backend.map(s.add(s.log(input(0)), input(1)), [sum, finite], viewOf(out, flat)),
  );
}

/**
 * The position of the largest number along an axis, by default the last; the first of equals, a NaN before all
 * numbers. int32, without that axis. Throws a `ShapeError` at an axis that is empty.
 */
export const argMax: Op<["x"], { readonly axis?: number }> = op({
  name: "argMax",
  inputs: ["x"],
  doc: "The position of the largest number along an axis, by default the last; the first of equals, a NaN before all numbers.",
  attrs: ["axis"],
  shape: ([x], { axis = -1 }) => positionShape("argMax", x, axis),
  dtype: () => "int32",
  kernel: (backend, [x], out, { axis = -1 }) =>
    backend.reduce("argMax", x, out, normalizeAxes("argMax", axis, x.shape.length)),
  vjp: "none",
  samples: [{ shapes: [[3, 4]] }, { shapes: [[3, 4]], attrs: { axis: 0 } }],
});

/**
 * The position of the smallest number along an axis, by default the last; the first of equals, a NaN before all
 * numbers. int32, without that axis. Throws a `ShapeError` at an axis that is empty.
 */
export const argMin: Op<["x"], { readonly axis?: number }> = op({
  name: "argMin",
  inputs: ["x"],
  doc: "The position of the smallest number along an axis, by default the last; the first of equals, a NaN before all numbers.",
  attrs: ["axis"],
  shape: ([x], { axis = -1 }) => positionShape("argMin", x, axis),
  dtype: () => "int32",
  kernel: (backend, [x], out, { axis = -1 }) =>
    backend.reduce("argMin", x, out, normalizeAxes("argMin", axis, x.shape.length)),
  vjp: "none",
  samples: [{ shapes: [[3, 4]] }, { shapes: [[3, 4]], attrs: { axis: 0 } }],
});

function positionShape(name: string, x: PartialShape, axis: number): PartialShape {
  const shape = reduceAxes(name, x, { axis });
  if (x?.at(axis) === 0) {
    throw new ShapeError(
      `${name}: x ${show(x)} is empty along axis ${axis}, so nothing has a position`,
    );
  }
  return shape;
}

/**
 * Whether all booleans along the given axes hold, by default along all; of none, they do. A scalar, or what is left of
 * the shape; with `keepDims` those axes stay, with size 1. Throws a `ShapeError` at an axis there is not.
 */
export const all: Op<["x"], Axes, Reduces<Axes>> = op({
  name: "all",
  inputs: ["x"],
  doc: "Whether all booleans along the given axes hold, by default along all; of none, they do.",
  attrs: ["axis", "keepDims"],
  shape: ([x], attrs) => reduceAxes("all", x, attrs),
  dtype: (dtypes) => onlyBooleans("all", dtypes),
  literals: { x: "bool" },
  kernel: (backend, [x], out, { axis }) =>
    backend.reduce("product", x, out, normalizeAxes("all", axis, x.shape.length)),
  vjp: "none",
  samples: booleans,
});

/**
 * Whether any boolean along the given axes holds, by default along all; of none, none does. A scalar, or what is left
 * of the shape; with `keepDims` those axes stay, with size 1. Throws a `ShapeError` at an axis there is not.
 */
export const any: Op<["x"], Axes, Reduces<Axes>> = op({
  name: "any",
  inputs: ["x"],
  doc: "Whether any boolean along the given axes holds, by default along all; of none, none does.",
  attrs: ["axis", "keepDims"],
  shape: ([x], attrs) => reduceAxes("any", x, attrs),
  dtype: (dtypes) => onlyBooleans("any", dtypes),
  literals: { x: "bool" },
  // The largest of no numbers is −∞, which is stored as 0.
  kernel: (backend, [x], out, { axis }) =>
    backend.reduce("max", x, out, normalizeAxes("any", axis, x.shape.length)),
  vjp: "none",
  samples: booleans,
});
