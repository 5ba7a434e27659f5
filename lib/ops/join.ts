/** Several tensors as one, and one as several. */
import { sequence, type CopyLayout } from "../backend/backend.ts";
import {
  fits,
  normalizeAxis,
  ShapeError,
  show,
  stridesOf,
  type PartialShape,
  type Shape,
} from "../core/shape.ts";
import { checkOptions } from "../core/options.ts";
import { atCall, checkNode, labelWithShape, makeNode } from "../graph/build.ts";
import type { Dtype } from "../core/dtype.ts";
import { listOp, type ListOp } from "../graph/list_op.ts";
import { GraphError, type Node, type OpSpec } from "../graph/node.ts";
import { squeeze } from "./axes.ts";
import { zerosLike } from "./create.ts";
import { slice } from "./slices.ts";

/** The axis along which tensors are joined, by default the first. */
export interface Join {
  readonly axis?: number;
}

/**
 * The given tensors one after the other along an axis, by default the first. Throws a `ShapeError` unless all other
 * sizes are equal, a `GraphError` at two dtypes.
 */
export const concat: ListOp<Join> = listOp({
  name: "concat",
  doc: "The given tensors one after the other along an axis, by default the first.",
  attrs: ["axis"],
  shape: (shapes, { axis = 0 }) => concatShape(shapes, axis),
  dtype: (dtypes) => oneType("concat", dtypes),
  kernel: (backend, xs, out, { axis = 0 }) => {
    const at = normalizeAxis("concat", axis, out.shape.length);
    const steps = xs.map((x, i) => backend.copy(x, out, partLayout(xs, i, out.shape, at)));
    return sequence(...steps);
  },
  vjp: ({ inputs, attrs: { axis = 0 } }, g) =>
    inputs.map((_, position) =>
      makeNode(concatPart, [g, ...inputs], { attrs: { axis, position } }),
    ),
  samples: [
    {
      shapes: [
        [2, 3],
        [1, 3],
        [2, 3],
      ],
    },
    {
      shapes: [
        [2, 1],
        [2, 3],
      ],
      attrs: { axis: -1 },
    },
    { shapes: [[3]] },
  ],
});

interface PartAttrs {
  readonly axis: number;
  readonly position: number;
}

/** Adjoint of `concat` in one of its inputs: that input's part of the whole. */
const concatPart: OpSpec = {
  name: "concatPart",
  shape: ([, ...xs], attrs) => xs[(attrs as PartAttrs).position],
  dtype: ([g]) => g,
  kernel: (backend, [g, ...xs], out, attrs) => {
    const { axis, position } = attrs as PartAttrs;
    const at = normalizeAxis("concat", axis, g.shape.length);
    const { sizes, from, to } = partLayout(xs, position, g.shape, at);
    return backend.copy(g, out, { sizes, from: to, to: from });
  },
  vjp: ({ inputs: [, ...xs], attrs }, h) => {
    const { axis, position } = attrs as PartAttrs;
    const parts = xs.map((x, i) => (i === position ? h : zerosLike(x)));
    return [concat(parts, { axis }), ...xs.map(() => null)];
  },
};

/** From part `position` by itself to its place in the whole. */
function partLayout(
  xs: readonly { readonly shape: Shape }[],
  position: number,
  whole: Shape,
  axis: number,
): CopyLayout {
  const { shape } = xs[position];
  const strides = stridesOf(whole);
  const before = xs.slice(0, position).reduce((sum, x) => sum + x.shape[axis], 0);
  return {
    sizes: shape,
    from: { offset: 0, strides: stridesOf(shape) },
    to: { offset: before * strides[axis], strides },
  };
}

function concatShape(shapes: readonly PartialShape[], axis: number): PartialShape {
  const known = shapes.filter((shape) => shape !== null);
  if (known.length === 0) return null;
  const at = normalizeAxis("concat", axis, known[0].length);
  const open = known.map((shape) => shape.map((size, i) => (i === at ? null : size)));
  const merged = mergeShapes("concat", open, known, `sizes but that of axis ${at} must be equal`);
  const length = shapes.reduce<number | null>((sum, shape) => {
    const size = shape?.[at] ?? null;
    return sum === null || size === null ? null : sum + size;
  }, 0);
  return merged.map((size, i) => (i === at ? length : size));
}

