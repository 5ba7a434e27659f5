/** Rows: a tensor cut along its first axis, which counts examples. */
import { allocate } from "./dtype.ts";
import { Tensor } from "./tensor.ts";

/** The rows from `start` to before `end`, in the memory of `x` itself. */
export function rowsBetween(x: Tensor, start: number, end: number): Tensor {
  const width = widthOf(x);
  const data = x.data.subarray(start * width, end * width);
  return new Tensor(data, [end - start, ...x.shape.slice(1)]);
}

/** The rows that `order` names, in its order; written into `into` where that is given. */
export function takeRows(x: Tensor, order: ArrayLike<number>, into?: Tensor): Tensor {
  const width = widthOf(x);
  const shape = [order.length, ...x.shape.slice(1)];
  const out = into ?? new Tensor(allocate(x.dtype, order.length * width), shape);
  for (let i = 0; i < order.length; i++) {
    const from = order[i] * width;
    const to = i * width;
    for (let j = 0; j < width; j++) out.data[to + j] = x.data[from + j];
  }
  return out;
}

/** The rows of several tensors below each other; all have the same sizes but the first. */
export function joinRows(parts: readonly Tensor[]): Tensor {
  const [first] = parts;
  const count = parts.reduce((sum, part) => sum + part.shape[0], 0);
  const data = allocate(first.dtype, count * widthOf(first));
  let offset = 0;
  for (const part of parts) {
    data.set(part.data, offset);
    offset += part.size;
  }
  return new Tensor(data, [count, ...first.shape.slice(1)]);
}

function widthOf({ shape }: Tensor): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}
