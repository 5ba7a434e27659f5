/** Columns brought to the same scale, by numbers that one set decides and others share. */
import { checkOptions } from "../core/options.ts";
import { ShapeError, show } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { parseTensor, Tensor, type TensorLike } from "../core/tensor.ts";

/** x ↦ (x − shift) / scale, column by column. */
export class Normalizer {
  /** One number a column. */
  readonly shift: Tensor;
  /** One number a column; 1 where the column never changed. */
  readonly scale: Tensor;

  constructor(shift: Tensor, scale: Tensor) {
    this.shift = shift;
    this.scale = scale;
  }

  /** The rows on the common scale. */
  apply(x: TensorLike): Tensor {
    return this.#each("apply", x, (value, shift, scale) => (value - shift) / scale);
  }

  /** The rows as they were before `apply`. */
  invert(x: TensorLike): Tensor {
    return this.#each("invert", x, (value, shift, scale) => value * scale + shift);
  }

  #each(
    name: string,
    x: TensorLike,
    f: (x: number, shift: number, scale: number) => number,
  ): Tensor {
    const given = parseTensor(`Normalizer.${name}`, x, "float64");
    const width = this.shift.size;
    if (given.rank === 0 || given.size !== given.shape[0] * width) {
      throw new ShapeError(
        `Normalizer.${name}: got ${show(given.shape)}; it was made for rows of ${width} numbers`,
      );
    }
    return given.map((value, i) =>
      f(value, this.shift.data[i % width], this.scale.data[i % width]),
    );
  }
}

/**
 * Looks at the columns of `x` [n, …]: made of the training rows, it is applied to those and to the test rows. `standard`, the
 * default, gives each column mean 0 and variance 1; `range` brings it to [0, 1].
 */
export function normalizer(
  x: TensorLike,
  options: { kind?: "standard" | "range" } = {},
): Normalizer {
  const call = `data.normalizer(points, { kind: "range" })`;
  checkOptions("data.normalizer", options, ["kind"], call);
  const { kind = "standard" } = options;
  if (!["standard", "range"].includes(kind)) {
    throw new RangeError(
      `data.normalizer: kind is ${describe(kind)}; wanted "standard" or "range"`,
    );
  }
  const given = parseTensor("data.normalizer", x, "float64");
  const [rows = 0] = given.shape;
  if (rows === 0 || given.size === 0) {
    throw new ShapeError(
      `data.normalizer: got ${show(given.shape)}; wanted at least one row of numbers`,
    );
  }
  const width = given.size / rows;
  const columns = Array.from({ length: width }, (_, k) =>
    Array.from({ length: rows }, (_row, i) => given.data[i * width + k]),
  );
  const pairs = columns.map(kind === "standard" ? standard : range);
  const tensorOf = (part: 0 | 1): Tensor =>
    new Tensor(
      Float64Array.from(pairs, (pair) => pair[part]),
      given.shape.slice(1),
    );
  return new Normalizer(tensorOf(0), tensorOf(1));
}

function standard(column: readonly number[]): [shift: number, scale: number] {
  const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
  const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length;
  return [mean, variance > 0 ? Math.sqrt(variance) : 1];
}

function range(column: readonly number[]): [shift: number, scale: number] {
  const least = column.reduce((a, b) => Math.min(a, b));
  const most = column.reduce((a, b) => Math.max(a, b));
  return [least, most > least ? most - least : 1];
}
