/** Reading nested arrays: numbers in arrays in arrays, all rows of one depth equally long. */
import { describe } from "./describe.ts";
import { allocate, type Data, type Dtype } from "./dtype.ts";
import { ShapeError, show, sizeOf, type Shape } from "./shape.ts";

/** The numbers in order and the shape that they lie in; `what` begins the message of an error. */
export function readNested(
  what: string,
  value: readonly unknown[],
  dtype: Dtype,
): { readonly data: Data; readonly shape: number[] } {
  const shape: number[] = [];
  for (let level: unknown = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const filling = { what, data: allocate(dtype, sizeOf(shape)), shape };
  fill(filling, value, 0, 0);
  return filling;
}

interface Filling {
  readonly what: string;
  readonly data: Data;
  readonly shape: Shape;
}

/** Writes the matrices in an array, one after the other; the depth of the recursion is the rank less one. */
function fill(filling: Filling, part: unknown, axis: number, start: number): number {
  const { shape } = filling;
  if (!Array.isArray(part) || part.length !== shape[axis]) throw ragged(filling, part, axis);
  if (axis === shape.length - 1) return fillRows(filling, [part], start);
  if (axis === shape.length - 2) return fillRows(filling, part, start);
  let next = start;
  for (let i = 0; i < part.length; i++) next = fill(filling, part[i], axis + 1, next);
  return next;
}

function fillRows(filling: Filling, rows: readonly unknown[], start: number): number {
  const { data, shape } = filling;
  const length = shape[shape.length - 1];
  let next = start;
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r];
    if (!Array.isArray(row) || row.length !== length) throw ragged(filling, row, shape.length - 1);
    for (let i = 0; i < length; i++) {
      const x: unknown = row[i];
      data[next++] = typeof x === "number" ? x : truth(filling, x);
    }
  }
  return next;
}

function truth({ what, shape }: Filling, x: unknown): number {
  if (typeof x === "boolean") return Number(x);
  throw new TypeError(
    `${what}: nested arrays of shape ${show(shape)} hold ${describe(x)} where a number was expected`,
  );
}

function ragged({ what, shape }: Filling, row: unknown, axis: number): ShapeError {
  const found = Array.isArray(row) ? `a row of ${row.length}` : describe(row);
  return new ShapeError(
    `${what}: nested arrays are ragged: found ${found} where the first row has ${shape[axis]}; make all rows equally long`,
  );
}
