/** Means and variances, as compositions of sums. */
import { normalizeAxes, reduceAxes, type Axes } from "../core/shape.ts";
import { s } from "../core/scalar.ts";
import { composition, type Composition } from "../graph/composition.ts";
import { op, type Op, type Sample } from "../graph/op.ts";
import { maximum } from "./arithmetic.ts";
import { divide, square, subtract } from "./elementwise.ts";
import { reduceSum } from "./structure.ts";
import type { Reduces } from "../graph/shaped.ts";

const samples: readonly Sample<Axes>[] = [
  { shapes: [[3, 4]] },
  { shapes: [[3, 4]], attrs: { axis: 1 } },
  { shapes: [[3, 4]], attrs: { axis: 0, keepDims: true } },
  { shapes: [[2, 3, 2]], attrs: { axis: [0, -1] } },
];

/** How many numbers of x there are along the given axes, by default in all: a scalar of the type of x. */
export const countAlong: Op<["x"], Axes> = op({
  name: "countAlong",
  inputs: ["x"],
  doc: "How many numbers of x there are along the given axes, by default in all: a scalar of the type of x.",
  attrs: ["axis", "keepDims"],
  shape: ([x], attrs) => {
    reduceAxes("countAlong", x, attrs);
    return [];
  },
  kernel: (backend, [x], out, { axis }) => {
    const axes = normalizeAxes("countAlong", axis, x.shape.length);
    const count = axes.reduce((product, at) => product * x.shape[at], 1);
    return backend.map(s.add(count, 0), [], out);
  },
  vjp: "none",
  samples,
});

/**
 * The mean of the numbers along the given axes, by default all; NaN of none. A scalar, or what is left of the shape;
 * with `keepDims` those axes stay, with size 1. Throws a `ShapeError` at an axis there is not.
 */
export const reduceMean: Composition<["x"], Axes, Reduces<Axes>> = composition({
  name: "reduceMean",
  inputs: ["x"],
  doc: "The mean of the numbers along the given axes, by default all; NaN of none.",
  attrs: ["axis", "keepDims"],
  compose: ([x], axes) => divide(reduceSum(x, axes), countAlong(x, axes)),
  samples,
});

/**
 * The mean of (x − mean)² along the given axes, by default all, divided by their count as in NumPy; `correction: 1`
 * divides by one less, as PyTorch does unless told otherwise. A scalar, or what is left of the shape; with `keepDims`
 * those axes stay, with size 1. Throws a `ShapeError` at an axis there is not.
 */
export const reduceVariance: Composition<["x"], Axes & { readonly correction?: number }> =
  composition({
    name: "reduceVariance",
    inputs: ["x"],
    doc: "The mean of (x − mean)² along the given axes, by default all, divided by their count as in NumPy; `correction: 1` divides by one less, as PyTorch does unless told otherwise.",
    attrs: ["axis", "keepDims", "correction"],
    compose: ([x], { correction = 0, ...axes }) => {
      const centred = subtract(x, reduceMean(x, { ...axes, keepDims: true }));
      const count = countAlong(x, axes);
      // As NumPy, no fewer than 0: the variance of too few is NaN, not negative.
      const freedom = correction === 0 ? count : maximum(subtract(count, correction), 0);
      return divide(reduceSum(square(centred), axes), freedom);
    },
    samples: [...samples, { shapes: [[4, 2]], attrs: { axis: 0, correction: 1 } }],
  });
