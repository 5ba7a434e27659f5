/** Classes as numbers, and as rows with a single 1. */
import { checkNumber, checkOptions } from "../core/options.ts";
import { ShapeError, show } from "../core/shape.ts";
import { parseTensor, Tensor, type TensorLike } from "../core/tensor.ts";

/** Names of classes in the order of the alphabet, and for each row the number of its class: int32 [n]. */
export interface Classes {
  readonly names: readonly string[];
  readonly numbers: Tensor;
}

/** Numbers the classes that a list of names, or of anything that prints, mentions. */
export function classes(values: Iterable<unknown>): Classes {
  const texts = Array.from(values, String);
  const names = [...new Set(texts)].toSorted();
  const places = new Map(names.map((name, i) => [name, i]));
  return {
    names,
    numbers: new Tensor(
      Int32Array.from(texts, (text) => places.get(text)!),
      [texts.length],
    ),
  };
}

/** Class numbers [n] as rows [n, classes] with a 1 in the column of each; without `classes`, as many as the largest needs. */
export function oneHot(numbers: TensorLike, options: { classes?: number } = {}): Tensor {
  const call = "data.oneHot([0, 2, 1], { classes: 3 })";
  checkOptions("data.oneHot", options, ["classes"], call);
  const given = parseTensor("data.oneHot", numbers, "float64");
  const flat = given.rank === 2 && given.shape[1] === 1;
  if (given.rank !== 1 && !flat) {
    throw new ShapeError(
      `data.oneHot: got ${show(given.shape)}; wanted class numbers [n]: ${call}`,
    );
  }
  const largest = Array.from<number>(given.data).reduce((most, k) => Math.max(most, k), -1);
  const { classes: width = Math.floor(largest) + 1 } = options;
  checkNumber("data.oneHot: classes", width, { least: 0, whole: true }, call);
  const rows = new Float64Array(given.size * width);
  for (const [i, k] of given.data.entries()) {
    if (!Number.isInteger(k) || k < 0 || k >= width) {
      throw new RangeError(
        `data.oneHot: row ${i} is ${k}; wanted a class number, whole and from 0 ${k >= width ? `to ${width - 1}` : "up"}: number names by data.classes(names)`,
      );
    }
    rows[i * width + k] = 1;
  }
  return new Tensor(rows, [given.size, width]);
}
