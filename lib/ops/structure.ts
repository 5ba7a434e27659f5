/** Ops that move or repeat numbers, each beside its adjoint. */
import { viewOf } from "../backend/backend.ts";
import { checkDtype, isFloat, type Dtype } from "../core/dtype.ts";
import { input, s } from "../core/scalar.ts";
import {
  broadcastShapes,
  checkSize,
  isKnown,
  normalizeAxes,
  normalizeAxis,
  openSize,
  quoted,
  reduceAxes,
  reducedShape,
  type Axes,
  sameShape,
  ShapeError,
  show,
  type PartialShape,
  type Shape,
} from "../core/shape.ts";
import { commonNumber, op, type Op } from "../graph/op.ts";
import type { NoAttrs } from "../graph/op.ts";
import type { Reduces, SameShape } from "../graph/shaped.ts";

/**
 * Sum of the numbers along the given axes, by default all: y = Σ x. A scalar, or what is left of the shape; with
 * `keepDims` those axes stay, with size 1. Throws a `ShapeError` at an axis there is not.
 */
export const reduceSum: Op<["x"], Axes, Reduces<Axes>> = op({
  name: "reduceSum",
  inputs: ["x"],
  doc: "Sum of the numbers along the given axes, by default all: y = Σ x.",
  attrs: ["axis", "keepDims"],
  shape: ([x], attrs) => reduceAxes("reduceSum", x, attrs),
  dtype: (dtypes) => commonNumber("reduceSum", dtypes),
  kernel: (backend, [x], out, { axis }) =>
    backend.reduce("sum", x, out, normalizeAxes("reduceSum", axis, x.shape.length)),
  vjp: ({ inputs: [x], attrs }, g) => [repeatLike(g, x, attrs)],
  samples: [
    { shapes: [[3, 4]] },
    { shapes: [[3, 4]], attrs: { axis: 1 } },
    { shapes: [[3, 4]], attrs: { axis: 0, keepDims: true } },
    { shapes: [[2, 3, 4]], attrs: { axis: [0, 2] } },
    { shapes: [[]] },
  ],
});

/** Adjoint of `reduceSum`: x, which has the shape of `like` summed over `axis`, repeated along those axes. */
export const repeatLike: Op<["x", "like"], Axes> = op({
  name: "repeatLike",
  inputs: ["x", "like"],
  doc: "Repeats x along the axes of `like` that reduceSum would remove.",
  attrs: ["axis", "keepDims"],
  shape: ([x, like], attrs) => {
    const wanted = reduceAxes("repeatLike", like, attrs);
    if (isKnown(x) && isKnown(wanted) && !sameShape(x, wanted)) {
      throw new ShapeError(`repeatLike: x ${show(x)}; wanted what like leaves, ${show(wanted)}`);
    }
    return like;
  },
  dtype: ([x]) => x,
  kernel: (backend, [x, like], out, { axis }) => {
    const axes = normalizeAxes("repeatLike", axis, like.shape.length);
    return backend.map(input(0), [viewOf(x, reducedShape(like.shape, axes, true) as Shape)], out);
  },
  vjp: ({ attrs }, g) => [reduceSum(g, attrs), null],
  samples: [
    { shapes: [[], [3, 4]] },
    { shapes: [[3], [3, 4]], attrs: { axis: 1 } },
    {
      shapes: [
        [1, 4],
        [3, 4],
      ],
      attrs: { axis: 0, keepDims: true },
    },
  ],
});

/** x broadcast to the shape of `like`. */
export const broadcastLike: Op<["x", "like"]> = op({
  name: "broadcastLike",
  inputs: ["x", "like"],
  doc: "x, repeated as broadcasting does, in the shape of `like`.",
  shape: ([x, like]) => {
    checkBroadcast("broadcastLike", x, like);
    return like;
  },
  dtype: ([x]) => x,
  view: ([x, like]) => sameShape(x, like),
  kernel: (backend, [x], out) => backend.map(input(0), [x], out),
  vjp: ({ inputs: [x] }, g) => [sumLike(g, x), null],
  samples: [
    { shapes: [[4], [3, 4]] },
    {
      shapes: [
        [3, 1],
        [3, 4],
      ],
    },
    { shapes: [[], [2, 2]] },
  ],
});

/** Adjoint of `broadcastLike`: x summed over the axes along which `like` would be repeated. */
export const sumLike: Op<["x", "like"]> = op({
  name: "sumLike",
  inputs: ["x", "like"],
  doc: "x, summed over the axes that broadcasting `like` to its shape repeats.",
  shape: ([x, like]) => {
    checkBroadcast("sumLike", like, x);
    return like;
  },
  dtype: ([x]) => commonNumber("sumLike", [x]),
  view: ([x, like]) => sameShape(x, like),
  kernel: (backend, [x], out) => backend.reduce("sum", x, out, repeatedAxes(out.shape, x.shape)),
  vjp: ({ inputs: [x] }, g) => [broadcastLike(g, x), null],
  samples: [
    { shapes: [[3, 4], [4]] },
    {
      shapes: [
        [3, 4],
        [3, 1],
      ],
    },
    { shapes: [[2, 2], []] },
  ],
});

