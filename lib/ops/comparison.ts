/** Comparisons and logic: booleans, through which no gradient passes. */
import type { Dtype } from "../core/dtype.ts";
import { s } from "../core/scalar.ts";
import { comparison, op, onlyBooleans, type Op } from "../graph/op.ts";
import { binary, unary } from "./samples.ts";
import type { NoAttrs } from "../graph/op.ts";
import type { Broadcasts, SameShape } from "../graph/shaped.ts";

const truth: readonly (Dtype | undefined)[] = ["bool", "bool"];
const booleans = binary.map((sample) => ({ ...sample, dtypes: truth }));

/**
 * Whether x ≠ y, as booleans; NaN differs from everything. Shapes broadcast as in NumPy: a `ShapeError` if they do
 * not, a `GraphError` at two dtypes.
 */
export const notEqual: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "notEqual",
  inputs: ["x", "y"],
  doc: "Whether x ≠ y, as booleans; NaN differs from everything.",
  scalar: (x, y) => s.subtract(1, s.equal(x, y)),
  dtype: (dtypes) => comparison("notEqual", dtypes),
  vjp: "none",
  samples: binary,
});

/**
 * Whether x < y, as booleans. Shapes broadcast as in NumPy: a `ShapeError` if they do not, a `GraphError` at two
 * dtypes.
 */
export const less: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "less",
  inputs: ["x", "y"],
  doc: "Whether x < y, as booleans.",
  scalar: (x, y) => s.less(x, y),
  dtype: (dtypes) => comparison("less", dtypes),
  vjp: "none",
  samples: binary,
});

/**
 * Whether x ≤ y, as booleans; no with NaN. Shapes broadcast as in NumPy: a `ShapeError` if they do not, a `GraphError`
 * at two dtypes.
 */
export const lessEqual: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "lessEqual",
  inputs: ["x", "y"],
  doc: "Whether x ≤ y, as booleans; no with NaN.",
  scalar: (x, y) => s.add(s.less(x, y), s.equal(x, y)),
  dtype: (dtypes) => comparison("lessEqual", dtypes),
  vjp: "none",
  samples: binary,
});

/**
 * Whether x ≥ y, as booleans; no with NaN. Shapes broadcast as in NumPy: a `ShapeError` if they do not, a `GraphError`
 * at two dtypes.
 */
export const greaterEqual: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "greaterEqual",
  inputs: ["x", "y"],
  doc: "Whether x ≥ y, as booleans; no with NaN.",
  scalar: (x, y) => s.add(s.less(y, x), s.equal(x, y)),
  dtype: (dtypes) => comparison("greaterEqual", dtypes),
  vjp: "none",
  samples: binary,
});

/**
 * Whether x and y both hold. Shapes broadcast as in NumPy: a `ShapeError` if they do not, a `GraphError` at two
 * dtypes.
 */
export const logicalAnd: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "logicalAnd",
  inputs: ["x", "y"],
  doc: "Whether x and y both hold.",
  scalar: (x, y) => s.multiply(x, y),
  dtype: (dtypes) => onlyBooleans("logicalAnd", dtypes),
  literals: { x: "bool", y: "bool" },
  vjp: "none",
  samples: booleans,
});

/**
 * Whether x or y or both hold. Shapes broadcast as in NumPy: a `ShapeError` if they do not, a `GraphError` at two
 * dtypes.
 */
export const logicalOr: Op<["x", "y"], NoAttrs, Broadcasts> = op({
  name: "logicalOr",
  inputs: ["x", "y"],
  doc: "Whether x or y or both hold.",
  scalar: (x, y) => s.maximum(x, y),
  dtype: (dtypes) => onlyBooleans("logicalOr", dtypes),
  literals: { x: "bool", y: "bool" },
  vjp: "none",
  samples: booleans,
});

/** Whether x does not hold. The shape stays. */
export const logicalNot: Op<["x"], NoAttrs, SameShape> = op({
  name: "logicalNot",
  inputs: ["x"],
  doc: "Whether x does not hold.",
  scalar: (x) => s.subtract(1, x),
  dtype: (dtypes) => onlyBooleans("logicalNot", dtypes),
  literals: { x: "bool" },
  vjp: "none",
  samples: unary.map((sample) => ({ ...sample, dtypes: truth })),
});

/** Whether x is NaN, as booleans. The shape stays. */
export const isNaN: Op<["x"], NoAttrs, SameShape> = op({
  name: "isNaN",
  inputs: ["x"],
  doc: "Whether x is NaN, as booleans.",
  scalar: (x) => s.isNaN(x),
  dtype: () => "bool",
  vjp: "none",
  samples: unary,
});
