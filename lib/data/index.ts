/** Data sets, and what is done to them before training. */
export { csv, parseCsv, Table, type CsvOptions } from "./csv.ts";
export { digits, type DigitSet } from "./digits.ts";
export { Normalizer, normalizer } from "./normalize.ts";
export { classes, oneHot, type Classes } from "./one_hot.ts";
export { batches, shuffle, split, type ExampleSet, type Split } from "./split.ts";
export {
  circles,
  clouds,
  moons,
  plane,
  spirals,
  xor,
  type PointSet,
  type RegressionSet,
} from "./toy.ts";
