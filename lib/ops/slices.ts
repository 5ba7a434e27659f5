/** Parts of a tensor, and a tensor as a part of a larger one. */
import { sequence, type CopyLayout } from "../backend/backend.ts";
import { s } from "../core/scalar.ts";
import {
  isKnown,
  normalizeAxis,
  sameShape,
  ShapeError,
  show,
  stridesOf,
  type PartialShape,
  type Shape,
} from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { GraphError } from "../graph/node.ts";
import { op, type Op } from "../graph/op.ts";

/** A position along an axis; negative ones count from the end, null is the end itself. */
export type Bound = number | null;

/**
 * Which part: of one axis (`axis`, by default the first), or with arrays of the first axes, one entry each.
 * From `begin` to before `end`, every `step`-th, as NumPy's x[begin:end:step].
 */
export interface Slice {
  readonly axis?: number;
  readonly begin?: Bound | readonly Bound[];
  readonly end?: Bound | readonly Bound[];
  readonly step?: number | readonly number[];
}

/**
 * The part of x from `begin` to before `end`, every `step`-th, as NumPy's x[begin:end:step]: numbers for one `axis`,
 * by default the first, arrays for several. Bounds beyond the ends are moved to them, negative ones count from the
 * end. Throws a `ShapeError` at step 0.
 */
export const slice: Op<["x"], Slice> = op({
  name: "slice",
  inputs: ["x"],
  doc: "The part of x from `begin` to before `end`, every `step`-th, as NumPy's x[begin:end:step]: numbers for one `axis`, by default the first, arrays for several.",
  attrs: ["axis", "begin", "end", "step"],
  shape: ([x], attrs) => partShape("slice", x, attrs),
  dtype: ([x]) => x,
  kernel: (backend, [x], out, attrs) => {
    const { sizes, from, to } = partOf("slice", x.shape, attrs);
    return backend.copy(x, out, { sizes, from, to });
  },
  vjp: ({ inputs: [x], attrs }, g) => [sliceInto(g, x, attrs)],
  samples: [
    { shapes: [[5]], attrs: { begin: 1, end: -1 } },
    { shapes: [[3, 4]], attrs: { axis: 1, begin: 1, step: 2 } },
    { shapes: [[3, 4]], attrs: { begin: [1, null], end: [null, 1], step: [1, -1] } },
  ],
});

/** Adjoint of `slice`: zeros in the shape of `like`, with x as that part of it. */
export const sliceInto: Op<["x", "like"], Slice> = op({
  name: "sliceInto",
  inputs: ["x", "like"],
  doc: "Zeros in the shape of `like`, with x where slice would take its part.",
  attrs: ["axis", "begin", "end", "step"],
  shape: ([x, like], attrs) => {
    const part = partShape("sliceInto", like, attrs);
    if (isKnown(x) && isKnown(part) && !sameShape(x, part)) {
      throw new ShapeError(`sliceInto: x ${show(x)}; wanted the part's shape, ${show(part)}`);
    }
    return like;
  },
  dtype: ([x]) => x,
  kernel: (backend, [x], out, attrs) => {
    const { sizes, from, to } = partOf("sliceInto", out.shape, attrs);
    const zeros = backend.map(s.add(0, 0), [], out);
    return sequence(zeros, backend.copy(x, out, { sizes, from: to, to: from }));
  },
  vjp: ({ attrs }, g) => [slice(g, attrs), null],
  samples: [
    { shapes: [[3], [5]], attrs: { begin: 1, end: -1 } },
    {
      shapes: [
        [3, 2],
        [3, 4],
      ],
      attrs: { axis: 1, begin: 1, step: 2 },
    },
  ],
});

/** How much to add at both ends of each axis. */
export interface Paddings {
  /** [before, after] for each axis, or one number for all ends. */
  readonly paddings: number | readonly (readonly [before: number, after: number])[];
  readonly value?: number;
}

/**
 * x with `value`, by default 0, added around it: `paddings` is [before, after] for each axis, or one number for all
 * ends. Throws a `ShapeError` unless there is a pair of whole numbers from 0 up for each axis.
 */
export const pad: Op<["x"], Paddings> = op({
  name: "pad",
  inputs: ["x"],
  doc: "x with `value`, by default 0, added around it: `paddings` is [before, after] for each axis, or one number for all ends.",
  attrs: ["paddings", "value"],
  shape: ([x], { paddings }) => {
    const ends = checkPaddings(paddings, x?.length ?? null, x);
    if (x === null) return null;
    return x.map((size, axis) => (size === null ? null : size + ends[axis][0] + ends[axis][1]));
  },
  dtype: ([x], { value = 0 }) => {
    if (x !== "int32" || Number.isInteger(value)) return x;
    throw new GraphError(
      `pad: value is ${describe(value)}, and x is int32; wanted a whole number, or cast x first: cast(x, { dtype: "float64" })`,
    );
  },
  kernel: (backend, [x], out, { paddings, value = 0 }) => {
    const ends = checkPaddings(paddings, x.shape.length);
    const strides = stridesOf(out.shape);
    const offset = ends.reduce((sum, [before], axis) => sum + before * strides[axis], 0);
    const from = { offset: 0, strides: stridesOf(x.shape) };
    const layout: CopyLayout = { sizes: x.shape, from, to: { offset, strides } };
    return sequence(backend.map(s.add(value, 0), [], out), backend.copy(x, out, layout));
  },
  vjp: ({ attrs: { paddings }, inputs: [x] }, g) => [unpad(g, x, { paddings })],
  samples: [
    {
      shapes: [[2, 3]],
      attrs: {
        paddings: [
          [1, 0],
          [0, 2],
        ],
      },
    },
    { shapes: [[3]], attrs: { paddings: 1, value: 2 } },
  ],
});

