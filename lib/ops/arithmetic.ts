/** Powers, roots, extremes and whole numbers. */
import type { Backend, Buffer } from "../backend/backend.ts";
import { isFloat, type Dtype } from "../core/dtype.ts";
import { input, s, type Scalar } from "../core/scalar.ts";
import { describe } from "../core/describe.ts";
import { Constant } from "../graph/build.ts";
import { GraphError, type Node } from "../graph/node.ts";
import { commonNumber, op, type Op } from "../graph/op.ts";
import { greaterEqual, less, lessEqual, logicalAnd } from "./comparison.ts";
import { divide, equal, log, multiply, negative, subtract, where } from "./elementwise.ts";
import { binary, positive, unary } from "./samples.ts";
import { unbroadcast } from "./unbroadcast.ts";
import type { NoAttrs } from "../graph/op.ts";
import type { Broadcasts, SameShape } from "../graph/shaped.ts";

const roots = unary.map((sample) => ({ ...sample, domain: positive }));
const away = [
  { shapes: [[3, 2]], domain: positive },
  { shapes: [[4]], domain: [-2, -0.5] },
] as const;

/**
 * x to the power of y; NaN where x < 0 and y is no whole number, and 1 where y is 0. Shapes broadcast as in NumPy: a
 * `ShapeError` if they do not, a `GraphError` at two dtypes.
 */
export const power: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "power",
  inputs: ["x", "y"],
  doc: "x to the power of y; NaN where x < 0 and y is no whole number, and 1 where y is 0.",
  scalar: (x, y) => s.power(x, exponent(x, y)),
  // x⁰ is 1 and 0^y is 0 for every y > 0, so their derivatives are 0 where the formulas give 0·∞.
  vjp: ({ inputs: [x, y], output }, g) => {
    const dx = slopeInBase(x, y);
    const flat = logicalAnd(equal(x, 0), greaterEqual(y, 0));
    const dy = where(flat, 0, multiply(output, log(where(flat, 1, x))));
    return [unbroadcast(multiply(g, dx), x), unbroadcast(multiply(g, dy), y)];
  },
  samples: [
    ...binary.map((sample) => ({ ...sample, domain: positive })),
    { shapes: [[3], []], domain: [1.5, 3] },
  ],
});

/** y, or 0 where x is 1, or −1 and y infinite: IEEE 754 gives 1 there, JavaScript NaN. */
function exponent(x: Scalar, y: Scalar): Scalar {
  const isInfinite = s.equal(s.abs(y), Infinity);
  const isOne = s.where(s.equal(x, -1), isInfinite, s.equal(x, 1));
  return s.where(s.less(s.abs(y), Infinity), y, s.where(isOne, 0, y));
}

function slopeInBase(x: Node, y: Node): Node {
  const slope = (base: Node): Node => multiply(y, power(base, subtract(y, 1)));
  if (y instanceof Constant && !y.value.data.includes(0)) return slope(x);
  const none = equal(y, 0);
  // 1 in place of the base keeps 0 to a negative power, an infinity, out of the second derivative.
  return where(none, 0, slope(where(none, 1, x)));
}

/** The square root of x; NaN where x < 0. The shape stays. */
export const sqrt: Op<["x"], NoAttrs, SameShape> = op({
  name: "sqrt",
  inputs: ["x"],
  doc: "The square root of x; NaN where x < 0.",
  scalar: (x) => s.sqrt(x),
  vjp: ({ output }, g) => [divide(multiply(g, 0.5), output)],
  samples: roots,
});

/** 1 / √x; infinite at 0, NaN where x < 0. The shape stays. */
export const rsqrt: Op<["x"], NoAttrs, SameShape> = op({
  name: "rsqrt",
  inputs: ["x"],
  doc: "1 / √x; infinite at 0, NaN where x < 0.",
  scalar: (x) => s.divide(1, s.sqrt(x)),
  vjp: ({ inputs: [x], output }, g) => [divide(multiply(multiply(g, -0.5), output), x)],
  samples: roots,
});

