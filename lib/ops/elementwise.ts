/** Ops that treat each position alike; inputs broadcast, and gradients are summed back. */
import { input, s, type Scalar } from "../core/scalar.ts";
import { commonNumber, comparison, op, type Op } from "../graph/op.ts";
import { binary, positive, unary } from "./samples.ts";
import { unbroadcast } from "./unbroadcast.ts";
import type { NoAttrs } from "../graph/op.ts";
import type { Broadcasts, SameShape } from "../graph/shaped.ts";

/** x + y. Shapes broadcast as in NumPy: a `ShapeError` if they do not, a `GraphError` at two dtypes. */
export const add: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "add",
  inputs: ["x", "y"],
  doc: "x + y.",
  scalar: (x, y) => s.add(x, y),
  dtype: (dtypes) => commonNumber("add", dtypes),
  vjp: ({ inputs: [x, y], wanted }, g) => [
    wanted[0] ? unbroadcast(g, x) : null,
    wanted[1] ? unbroadcast(g, y) : null,
  ],
  samples: binary,
});

/** x − y. Shapes broadcast as in NumPy: a `ShapeError` if they do not, a `GraphError` at two dtypes. */
export const subtract: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "subtract",
  inputs: ["x", "y"],
  doc: "x − y.",
  scalar: (x, y) => s.subtract(x, y),
  dtype: (dtypes) => commonNumber("subtract", dtypes),
  vjp: ({ inputs: [x, y], wanted }, g) => [
    wanted[0] ? unbroadcast(g, x) : null,
    wanted[1] ? unbroadcast(negative(g), y) : null,
  ],
  samples: binary,
});

/** x·y of integers, modulo 2³²: a float64 would lose the last digits of a large product. */
function wholeProduct(x: Scalar, y: Scalar): Scalar {
  const half = 2 ** 16;
  const high = s.floor(s.divide(x, half));
  const low = s.subtract(x, s.multiply(high, half));
  return s.add(s.multiply(s.remainder(s.multiply(high, y), half), half), s.multiply(low, y));
}

// Made once: backends find the loops that they have compiled by the expression.
const [x0, x1] = [input(0), input(1)];
const times = { float: s.multiply(x0, x1), whole: wholeProduct(x0, x1) };
const squared = { float: s.multiply(x0, x0), whole: wholeProduct(x0, x0) };

/**
 * x · y, position by position. Shapes broadcast as in NumPy: a `ShapeError` if they do not, a `GraphError` at two
 * dtypes.
 */
export const multiply: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "multiply",
  inputs: ["x", "y"],
  doc: "x · y, position by position.",
  dtype: (dtypes) => commonNumber("multiply", dtypes),
  kernel: (backend, [x, y], out) =>
    backend.map(out.dtype === "int32" ? times.whole : times.float, [x, y], out),
  vjp: ({ inputs: [x, y], wanted }, g) => [
    wanted[0] ? unbroadcast(multiply(g, y), x) : null,
    wanted[1] ? unbroadcast(multiply(g, x), y) : null,
  ],
  samples: binary,
});

/** x / y. Shapes broadcast as in NumPy: a `ShapeError` if they do not, a `GraphError` at two dtypes. */
export const divide: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "divide",
  inputs: ["x", "y"],
  doc: "x / y.",
  scalar: (x, y) => s.divide(x, y),
  vjp: ({ inputs: [x, y], output, wanted }, g) => [
    wanted[0] ? unbroadcast(divide(g, y), x) : null,
    wanted[1] ? unbroadcast(negative(multiply(g, divide(output, y))), y) : null,
  ],
  samples: binary.map((sample) => ({ ...sample, domain: positive })),
});

/** −x. The shape stays. */
export const negative: Op<["x"], NoAttrs, SameShape> = op({
  name: "negative",
  inputs: ["x"],
  doc: "−x.",
  scalar: (x) => s.negative(x),
  dtype: (dtypes) => commonNumber("negative", dtypes),
  vjp: (_, g) => [negative(g)],
  samples: unary,
});

/** x². The shape stays. */
export const square: Op<["x"], NoAttrs, SameShape> = op({
  name: "square",
  inputs: ["x"],
  doc: "x².",
  dtype: (dtypes) => commonNumber("square", dtypes),
  kernel: (backend, [x], out) =>
    backend.map(out.dtype === "int32" ? squared.whole : squared.float, [x], out),
  vjp: ({ inputs: [x] }, g) => [multiply(g, multiply(2, x))],
  samples: unary,
});

/** eˣ. The shape stays. */
export const exp: Op<["x"], NoAttrs, SameShape> = op({
  name: "exp",
  inputs: ["x"],
  doc: "eˣ.",
  scalar: (x) => s.exp(x),
  vjp: ({ output }, g) => [multiply(g, output)],
  samples: unary,
});

