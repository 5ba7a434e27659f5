/** The oracle: loops that can be checked by eye, in float64. Slow on purpose; every other backend agrees with it. */
import { evaluate } from "../core/scalar.ts";
import { broadcastStrides, sizeOf, stridesOf, type Shape } from "../core/shape.ts";
import {
  allocBuffer,
  type Backend,
  type Buffer,
  type GatherLayout,
  type Reduction,
} from "./backend.ts";

/** Computes everything the obvious way. */
export const reference: Backend = {
  name: "reference",
  alloc: allocBuffer,

  map: (expression, inputs, out) => () => {
    const strides = inputs.map((x) => broadcastStrides(x.shape, out.shape));
    for (const index of indicesOf(out.shape)) {
      const values = inputs.map((x, i) => x.data[dot(index, strides[i])]);
      out.data[dot(index, stridesOf(out.shape))] = evaluate(expression, values);
    }
  },

  reduce: (reduction, x, out, axes) => () => {
    const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const keptShape = kept.map((axis) => x.shape[axis]);
    const groups = Array.from({ length: sizeOf(keptShape) }, (): number[] => []);
    for (const index of indicesOf(x.shape)) {
      const position = kept.map((axis) => index[axis]);
      const value = x.data[dot(index, stridesOf(x.shape))];
      groups[dot(position, stridesOf(keptShape))].push(value);
    }
    for (const [i, values] of groups.entries()) out.data[i] = combine(reduction, values);
  },

  gemm: (a, b, out, layout) => () => {
    const { m, k, n, transpose } = layout;
    out.data.fill(0);
    const sums = new Float64Array(out.data.length);
    for (const [t, outOffset] of layout.outOffsets.entries()) {
      for (const [i, j, p] of indicesOf([m, n, k]) as Iterable<[number, number, number]>) {
        const x = a.data[layout.aOffsets[t] + (transpose === "a" ? p * m + i : i * k + p)];
        const y = b.data[layout.bOffsets[t] + (transpose === "b" ? j * k + p : p * n + j)];
        sums[outOffset + i * n + j] += x * y;
      }
    }
    out.data.set(sums);
  },

  permute: (x, out, axes) => () => {
    for (const index of indicesOf(out.shape)) {
      const source = Array<number>(index.length);
      for (const [i, axis] of axes.entries()) source[axis] = index[i]!;
      out.data[dot(index, stridesOf(out.shape))] = x.data[dot(source, stridesOf(x.shape))]!;
    }
  },

  copy:
    (x, out, { sizes, from, to, add = false }) =>
    () => {
      for (const index of indicesOf(sizes)) {
        const value = x.data[from.offset + dot(index, from.strides)];
        const target = to.offset + dot(index, to.strides);
        out.data[target] = add ? out.data[target] + value : value;
      }
    },

  gather: (x, indices, out, layout) => () => {
    for (const { whole, part } of gathered(indices, layout)) out.data[part] = x.data[whole];
  },

  scatter: (x, indices, out, layout) => () => {
    out.data.fill(0);
    for (const { whole, part } of gathered(indices, layout)) out.data[whole] += x.data[part];
  },

  scan:
    ({ a, b }, out, layout) =>
    () => {
      const { before, length, after, start, reverse, exclusive } = layout;
      for (const [row, column] of indicesOf([before, after]) as Iterable<[number, number]>) {
        let s = start;
        for (let step = 0; step < length; step++) {
          const j = reverse ? length - 1 - step : step;
          const i = (row * length + j) * after + column;
          const next = (a?.data[i] ?? 1) * s + (b?.data[i] ?? 0);
          out.data[i] = exclusive ? s : next;
          s = next;
        }
      }
    },
};

/** Where each gathered number lies in the whole and among the parts. */
function* gathered(
  indices: Buffer,
  { batch, before, length, count, after }: GatherLayout,
): Generator<{ whole: number; part: number }> {
  for (const [b, i, j, k] of indicesOf([batch, before, count, after])) {
    const index = indices.data[b * count + j];
    const whole = dot([b, i, index, k], stridesOf([batch, before, length, after]));
    const part = dot([b, i, j, k], stridesOf([batch, before, count, after]));
    yield { whole, part };
  }
}

function combine(reduction: Reduction, values: readonly number[]): number {
  switch (reduction) {
    case "sum":
      return values.reduce((sum, x) => sum + x, 0);
    case "product":
      return values.reduce((product, x) => product * x, 1);
    case "max":
      return values.reduce((most, x) => Math.max(most, x), -Infinity);
    case "min":
      return values.reduce((least, x) => Math.min(least, x), Infinity);
    case "argMax":
      return positionOf(combine("max", values), values);
    case "argMin":
      return positionOf(combine("min", values), values);
    default:
      throw reduction satisfies never;
  }
}

function positionOf(value: number, values: readonly number[]): number {
  return Math.max(
    0,
    values.findIndex((x) => Object.is(x, value) || x === value),
  );
}

/** Every index of a shape, the last axis running fastest. */
function* indicesOf(shape: Shape): Generator<number[]> {
  const strides = stridesOf(shape);
  const total = sizeOf(shape);
  for (let i = 0; i < total; i++) {
    yield shape.map((length, axis) => Math.floor(i / strides[axis]) % length);
  }
}

function dot(index: readonly number[], strides: readonly number[]): number {
  return index.reduce((sum, i, axis) => sum + i * strides[axis], 0);
}