/** |x|, whose derivative at 0 is taken as 0. The shape stays. */
export const abs: Op<["x"], NoAttrs, SameShape> = op({
  name: "abs",
  inputs: ["x"],
  doc: "|x|, whose derivative at 0 is taken as 0.",
  scalar: (x) => s.abs(x),
  dtype: (dtypes) => commonNumber("abs", dtypes),
  vjp: ({ inputs: [x] }, g) => [multiply(g, sign(x))],
  samples: away,
});

/** −1 where x < 0, 1 where x > 0, 0 at 0. The shape stays. */
export const sign: Op<["x"], NoAttrs, SameShape> = op({
  name: "sign",
  inputs: ["x"],
  doc: "−1 where x < 0, 1 where x > 0, 0 at 0.",
  scalar: (x) => s.sign(x),
  dtype: (dtypes) => commonNumber("sign", dtypes),
  vjp: "none",
  samples: unary,
});

/**
 * The larger of x and y, NaN if one is; where they are equal, each gets half of the gradient. Shapes broadcast as in
 * NumPy: a `ShapeError` if they do not, a `GraphError` at two dtypes.
 */
export const maximum: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "maximum",
  inputs: ["x", "y"],
  doc: "The larger of x and y, NaN if one is; where they are equal, each gets half of the gradient.",
  scalar: (x, y) => s.maximum(x, y),
  dtype: (dtypes) => commonNumber("maximum", dtypes),
  vjp: ({ inputs: [x, y] }, g) => [
    unbroadcast(winners(less(y, x), equal(x, y), g), x),
    unbroadcast(winners(less(x, y), equal(x, y), g), y),
  ],
  samples: binary,
});

/**
 * The smaller of x and y, NaN if one is; where they are equal, each gets half of the gradient. Shapes broadcast as in
 * NumPy: a `ShapeError` if they do not, a `GraphError` at two dtypes.
 */
export const minimum: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "minimum",
  inputs: ["x", "y"],
  doc: "The smaller of x and y, NaN if one is; where they are equal, each gets half of the gradient.",
  scalar: (x, y) => s.minimum(x, y),
  dtype: (dtypes) => commonNumber("minimum", dtypes),
  vjp: ({ inputs: [x, y] }, g) => [
    unbroadcast(winners(less(x, y), equal(x, y), g), x),
    unbroadcast(winners(less(y, x), equal(x, y), g), y),
  ],
  samples: binary,
});

function winners(wins: Node, ties: Node, g: Node): Node {
  return where(wins, g, where(ties, multiply(g, 0.5), 0));
}

/** The bounds of `clip`; one that is left out is infinite. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/**
 * x where it lies between min and max, else the nearer of the two; the gradient passes inside and at the bounds. The
 * shape stays. Throws a `GraphError` unless min ≤ max.
 */
export const clip: Op<["x"], Bounds, SameShape<Bounds>> = op({
  name: "clip",
  inputs: ["x"],
  doc: "x where it lies between min and max, else the nearer of the two; the gradient passes inside and at the bounds.",
  attrs: ["min", "max"],
  shape: ([x], bounds) => {
    checkBounds(bounds);
    return x;
  },
  dtype: (dtypes, bounds) => {
    const dtype = commonNumber("clip", dtypes);
    if (dtype === "int32") checkWhole(bounds);
    return dtype;
  },
  kernel: (backend, [x], out, { min = -Infinity, max = Infinity }) =>
    backend.map(s.minimum(s.maximum(input(0), min), max), [x], out),
  vjp: ({ inputs: [x], attrs: { min = -Infinity, max = Infinity } }, g) => [
    where(logicalAnd(greaterEqual(x, min), lessEqual(x, max)), g, 0),
  ],
  samples: [
    { shapes: [[3, 4]], attrs: { min: -0.5, max: 0.5 } },
    { shapes: [[5]], attrs: { min: 0.1 } },
    { shapes: [[]], attrs: { max: 2 } },
  ],
});

