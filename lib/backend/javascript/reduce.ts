/** Reductions and permutations as flat loops. */
import type { Data } from "../../core/dtype.ts";
import { broadcastStrides, sizeOf, stridesOf } from "../../core/shape.ts";
import { allocBuffer, sequence, type Buffer, type Reduction, type Step } from "../backend.ts";
import { merge } from "./loops.ts";

/** Binds a reduction; axes that are not neighbours are reduced one group after the other. */
export function bindReduce(
  reduction: Reduction,
  x: Buffer,
  out: Buffer,
  axes: readonly number[],
): Step {
  const group = lastGroup(axes, x.shape);
  const rest = axes.filter((axis) => !group.includes(axis));
  if (rest.length === 0) return bindGroup(reduction, x, out, group);
  const kept = x.shape.filter((_, axis) => !group.includes(axis));
  const between = allocBuffer(kept, x.dtype);
  return sequence(
    bindGroup(reduction, x, between, group),
    bindReduce(reduction, between, out, rest),
  );
}

/** The rightmost run of neighbouring axes. */
function lastGroup(axes: readonly number[], shape: readonly number[]): number[] {
  const group: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (axes.includes(axis)) group.unshift(axis);
    else if (group.length > 0) break;
  }
  return group;
}

/** x seen as [before, length, after], of which the middle vanishes. */
function bindGroup(reduction: Reduction, x: Buffer, out: Buffer, group: readonly number[]): Step {
  const first = group[0] ?? x.shape.length;
  const before = sizeOf(x.shape.slice(0, first));
  const length = sizeOf(x.shape.slice(first, first + group.length));
  const after = sizeOf(x.shape.slice(first + group.length));
  switch (reduction) {
    case "sum": {
      if (after === 1) return () => sumRows(x.data, out.data, before, length);
      // In float32 each sum would be rounded.
      const sums = out.dtype === "float32" ? new Float64Array(before * after) : undefined;
      return () => sumColumns(x.data, sums ?? out.data, { before, length, after }, out.data);
    }
    case "product":
      return () => products(x.data, out.data, before, length, after);
    case "max":
      return () => maxima(x.data, out.data, before, length, after);
    case "min":
      return () => minima(x.data, out.data, before, length, after);
    case "argMax":
      return () => positions(x.data, out.data, { before, length, after, sign: 1 });
    case "argMin":
      return () => positions(x.data, out.data, { before, length, after, sign: -1 });
    default:
      throw reduction satisfies never;
  }
}

function sumRows(x: Data, out: Data, before: number, length: number): void {
  let i = 0;
  for (let row = 0; row < before; row++) {
    let sum = 0;
    for (let j = 0; j < length; j++) sum += x[i++];
    out[row] = sum;
  }
}

function sumColumns(
  x: Data,
  sums: Data,
  { before, length, after }: { before: number; length: number; after: number },
  out: Data,
): void {
  sums.fill(0);
  let i = 0;
  for (let row = 0; row < before; row++) {
    const base = row * after;
    for (let j = 0; j < length; j++) {
      for (let column = 0; column < after; column++) sums[base + column] += x[i++];
    }
  }
  if (sums !== out) out.set(sums);
}

function maxima(x: Data, out: Data, before: number, length: number, after: number): void {
  for (let row = 0; row < before; row++) {
    for (let column = 0; column < after; column++) {
      let most = -Infinity;
      let i = row * length * after + column;
      for (let j = 0; j < length; j++, i += after) {
        const value = x[i];
        // The second test lets NaN through, and keeps it.
        if (value > most || value !== value) most = value;
        if (most !== most) break;
      }
      out[row * after + column] = most;
    }
  }
}

function minima(x: Data, out: Data, before: number, length: number, after: number): void {
  for (let row = 0; row < before; row++) {
    for (let column = 0; column < after; column++) {
      let least = Infinity;
      let i = row * length * after + column;
      for (let j = 0; j < length; j++, i += after) {
        const value = x[i];
        if (value < least || value !== value) least = value;
        if (least !== least) break;
      }
      out[row * after + column] = least;
    }
  }
}

function products(x: Data, out: Data, before: number, length: number, after: number): void {
  for (let row = 0; row < before; row++) {
    for (let column = 0; column < after; column++) {
      let product = 1;
      let i = row * length * after + column;
      for (let j = 0; j < length; j++, i += after) product *= x[i];
      out[row * after + column] = product;
    }
  }
}

/** Positions of the largest numbers, or with sign −1 of the smallest. */
function positions(
  x: Data,
  out: Data,
  { before, length, after, sign }: { before: number; length: number; after: number; sign: 1 | -1 },
): void {
  for (let row = 0; row < before; row++) {
    for (let column = 0; column < after; column++) {
      let most = -Infinity;
      let best = 0;
      let i = row * length * after + column;
      for (let j = 0; j < length; j++, i += after) {
        const value = sign * x[i];
        if (value > most || value !== value) {
          most = value;
          best = j;
        }
        if (most !== most) break;
      }
      out[row * after + column] = best;
    }
  }
}

/** Binds a reordering of axes: one loop over the output, an odometer over its source. */
export function bindPermute(x: Buffer, out: Buffer, axes: readonly number[]): Step {
  const source = stridesOf(x.shape);
  const nest = merge({
    sizes: out.shape,
    strides: [axes.map((axis) => source[axis]), broadcastStrides(out.shape, out.shape)],
  });
  const { sizes } = nest;
  const strides = nest.strides[0];
  const index = new Int32Array(sizes.length);
  return () => walk(x.data, out.data, sizes, strides, index);
}

function walk(
  x: Data,
  out: Data,
  sizes: readonly number[],
  strides: readonly number[],
  index: Int32Array,
): void {
  const last = sizes.length - 1;
  const length = last < 0 ? 1 : sizes[last];
  const stride = last < 0 ? 0 : strides[last];
  index.fill(0);
  let from = 0;
  for (let to = 0; to < out.length;) {
    for (let j = 0; j < length; j++) out[to++] = x[from + j * stride]!;
    for (let axis = last - 1; axis >= 0; axis--) {
      from += strides[axis];
      index[axis] += 1;
      if (index[axis] < sizes[axis]) break;
      from -= strides[axis] * sizes[axis];
      index[axis] = 0;
    }
  }
}