/** The natural logarithm of x. Of a softmax, it is computed without underflow. */
export const log: Op<["x"], NoAttrs, SameShape> = op({
  name: "log",
  inputs: ["x"],
  doc: "The natural logarithm of x.",
  scalar: (x) => s.log(x),
  vjp: ({ inputs: [x] }, g) => [divide(g, x)],
  samples: unary.map((sample) => ({ ...sample, domain: positive })),
});

/** The logistic function σ(x) = 1 / (1 + e⁻ˣ), whose derivative is σ(x)·(1 − σ(x)). The shape stays. */
export const sigmoid: Op<["x"], NoAttrs, SameShape> = op({
  name: "sigmoid",
  inputs: ["x"],
  doc: "The logistic function σ(x) = 1 / (1 + e⁻ˣ), whose derivative is σ(x)·(1 − σ(x)).",
  scalar: (x) => s.divide(1, s.add(1, s.exp(s.negative(x)))),
  vjp: ({ output: y }, g) => [multiply(multiply(g, y), subtract(1, y))],
  samples: unary,
});

/** The hyperbolic tangent of x, whose derivative is 1 − tanh²(x). The shape stays. */
export const tanh: Op<["x"], NoAttrs, SameShape> = op({
  name: "tanh",
  inputs: ["x"],
  doc: "The hyperbolic tangent of x, whose derivative is 1 − tanh²(x).",
  scalar: (x) => s.tanh(x),
  vjp: ({ output: y }, g) => [multiply(g, subtract(1, square(y)))],
  samples: unary,
});

/** The larger of x and 0; its derivative at 0 is taken as 0. The shape stays. */
export const relu: Op<["x"], NoAttrs, SameShape> = op({
  name: "relu",
  inputs: ["x"],
  doc: "The larger of x and 0; its derivative at 0 is taken as 0.",
  scalar: (x) => s.maximum(x, 0),
  vjp: ({ inputs: [x] }, g) => [where(greater(x, 0), g, 0)],
  samples: [
    { shapes: [[3, 2]], domain: positive },
    { shapes: [[4]], domain: [-2, -0.5] },
  ],
});

/** The sine of x, in radians. The shape stays. */
export const sin: Op<["x"], NoAttrs, SameShape> = op({
  name: "sin",
  inputs: ["x"],
  doc: "The sine of x, in radians.",
  scalar: (x) => s.sin(x),
  vjp: ({ inputs: [x] }, g) => [multiply(g, cos(x))],
  samples: unary,
});

/** The cosine of x, in radians. The shape stays. */
export const cos: Op<["x"], NoAttrs, SameShape> = op({
  name: "cos",
  inputs: ["x"],
  doc: "The cosine of x, in radians.",
  scalar: (x) => s.cos(x),
  vjp: ({ inputs: [x] }, g) => [negative(multiply(g, sin(x)))],
  samples: unary,
});

/**
 * x where the condition is true (or not 0), y elsewhere. All three broadcast; the gradient goes to the branch that was
 * taken. Throws a `ShapeError` if shapes do not broadcast.
 */
export const where: Op<["condition", "x", "y"]> = op({
  name: "where",
  inputs: ["condition", "x", "y"],
  doc: "x where the condition is true (or not 0), y elsewhere.",
  scalar: (condition, x, y) => s.where(condition, x, y),
  dtype: ([, x, y]) => (x === "bool" && y === "bool" ? x : commonNumber("where", [x, y])),
  literals: { condition: "bool" },
  vjp: ({ inputs: [condition, x, y] }, g) => [
    null,
    unbroadcast(where(condition, g, 0), x),
    unbroadcast(where(condition, 0, g), y),
  ],
  samples: [{ shapes: [[3, 2], [3, 2], [2]], dtypes: ["bool"] }],
});

/**
 * Whether x > y, as booleans. Shapes broadcast as in NumPy: a `ShapeError` if they do not, a `GraphError` at two
 * dtypes.
 */
export const greater: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "greater",
  inputs: ["x", "y"],
  doc: "Whether x > y, as booleans.",
  scalar: (x, y) => s.less(y, x),
  dtype: (dtypes) => comparison("greater", dtypes),
  vjp: "none",
  samples: binary,
});

/**
 * Whether x = y, as booleans. Shapes broadcast as in NumPy: a `ShapeError` if they do not, a `GraphError` at two
 * dtypes.
 */
export const equal: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "equal",
  inputs: ["x", "y"],
  doc: "Whether x = y, as booleans.",
  scalar: (x, y) => s.equal(x, y),
  dtype: (dtypes) => comparison("equal", dtypes),
  vjp: "none",
  samples: binary,
});