function checkWhole({ min = -Infinity, max = Infinity }: Bounds): void {
  const cut = [min, max].find((bound) => Number.isFinite(bound) && !Number.isInteger(bound));
  if (cut === undefined) return;
  throw new GraphError(
    `clip: ${cut} is no whole number, and x is int32; cast x first: cast(x, { dtype: "float64" })`,
  );
}

function checkBounds({ min = -Infinity, max = Infinity }: Bounds): void {
  const bad = [min, max].find((bound) => typeof bound !== "number");
  if (bad !== undefined) {
    throw new GraphError(
      `clip: min and max are numbers; got ${describe(bad)}; of nodes, use minimum and maximum`,
    );
  }
  if (min <= max) return;
  throw new GraphError(`clip: min ${min} and max ${max}; wanted min ≤ max`);
}

/** The largest whole number that is not above x. The shape stays. */
export const floor: Op<["x"], NoAttrs, SameShape> = op({
  name: "floor",
  inputs: ["x"],
  doc: "The largest whole number that is not above x.",
  dtype: (dtypes) => commonNumber("floor", dtypes),
  kernel: (backend, [x], out) => backend.map(whole(x, s.floor(input(0))), [x], out),
  vjp: "none",
  samples: unary,
});

/** The whole number nearest to x; halfway between two, the even one, as in IEEE 754. The shape stays. */
export const round: Op<["x"], NoAttrs, SameShape> = op({
  name: "round",
  inputs: ["x"],
  doc: "The whole number nearest to x; halfway between two, the even one, as in IEEE 754.",
  dtype: (dtypes) => commonNumber("round", dtypes),
  kernel: (backend, [x], out) => backend.map(whole(x, s.round(input(0))), [x], out),
  vjp: "none",
  samples: [...unary, { shapes: [[9]], domain: [-4, 4] }],
});

function whole({ dtype }: Buffer, rounded: ReturnType<typeof s.floor>): typeof rounded {
  return isFloat(dtype) ? rounded : input(0);
}

/**
 * What remains of x divided by y, with the sign of y: x − y·⌊x / y⌋; by 0, NaN, and 0 of int32. Shapes broadcast as in
 * NumPy: a `ShapeError` if they do not, a `GraphError` at two dtypes.
 */
export const mod: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "mod",
  inputs: ["x", "y"],
  doc: "What remains of x divided by y, with the sign of y: x − y·⌊x / y⌋; by 0, NaN, and 0 of int32.",
  dtype: (dtypes) => commonNumber("mod", dtypes),
  kernel: (backend: Backend, [x, y], out) => backend.map(floorMod(out.dtype), [x, y], out),
  vjp: ({ inputs: [x, y] }, g) => [
    unbroadcast(g, x),
    unbroadcast(negative(multiply(g, floor(divide(x, y)))), y),
  ],
  samples: [
    { shapes: [[3, 2], [2]], domain: positive },
    { shapes: [[4], [4]], domains: [[-3, -0.5], positive] },
  ],
});

// The remainder of a division that truncates, moved to the other side of 0 where its sign is not that of y.
function floorMod(dtype: Dtype): ReturnType<typeof s.where> {
  const [x, y] = [input(0), input(1)];
  const rest = s.remainder(x, y);
  const moved = s.less(s.multiply(s.sign(rest), s.sign(y)), 0);
  const result = s.where(moved, s.add(rest, y), rest);
  // Integers have no NaN: nothing is left over of a division by 0. Of floats even 0 has the sign of y. Both as in NumPy.
  if (!isFloat(dtype)) return s.where(s.equal(y, 0), 0, result);
  return s.where(s.equal(rest, 0), s.multiply(s.sign(y), 0), result);
}
