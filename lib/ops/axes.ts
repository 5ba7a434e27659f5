/** Axes that come and go, repeat, and turn around. */
import { sequence, type CopyLayout } from "../backend/backend.ts";
import { input, s } from "../core/scalar.ts";
import {
  broadcastShapes,
  checkShape,
  isKnown,
  normalizeAxes,
  normalizeAxis,
  quoted,
  sameShape,
  ShapeError,
  show,
  stridesOf,
  type PartialShape,
  type Shape,
} from "../core/shape.ts";
import { op, type Op } from "../graph/op.ts";
import { reshapeLike, sumLike } from "./structure.ts";

/** x with one more axis, of size 1, before `axis`; −1 puts it last. Throws a `ShapeError` at an axis beyond the last. */
export const expandDims: Op<["x"], { readonly axis: number }> = op({
  name: "expandDims",
  inputs: ["x"],
  doc: "x with one more axis, of size 1, before `axis`; −1 puts it last.",
  attrs: ["axis"],
  shape: ([x], { axis }) =>
    x === null ? null : x.toSpliced(normalizeAxis("expandDims", axis, x.length + 1), 0, 1),
  dtype: ([x]) => x,
  view: () => true,
  vjp: ({ inputs: [x] }, g) => [reshapeLike(g, x)],
  samples: [
    { shapes: [[3, 2]], attrs: { axis: 0 } },
    { shapes: [[3]], attrs: { axis: -1 } },
  ],
});

/**
 * x without the given axes, which have size 1; by default without all such axes. Throws a `ShapeError` at an axis
 * whose size is not 1.
 */
export const squeeze: Op<["x"], { readonly axis?: number | readonly number[] }> = op({
  name: "squeeze",
  inputs: ["x"],
  doc: "x without the given axes, which have size 1; by default without all such axes.",
  attrs: ["axis"],
  shape: ([x], { axis }) => squeezed(x, axis),
  dtype: ([x]) => x,
  view: () => true,
  vjp: ({ inputs: [x] }, g) => [reshapeLike(g, x)],
  samples: [{ shapes: [[3, 1, 2, 1]] }, { shapes: [[1, 3, 1]], attrs: { axis: [-1] } }],
});

function squeezed(x: PartialShape, axis: number | readonly number[] | undefined): PartialShape {
  if (x === null) return null;
  if (axis === undefined) return isKnown(x) ? x.filter((size) => size !== 1) : null;
  const axes = normalizeAxes("squeeze", axis, x.length);
  const wide = axes.find((at) => x[at] !== null && x[at] !== 1);
  if (wide !== undefined) {
    throw new ShapeError(
      `squeeze: axis ${wide} of x ${show(x)} has size ${x[wide]}; only axes of size 1 can go; use reshape`,
    );
  }
  return x.filter((_, at) => !axes.includes(at));
}

/** x, repeated as broadcasting does, in the given shape. Throws a `ShapeError` where x does not broadcast to it. */
export const broadcastTo: Op<["x"], { readonly shape: Shape }> = op({
  name: "broadcastTo",
  inputs: ["x"],
  doc: "x, repeated as broadcasting does, in the given shape.",
  attrs: ["shape"],
  shape: ([x], { shape }) => {
    checkShape("broadcastTo", shape);
    const both = broadcastShapes("broadcastTo", [x, shape]);
    if (isKnown(both) && !sameShape(both, shape)) {
      throw new ShapeError(`broadcastTo: x ${show(x)} does not broadcast to ${show(shape)}`);
    }
    return shape;
  },
  dtype: ([x]) => x,
  view: ([x], { shape }) => sameShape(x, shape),
  kernel: (backend, [x], out) => backend.map(input(0), [x], out),
  vjp: ({ inputs: [x] }, g) => [sumLike(g, x)],
  samples: [
    { shapes: [[3, 1]], attrs: { shape: [2, 3, 4] } },
    { shapes: [[]], attrs: { shape: [2] } },
  ],
});

/** How often each axis is repeated. */
export interface Multiples {
  readonly multiples: readonly number[];
}

/**
 * x, repeated as a whole along each axis as often as `multiples` says. Throws a `ShapeError` unless there is one whole
 * number from 0 up for each axis.
 */