/** Adjoint of `pad`: x without what pad adds to `like`. */
export const unpad: Op<["x", "like"], Pick<Paddings, "paddings">> = op({
  name: "unpad",
  inputs: ["x", "like"],
  doc: "x, which has the shape of `like` after padding, without what was added.",
  attrs: ["paddings"],
  shape: ([x, like], { paddings }) => {
    if (like !== null) checkPaddings(paddings, like.length, x);
    return like;
  },
  dtype: ([x]) => x,
  kernel: (backend, [x], out, { paddings }) => {
    const ends = checkPaddings(paddings, out.shape.length);
    const strides = stridesOf(x.shape);
    const offset = ends.reduce((sum, [before], axis) => sum + before * strides[axis], 0);
    const to = { offset: 0, strides: stridesOf(out.shape) };
    return backend.copy(x, out, { sizes: out.shape, from: { offset, strides }, to });
  },
  vjp: ({ attrs: { paddings } }, g) => [pad(g, { paddings }), null],
  samples: [{ shapes: [[5], [3]], attrs: { paddings: [[2, 0]] } }],
});

function checkPaddings(
  paddings: Paddings["paddings"],
  rank: number | null,
  x: PartialShape = null,
): readonly (readonly [number, number])[] {
  const ends =
    typeof paddings === "number"
      ? Array.from({ length: rank ?? 1 }, () => [paddings, paddings] as const)
      : paddings;
  if (!Array.isArray(ends) || !ends.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    throw new ShapeError(
      `pad: paddings is ${JSON.stringify(paddings)}; wanted [before, after] for each axis, or one number for all ends`,
    );
  }
  if (rank !== null && ends.length !== rank) {
    throw new ShapeError(
      `pad: paddings for ${ends.length} axes, x ${show(x)} has ${rank}; write [before, after] for each`,
    );
  }
  const pairs = ends as readonly (readonly [number, number])[];
  if (pairs.flat().every((size) => Number.isInteger(size) && size >= 0)) return pairs;
  throw new ShapeError(
    `pad: paddings [${pairs.join("], [")}] are no whole numbers from 0 up; use slice to cut`,
  );
}

/** What a slice takes of one axis. */
interface Taken {
  readonly first: number;
  readonly count: number;
  readonly step: number;
}

function partShape(name: string, x: PartialShape, attrs: Slice): PartialShape {
  if (x === null) return null;
  const axes = axesOf(name, x, attrs);
  return x.map((size, axis) => (size === null ? null : taken(name, size, axes[axis]).count));
}

/** The strided place of the part within the whole, and of the part by itself. */
function partOf(name: string, whole: Shape, attrs: Slice): CopyLayout {
  const axes = axesOf(name, whole, attrs);
  const parts = whole.map((size, axis) => taken(name, size, axes[axis]));
  const strides = stridesOf(whole);
  const sizes = parts.map(({ count }) => count);
  return {
    sizes,
    from: {
      offset: parts.reduce((sum, { first }, axis) => sum + first * strides[axis], 0),
      strides: parts.map(({ step }, axis) => step * strides[axis]),
    },
    to: { offset: 0, strides: stridesOf(sizes) },
  };
}

interface Bounds {
  readonly begin: Bound;
  readonly end: Bound;
  readonly step: number;
}

/** Bounds of every axis; those that are not mentioned are taken whole. */
function axesOf(name: string, x: readonly (number | null)[], attrs: Slice): readonly Bounds[] {
  const { axis, begin = null, end = null, step = 1 } = attrs;
  const lists = [begin, end, step].filter((value) => typeof value === "object" && value !== null);
  const longest = Math.max(0, ...lists.map((list) => (list as readonly unknown[]).length));
  if (longest > x.length || (longest > 0 && axis !== undefined)) {
    const wanted =
      axis === undefined ? `one entry per axis, ${x.length} at most` : "numbers beside axis";
    throw new ShapeError(`${name}: x ${show(x)} and bounds of ${longest} axes; wanted ${wanted}`);
  }
  const only = longest > 0 ? undefined : normalizeAxis(name, axis ?? 0, x.length);
  const at = <T>(value: T | readonly T[], i: number, whole: T): T => {
    if (Array.isArray(value)) return (value as readonly T[])[i] ?? whole;
    return i === (only ?? 0) ? (value as T) : whole;
  };
  return x.map((_, i) => ({
    begin: at<Bound>(begin, i, null),
    end: at<Bound>(end, i, null),
    step: at<number>(step, i, 1),
  }));
}

/** As Python's slice.indices: bounds beyond the ends are moved to them. */
function taken(name: string, size: number, { begin, end, step }: Bounds): Taken {
  const numbers = [begin ?? 0, end ?? 0, step];
  if (step === 0 || !numbers.every((value) => Number.isInteger(value))) {
    throw new ShapeError(
      `${name}: begin ${begin}, end ${end}, step ${step}: wanted whole numbers, and a step other than 0`,
    );
  }
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const inside = (bound: number): number =>
    Math.min(high, Math.max(low, bound < 0 ? bound + size : bound));
  const first = begin === null ? (step > 0 ? 0 : size - 1) : inside(begin);
  const last = end === null ? (step > 0 ? size : -1) : inside(end);
  return { first, count: Math.max(0, Math.ceil((last - first) / step)), step };
}