/** The shape that all are, as far as one of them says; throws if two say different things. */
function mergeShapes(
  name: string,
  shapes: readonly (readonly (number | null)[])[],
  shown: readonly PartialShape[],
  wanted: string,
): (number | null)[] {
  const [first] = shapes;
  const merged = first.map((_, axis) => {
    const sizes = shapes.map((shape) => shape[axis]).filter((size) => typeof size === "number");
    return sizes[0] ?? null;
  });
  const fitting = shapes.every(
    (shape) =>
      shape.length === first.length &&
      fits(
        shape.map((size, axis) => size ?? merged[axis] ?? 0),
        merged,
      ),
  );
  if (fitting) return merged;
  throw new ShapeError(`${name}: shapes ${shown.map(show).join(" and ")}: ${wanted}`);
}

function oneType(name: string, dtypes: readonly Dtype[]): Dtype {
  if (dtypes.every((dtype) => dtype === dtypes[0])) return dtypes[0];
  throw new GraphError(
    `${name}: got ${[...new Set(dtypes)].join(" and ")}; wanted one type throughout; use cast(x, { dtype })`,
  );
}

/**
 * The given tensors, all of one shape, side by side along a new axis, by default the first. Throws a `ShapeError`
 * unless all shapes are equal, a `GraphError` at two dtypes.
 */
export const stack: ListOp<Join> = listOp({
  name: "stack",
  doc: "The given tensors, all of one shape, side by side along a new axis, by default the first.",
  attrs: ["axis"],
  shape: (shapes, { axis = 0 }) => {
    const known = shapes.filter((shape) => shape !== null);
    if (known.length === 0) return null;
    const merged = mergeShapes(
      "stack",
      known,
      known,
      "shapes must be equal; use concat to join along an axis",
    );
    return merged.toSpliced(normalizeAxis("stack", axis, merged.length + 1), 0, shapes.length);
  },
  dtype: (dtypes) => oneType("stack", dtypes),
  kernel: (backend, xs, out, { axis = 0 }) => {
    const at = normalizeAxis("stack", axis, out.shape.length);
    const strides = stridesOf(out.shape);
    const steps = xs.map((x, i) => {
      const to = { offset: i * strides[at], strides: strides.toSpliced(at, 1) };
      const from = { offset: 0, strides: stridesOf(x.shape) };
      return backend.copy(x, out, { sizes: x.shape, from, to });
    });
    return sequence(...steps);
  },
  vjp: ({ inputs, attrs: { axis = 0 } }, g) => inputs.map((_, i) => takeAt(g, axis, i)),
  samples: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
    },
    { shapes: [[2], [2], [2]], attrs: { axis: -1 } },
  ],
});

/** The tensors side by side along an axis, by default the first, whose size has to be known. */
export function unstack(x: Node, options: Join = {}): Node[] {
  return atCall(() => {
    checkOptions("unstack", options, ["axis"], "unstack(x, { axis: 1 })");
    return unstacked(checkNode("unstack: x", x), options.axis ?? 0);
  });
}

function unstacked(x: Node, axis: number): Node[] {
  const size = x.shape === null ? null : x.shape[normalizeAxis("unstack", axis, x.shape.length)];
  if (size === null) {
    throw new ShapeError(
      `unstack: the size of axis ${axis} of x ${labelWithShape(x)} is not known when the graph is built; use slice`,
    );
  }
  const origin = x.graph.here();
  return x.graph.inheriting(origin, () =>
    Array.from({ length: size }, (_, i) => takeAt(x, axis, i)),
  );
}

/** x at one position of an axis, which vanishes. */
function takeAt(x: Node, axis: number, i: number): Node {
  return squeeze(slice(x, { axis, begin: i, end: i + 1 }), { axis });
}