export const tile: Op<["x"], Multiples> = op({
  name: "tile",
  inputs: ["x"],
  doc: "x, repeated as a whole along each axis as often as `multiples` says.",
  attrs: ["multiples"],
  shape: ([x], { multiples }) => tiled("tile", x, multiples),
  dtype: ([x]) => x,
  kernel: (backend, [x], out, { multiples }) => {
    const { sizes, whole, tiles } = tiling(x.shape, out.shape, multiples);
    return backend.copy(x, out, { sizes, from: tiles, to: whole });
  },
  vjp: ({ inputs: [x], attrs }, g) => [untile(g, x, attrs)],
  samples: [
    { shapes: [[2, 3]], attrs: { multiples: [2, 1] } },
    { shapes: [[3]], attrs: { multiples: [2] } },
  ],
});

/** Adjoint of `tile`: the sum of the tiles that x, `like` repeated, is made of. */
export const untile: Op<["x", "like"], Multiples> = op({
  name: "untile",
  inputs: ["x", "like"],
  doc: "The sum of the tiles of x, each in the shape of `like`.",
  attrs: ["multiples"],
  shape: ([x, like], { multiples }) => {
    const wanted = tiled("untile", like, multiples);
    if (isKnown(x) && isKnown(wanted) && !sameShape(x, wanted)) {
      throw new ShapeError(`untile: x ${show(x)}; wanted ${show(wanted)}`);
    }
    return like;
  },
  dtype: ([x]) => x,
  kernel: (backend, [x], out, { multiples }) => {
    const { sizes, whole, tiles } = tiling(out.shape, x.shape, multiples);
    const add = backend.copy(x, out, { sizes, from: whole, to: tiles, add: true });
    return sequence(backend.map(s.add(0, 0), [], out), add);
  },
  vjp: ({ attrs }, g) => [tile(g, attrs), null],
  samples: [
    {
      shapes: [
        [4, 3],
        [2, 3],
      ],
      attrs: { multiples: [2, 1] },
    },
  ],
});

function tiled(name: string, x: PartialShape, multiples: readonly number[]): PartialShape {
  if (!Array.isArray(multiples)) {
    throw new ShapeError(
      `${name}: multiples is ${quoted(multiples)}; wanted one number per axis: { multiples: [2, 1] }`,
    );
  }
  const bad = (multiples as readonly number[]).find(
    (count) => !Number.isInteger(count) || count < 0,
  );
  if (bad !== undefined) {
    throw new ShapeError(
      `${name}: multiples [${multiples.join(", ")}] are no whole numbers from 0 up`,
    );
  }
  if (x === null) return null;
  if (x.length !== multiples.length) {
    throw new ShapeError(
      `${name}: x ${show(x)} and ${multiples.length} multiples [${multiples.join(", ")}]; wanted one per axis`,
    );
  }
  return x.map((size, axis) => (size === null ? null : size * multiples[axis]));
}

/** Every axis as two: which tile, and where in it. */
function tiling(
  small: Shape,
  large: Shape,
  multiples: readonly number[],
): { sizes: number[]; whole: CopyLayout["to"]; tiles: CopyLayout["from"] } {
  const [own, outer] = [stridesOf(small), stridesOf(large)];
  return {
    sizes: small.flatMap((size, axis) => [multiples[axis], size]),
    whole: { offset: 0, strides: small.flatMap((size, axis) => [size * outer[axis], outer[axis]]) },
    tiles: { offset: 0, strides: own.flatMap((stride) => [0, stride]) },
  };
}

/** x with the order along the given axes turned around, by default along all. Shape and dtype stay. */
export const reverse: Op<["x"], { readonly axis?: number | readonly number[] }> = op({
  name: "reverse",
  inputs: ["x"],
  doc: "x with the order along the given axes turned around, by default along all.",
  attrs: ["axis"],
  shape: ([x], { axis }) => {
    if (x !== null) normalizeAxes("reverse", axis, x.length);
    return x;
  },
  dtype: ([x]) => x,
  kernel: (backend, [x], out, { axis }) => {
    const axes = normalizeAxes("reverse", axis, x.shape.length);
    const strides = stridesOf(x.shape);
    const offset = axes.reduce((sum, at) => sum + (x.shape[at] - 1) * strides[at], 0);
    const back = strides.map((stride, at) => (axes.includes(at) ? -stride : stride));
    const from = { offset, strides: back };
    return backend.copy(x, out, { sizes: x.shape, from, to: { offset: 0, strides } });
  },
  vjp: ({ attrs }, g) => [reverse(g, attrs)],
  samples: [{ shapes: [[3, 2]] }, { shapes: [[2, 3, 2]], attrs: { axis: [1] } }],
});