/** Throws if `small` is known not to broadcast to the shape of `large`. */
function checkBroadcast(name: string, small: PartialShape, large: PartialShape): void {
  if (!isKnown(small) || !isKnown(large)) return;
  if (sameShape(broadcastShapes(name, [small, large]) as Shape, large)) return;
  throw new ShapeError(`${name}: ${show(small)} does not broadcast to ${show(large)}`);
}

/** The axes of `target` along which `shape` is repeated. */
function repeatedAxes(shape: Shape, target: Shape): number[] {
  const lead = target.length - shape.length;
  return target.flatMap((size, axis) => {
    const own = axis < lead ? 1 : shape[axis - lead];
    return axis < lead || (own === 1 && size !== 1) ? [axis] : [];
  });
}

/**
 * x with its axes in the given order, by default reversed; of a matrix, xᵀ. Throws a `ShapeError` unless `axes` names
 * each axis once.
 */
export const transpose: Op<["x"], { readonly axes?: readonly number[] }> = op({
  name: "transpose",
  inputs: ["x"],
  doc: "x with its axes in the given order, by default reversed; of a matrix, xᵀ.",
  attrs: ["axes"],
  shape: ([x], { axes }) => {
    if (x === null) return null;
    return permutation(x.length, axes).map((axis) => x[axis]!);
  },
  dtype: ([x]) => x,
  kernel: (backend, [x], out, { axes }) =>
    backend.permute(x, out, permutation(x.shape.length, axes)),
  vjp: ({ attrs: { axes } }, g) => [
    axes === undefined ? transpose(g) : transpose(g, { axes: inverse(axes) }),
  ],
  samples: [
    { shapes: [[3, 4]] },
    { shapes: [[2, 3, 4]], attrs: { axes: [1, 2, 0] } },
    { shapes: [[4]] },
  ],
});

function permutation(rank: number, axes: readonly number[] | undefined): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => rank - 1 - i);
  if (!Array.isArray(axes)) {
    throw new ShapeError(
      `transpose: axes is ${quoted(axes)}; wanted an array of all axes: { axes: [1, 0] }`,
    );
  }
  const order = axes.map((axis: number) => normalizeAxis("transpose", axis, rank));
  if (order.length !== rank || new Set(order).size !== rank) {
    throw new ShapeError(
      `transpose: axes [${axes.join(", ")}] of rank ${rank}: name each axis from 0 to ${rank - 1} once`,
    );
  }
  return order;
}

function inverse(axes: readonly number[]): number[] {
  const order = permutation(axes.length, axes);
  return order.map((_, i) => order.indexOf(i));
}

/**
 * The numbers of x, in the same order, in another shape; one size may be −1, which is then what is left. Throws a
 * `ShapeError` unless both shapes hold as many numbers; a size that only a run knows is checked there.
 */
export const reshape: Op<["x"], { readonly shape: Shape }> = op({
  name: "reshape",
  inputs: ["x"],
  doc: "The numbers of x, in the same order, in another shape; one size may be −1, which is then what is left.",
  attrs: ["shape"],
  shape: ([x], { shape }) => {
    const wanted = openSize("reshape", x, shape);
    if (isKnown(x) && isKnown(wanted)) checkSize("reshape", x, wanted);
    return wanted;
  },
  dtype: ([x]) => x,
  view: () => true,
  vjp: ({ inputs: [x] }, g) => [reshapeLike(g, x)],
  samples: [
    { shapes: [[3, 4]], attrs: { shape: [2, 6] } },
    { shapes: [[3, 4]], attrs: { shape: [2, -1, 3] } },
  ],
});

/** Adjoint of `reshape`: x in the shape of `like`. */
export const reshapeLike: Op<["x", "like"]> = op({
  name: "reshapeLike",
  inputs: ["x", "like"],
  doc: "The numbers of x, in the same order, in the shape of `like`.",
  shape: ([x, like]) => {
    if (isKnown(x) && isKnown(like)) checkSize("reshapeLike", x, like);
    return like;
  },
  dtype: ([x]) => x,
  view: () => true,
  vjp: ({ inputs: [x] }, g) => [reshapeLike(g, x), null],
  samples: [
    {
      shapes: [
        [2, 6],
        [3, 4],
      ],
    },
  ],
});

/** x itself; gradients end here. Shape and dtype stay. */
export const stopGradient: Op<["x"], NoAttrs, SameShape> = op({
  name: "stopGradient",
  inputs: ["x"],
  doc: "x itself; gradients end here.",
  dtype: ([x]) => x,
  view: () => true,
  vjp: "none",
  samples: [{ shapes: [[3]] }],
});

/**
 * x as another dtype. Floats to int32 are cut towards 0; a number is true unless it is 0. Gradients pass between
 * floats.
 */
export const cast: Op<["x"], { readonly dtype: Dtype }> = op({
  name: "cast",
  inputs: ["x"],
  doc: "x as another dtype.",
  attrs: ["dtype"],
  dtype: (_, { dtype }) => checkDtype(dtype),
  kernel: (backend, [x], out) => {
    const truth = s.where(s.equal(input(0), 0), 0, 1);
    return backend.map(out.dtype === "bool" ? truth : input(0), [x], out);
  },
  vjp: ({ inputs: [x] }, g) => [isFloat(x.dtype) ? cast(g, { dtype: x.dtype }) : null],
  samples: [{ shapes: [[3]], attrs: { dtype: "float64" } }],
});
