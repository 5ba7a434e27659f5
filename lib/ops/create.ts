/** Nodes made of numbers that follow a rule. */
import type { Dtype } from "../core/dtype.ts";
import { allocate } from "../core/dtype.ts";
import { checkOptions } from "../core/options.ts";
import { checkShape, sizeOf, type Shape } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { Tensor } from "../core/tensor.ts";
import { atCall, locate, type Constant } from "../graph/build.ts";
import { composition, type Composition } from "../graph/composition.ts";
import { defaultGraph } from "../graph/graph.ts";
import { GraphError } from "../graph/node.ts";
import { constant } from "./state.ts";
import { unary } from "./samples.ts";
import { broadcastLike } from "./structure.ts";
import type { NoAttrs } from "../graph/op.ts";
import type { SameShape } from "../graph/shaped.ts";

/** What every made node can be told. */
export interface Made {
  readonly name?: string;
  /** By default that of the graph. */
  readonly dtype?: Dtype;
}

/** The whole-number steps from `start`, by default 0, to before `stop`: range(4) is 0, 1, 2, 3. */
export function range(stop: number, options?: Made & { readonly step?: number }): Constant;
export function range(
  start: number,
  stop: number,
  options?: Made & { readonly step?: number },
): Constant;
export function range(
  first: number,
  second?: number | (Made & { readonly step?: number }),
  third?: Made & { readonly step?: number },
): Constant {
  const given = typeof second === "number";
  const [start, stop] = given ? [first, second] : [0, first];
  const options = (given ? third : second) ?? {};
  checkMade("range", options, ["step"], "range(0, 10, { step: 2 })");
  const { step = 1, name = "range", ...made } = options;
  if (![start, stop, step].every((value) => Number.isFinite(value)) || step === 0) {
    throw misread(
      `range: start ${describe(start)}, stop ${describe(stop)}, step ${describe(step)}; wanted finite numbers, and a step other than 0`,
    );
  }
  const count = Math.max(0, Math.ceil((stop - start) / step));
  return numbers([count], (i) => start + i * step, { ...made, name });
}

/** `count` numbers, evenly spaced from `start` to `stop`, both included. */
export function linspace(
  start: number,
  stop: number,
  options: Made & { readonly count?: number } = {},
): Constant {
  checkMade("linspace", options, ["count"], "linspace(0, 1, { count: 5 })");
  const { count = 50, name = "linspace", ...made } = options;
  if (![start, stop].every((value) => Number.isFinite(value))) {
    throw misread(
      `linspace: start ${describe(start)}, stop ${describe(stop)}; wanted finite numbers: linspace(0, 1, { count: 5 })`,
    );
  }
  if (!Number.isInteger(count) || count < 0) {
    throw misread(`linspace: count is ${describe(count)}; wanted a whole number from 0 up`);
  }
  const last = count - 1;
  // The end is what was asked for, not what rounding makes of it.
  const at = (i: number): number =>
    i === last && i > 0 ? stop : start + (i * (stop - start)) / last;
  return numbers([count], (i) => (last === 0 ? start : at(i)), { ...made, name });
}

/** A constant whose shape the compiler knows. */
export interface ConstantOf<S extends Shape> extends Constant {
  readonly shape: S;
}

/** A node of the given shape that has one value throughout. */
export function fill<const S extends Shape>(
  shape: S,
  value: number,
  { name = "fill", ...made }: Made = {},
): ConstantOf<S> {
  if (typeof value !== "number") {
    throw misread(
      `fill: value is ${describe(value)}; wanted a number: fill([2, 3], 0); of a node, use broadcastTo`,
    );
  }
  return numbers(
    atCall(() => checkShape("fill", shape)),
    () => value,
    { ...made, name },
  ) as ConstantOf<S>;
}

function checkMade(
  name: string,
  options: unknown,
  own: readonly string[],
  call: string,
): asserts options is Made {
  atCall(() => checkOptions(name, options, [...own, "name", "dtype"], call));
}

function misread(message: string): unknown {
  return locate(new GraphError(message), defaultGraph().here());
}

function numbers(shape: Shape, at: (i: number) => number, { dtype, name }: Made): Constant {
  const data = allocate(dtype ?? defaultGraph().dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = at(i);
  return constant(new Tensor(data, shape), {
    dtype: dtype ?? defaultGraph().dtype,
    ...(name === undefined ? {} : { name }),
  });
}

/** Zeros in the shape and of the type of x. */
export const zerosLike: Composition<["x"], NoAttrs, SameShape> = composition({
  name: "zerosLike",
  inputs: ["x"],
  doc: "Zeros in the shape and of the type of x.",
  compose: ([x]) => broadcastLike(0, x),
  traits: ["no gradient"],
  samples: unary,
});

/** Ones in the shape and of the type of x. */
export const onesLike: Composition<["x"], NoAttrs, SameShape> = composition({
  name: "onesLike",
  inputs: ["x"],
  doc: "Ones in the shape and of the type of x.",
  compose: ([x]) => broadcastLike(1, x),
  traits: ["no gradient"],
  samples: unary,
});
