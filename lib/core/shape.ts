/** Shapes: sizes per axis, row-major strides, broadcasting as NumPy does it. */
import { Mistake } from "./mistake.ts";

/** Sizes per axis; `[]` is a scalar. */
export type Shape = readonly number[];

/** A shape as far as it is known when a graph is built: `null` sizes are open, `null` itself is an unknown rank. */
export type PartialShape = readonly (number | null)[] | null;

/** Shapes that do not fit; the message names the op, what it got, what it wanted and a way out. */
export class ShapeError extends Mistake {
  static {
    // On the prototype, so that a stack begins with this name, and an error shows no field of it.
    this.prototype.name = "ShapeError";
  }
}

/** A shape as it is written in messages: `[2, ?, 3]`, `scalar`, or `unknown`. */
export function show(shape: PartialShape): string {
  if (shape === null) return "unknown";
  return shape.length === 0 ? "scalar" : `[${shape.map((size) => size ?? "?").join(", ")}]`;
}

/** How many elements a shape holds. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a === b || (a.length === b.length && a.every((size, axis) => size === b[axis]));
}

/** Whether every size is known. */
export function isKnown(shape: PartialShape): shape is Shape {
  return shape !== null && shape.every((size) => size !== null);
}

/** Whether a known shape can be what a partial one describes. */
export function fits(shape: Shape, partial: PartialShape): boolean {
  if (partial === null) return true;
  return (
    shape.length === partial.length &&
    partial.every((size, axis) => size === null || size === shape[axis])
  );
}

/** Throws unless every size is a whole number from 0 up (or, in a partial shape, `null`). */
export function checkShape<S extends PartialShape>(what: string, shape: S): S {
  if (shape !== null && !Array.isArray(shape)) {
    throw new ShapeError(`${what}: shape is ${quoted(shape)}; wanted an array of sizes, as [2, 3]`);
  }
  const bad = shape?.find((size) => size !== null && (!Number.isInteger(size) || size < 0));
  if (bad !== undefined) {
    throw new ShapeError(`${what}: shape ${String(shape)}: sizes are whole numbers from 0 up`);
  }
  return shape;
}

/** A shape to reshape x to, in which −1 stands for the size that is left: `null` as long as x is not known. */
export function openSize(op: string, x: PartialShape, shape: Shape): PartialShape {
  const rest = checkShape(op, Array.isArray(shape) ? shape.filter((size) => size !== -1) : shape);
  if (rest.length === shape.length) return shape;
  if (rest.length < shape.length - 1) {
    throw new ShapeError(
      `${op}: shape [${shape.join(", ")}] has -1 twice; one size can be left open`,
    );
  }
  const held = sizeOf(rest);
  if (isKnown(x) && (held === 0 || sizeOf(x) % held !== 0)) {
    throw new ShapeError(
      `${op}: x ${show(x)} has ${sizeOf(x)} numbers, which do not divide into [${shape.join(", ")}]`,
    );
  }
  return shape.map((size) => (size !== -1 ? size : isKnown(x) ? sizeOf(x) / held : null));
}

/** Throws unless both shapes hold as many numbers. */
export function checkSize(op: string, x: Shape, shape: Shape): void {
  if (sizeOf(x) === sizeOf(shape)) return;
  throw new ShapeError(
    `${op}: x ${show(x)} has ${sizeOf(x)} numbers, ${show(shape)} holds ${sizeOf(shape)}; the counts must be equal`,
  );
}

/** What somebody wrote in place of numbers, as they wrote it. */
export function quoted(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Row-major strides: how far apart neighbours along each axis lie in flat storage. */
export function stridesOf(shape: Shape): number[] {
  const strides = Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1] * shape[axis + 1];
  }
  return strides;
}

/** Strides with which `shape` is read as if it were `target`: 0 along every axis that repeats. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = stridesOf(shape);
  const lead = target.length - shape.length;
  return target.map((_, axis) => {
    const own = axis - lead;
    return own < 0 || shape[own] === 1 ? 0 : strides[own];
  });
}

/** The shape that all given ones broadcast to; open sizes stay open unless another operand decides them. */
export function broadcastShapes(op: string, shapes: readonly PartialShape[]): PartialShape {
  const first = shapes[0];
  if (
    first !== undefined &&
    isKnown(first) &&
    shapes.every((x) => isKnown(x) && sameShape(x, first))
  ) {
    return first;
  }
  if (shapes.includes(null)) return null;
  if (shapes.length === 2) {
    // With a number, which is the most frequent case.
    if (shapes[1]!.length === 0) return shapes[0];
    if (shapes[0]!.length === 0) return shapes[1];
  }
  const known = shapes as readonly (readonly (number | null)[])[];
  const rank = Math.max(0, ...known.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = known.map((shape) => {
      const own = axis - (rank - shape.length);
      return own < 0 ? 1 : shape[own]!;
    });
    return broadcastSize(op, shapes, sizes);
  });
}

function broadcastSize(
  op: string,
  shapes: readonly PartialShape[],
  sizes: readonly (number | null)[],
): number | null {
  const large = [...new Set(sizes.filter((size) => size !== null && size !== 1))];
  if (large.length > 1) {
    throw new ShapeError(
      `${op}: shapes ${shapes.map(show).join(" and ")} do not broadcast: sizes ${large.join(" and ")} meet on one axis; ` +
        `axes are matched from the right, and each pair must be equal or contain a 1; transpose or reshape one?`,
    );
  }
  if (large.length === 1) return large[0]!;
  return sizes.includes(null) ? null : 1;
}

/** Axes as sorted, distinct, non-negative numbers; `undefined` means all of them. */
export function normalizeAxes(
  op: string,
  axis: number | readonly number[] | undefined,
  rank: number,
): number[] {
  if (axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  if (typeof axis !== "number" && !Array.isArray(axis)) {
    throw new ShapeError(`${op}: axis is ${quoted(axis)}; wanted a number, or an array of numbers`);
  }
  const axes = (typeof axis === "number" ? [axis] : axis).map((a) => normalizeAxis(op, a, rank));
  if (new Set(axes).size !== axes.length) {
    throw new ShapeError(`${op}: axis [${String(axis)}] names an axis twice; name each once`);
  }
  return axes.toSorted((a, b) => a - b);
}

/** One axis as a non-negative number; negative ones count from the end. */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const range = rank === 0 ? "a scalar has no axes" : `use ${-rank} to ${rank - 1}`;
    if (typeof axis !== "number") {
      throw new ShapeError(`${op}: axis is ${quoted(axis)}; wanted a number; ${range}`);
    }
    throw new ShapeError(`${op}: axis ${axis} does not exist in rank ${rank}; ${range}`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** The shape after reducing `axes`, which become 1 with `keepDims` or vanish without. */
export function reducedShape(
  shape: readonly (number | null)[],
  axes: readonly number[],
  keepDims: boolean,
): (number | null)[] {
  return shape.flatMap((size, axis) => {
    if (!axes.includes(axis)) return [size];
    return keepDims ? [1] : [];
  });
}

/** Which axes a reduction removes, by default all, and whether they stay with size 1. */
export interface Axes {
  readonly axis?: number | readonly number[];
  readonly keepDims?: boolean;
}

/** The shape a reduction leaves, as far as it is known. */
export function reduceAxes(
  op: string,
  x: PartialShape,
  { axis, keepDims = false }: Axes,
): PartialShape {
  if (x === null) return axis === undefined && !keepDims ? [] : null;
  return reducedShape(x, normalizeAxes(op, axis, x.length), keepDims);
}
