/** How good predictions are: functions of what a model says and what is true, one row an example. */
import { checkNumber, checkOptions } from "../core/options.ts";
import { ShapeError, show } from "../core/shape.ts";
import { parseTensor, Tensor, type TensorLike } from "../core/tensor.ts";

/** How a single probability becomes a class. */
export interface Threshold {
  /** Above it, a probability means class 1: 0.5 by default. */
  readonly threshold?: number;
}

/** Which class a question is about. */
export interface OfClass extends Threshold {
  /** The class that counts as positive; 1 by default where there are two. */
  readonly of?: number;
  /** The mean over the classes that occur among predictions or labels, each counting the same, as in scikit-learn. */
  readonly average?: "macro";
}

interface Pair {
  readonly predicted: Int32Array;
  readonly actual: Int32Array;
  readonly classes: number;
}

/**
 * The share of rows whose class is predicted right. Predictions are scores [n, k], of which the largest wins, probabilities
 * of class 1, [n] or [n, 1], or class numbers [n]; labels are one-hot rows [n, k] or class numbers [n]. Throws a
 * `ShapeError` if they differ in rows.
 */
export function accuracy(
  predictions: TensorLike,
  labels: TensorLike,
  options: Threshold = {},
): number {
  const { predicted, actual } = pairOf("accuracy", predictions, labels, options);
  return predicted.filter((k, i) => k === actual[i]).length / predicted.length;
}

/** How often a row of class i was taken for class j, at [i, j]: int32 [k, k]. Arguments as for `accuracy`. */
export function confusionMatrix(
  predictions: TensorLike,
  labels: TensorLike,
  options: Threshold = {},
): Tensor {
  return count(pairOf("confusionMatrix", predictions, labels, options));
}

/** Of the rows taken for the class, the share that is of it; 0 if none was. More than two classes want `of` or `average`. */
export function precision(
  predictions: TensorLike,
  labels: TensorLike,
  options: OfClass = {},
): number {
  return perClass("precision", predictions, labels, options, ({ hits, taken }) =>
    ratio(hits, taken),
  );
}

/** Of the rows of the class, the share that was taken for it; 0 if there is none. More than two classes want `of` or `average`. */
export function recall(predictions: TensorLike, labels: TensorLike, options: OfClass = {}): number {
  return perClass("recall", predictions, labels, options, ({ hits, there }) => ratio(hits, there));
}

/** The harmonic mean of precision and recall: 2 hits / (taken + there). */
export function f1(predictions: TensorLike, labels: TensorLike, options: OfClass = {}): number {
  return perClass("f1", predictions, labels, options, ({ hits, taken, there }) =>
    ratio(2 * hits, taken + there),
  );
}

/**
 * The area under the receiver operating characteristic: how likely a row of class 1 scores higher than one of class 0, equal
 * scores counting half (Mann and Whitney's U). Scores are [n] or [n, 1], or [n, 2], whose second column counts; labels are
 * 0 and 1, [n] or [n, 1], or one-hot rows [n, 2]. Throws unless both classes occur.
 */
export function auc(scores: TensorLike, labels: TensorLike): number {
  const all = parseTensor("metrics.auc: the scores", scores, "float64");
  const columns = all.shape[1] ?? 1;
  if (all.rank === 0 || all.rank > 2 || columns > 2) {
    throw new ShapeError(
      `metrics.auc: scores are ${show(all.shape)}; wanted one score a row, [n]: of several classes, take one column against the rest`,
    );
  }
  const values = Array.from<number>(all.data).filter((_, i) => i % columns === columns - 1);
  const actual = classNumbers("auc", "labels", labels, 0.5);
  checkRows("auc", values.length, actual.numbers.length);
  const isPositive = actual.numbers.map(Number);
  const positives = isPositive.reduce((sum, k) => sum + k, 0);
  const negatives = values.length - positives;
  if (actual.classes > 2 || positives === 0 || negatives === 0) {
    throw new RangeError(
      `metrics.auc: the labels have ${positives} ones among ${values.length} rows; wanted both classes, 0 and 1`,
    );
  }
  const ranks = midranks(values);
  const rankSum = ranks.reduce((sum, rank, i) => sum + rank * isPositive[i], 0);
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** The places of the values in order, from 1; equal ones share the mean of theirs. */
function midranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).toSorted((a, b) => values[a] - values[b]);
  const ranks = Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end]] === values[order[start]]) end += 1;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2;
    start = Math.max(end, start + 1);
  }
  return ranks;
}

interface Counts {
  readonly hits: number;
  readonly taken: number;
  readonly there: number;
}

function perClass(
  name: string,
  predictions: TensorLike,
  labels: TensorLike,
  options: OfClass,
  value: (counts: Counts) => number,
): number {
  const pair = pairOf(name, predictions, labels, options, ["threshold", "of", "average"]);
  const { classes } = pair;
  const matrix = count(pair);
  const range = Array.from({ length: classes }, (_, i) => i);
  const of = (k: number): number =>
    value({
      hits: matrix.at(k, k),
      taken: range.reduce((sum, i) => sum + matrix.at(i, k), 0),
      there: range.reduce((sum, i) => sum + matrix.at(k, i), 0),
    });
  if (options.average === "macro") {
    const occurring = range.filter((k) => range.some((i) => matrix.at(i, k) + matrix.at(k, i) > 0));
    return occurring.reduce((sum, k) => sum + of(k), 0) / occurring.length;
  }
  if (options.of === undefined && classes > 2) {
    throw new RangeError(
      `metrics.${name}: there are ${classes} classes; say of which: { of: 1 }, or of all: { average: "macro" }`,
    );
  }
  const { of: chosen = 1 } = options;
  return of(
    checkNumber(`metrics.${name}: of`, chosen, { least: 0, most: classes - 1, whole: true }),
  );
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function count({ predicted, actual, classes }: Pair): Tensor {
  const counts = new Int32Array(classes * classes);
  for (let i = 0; i < predicted.length; i++) counts[actual[i] * classes + predicted[i]] += 1;
  return new Tensor(counts, [classes, classes]);
}

function pairOf(
  name: string,
  predictions: TensorLike,
  labels: TensorLike,
  options: Threshold,
  known: readonly string[] = ["threshold"],
): Pair {
  checkOptions(`metrics.${name}`, options, known, `metrics.${name}(predictions, labels)`);
  const predicted = classNumbers(name, "predictions", predictions, options.threshold ?? 0.5);
  const actual = classNumbers(name, "labels", labels, options.threshold ?? 0.5);
  checkRows(name, predicted.numbers.length, actual.numbers.length);
  if (predicted.numbers.length === 0) {
    throw new RangeError(`metrics.${name}: there are no rows; give it at least one`);
  }
  const classes = Math.max(predicted.classes, actual.classes, 2);
  return { predicted: predicted.numbers, actual: actual.numbers, classes };
}

function checkRows(name: string, predicted: number, actual: number): void {
  if (predicted === actual) return;
  throw new ShapeError(
    `metrics.${name}: there are ${predicted} predictions and ${actual} labels; give one label for each`,
  );
}

/** Rows as class numbers, and how many classes they show. */
function classNumbers(
  name: string,
  role: "predictions" | "labels",
  values: TensorLike,
  threshold: number,
): { numbers: Int32Array; classes: number } {
  const what = `metrics.${name}: the ${role}`;
  const x = parseTensor(what, values, "float64");
  const [rows, width = 1] = x.shape;
  if (x.rank === 0 || x.rank > 2) {
    throw new ShapeError(`${what} are ${show(x.shape)}; wanted one row an example: [n, k] or [n]`);
  }
  if (width > 1) {
    if (role === "labels") checkOneHot(what, x);
    const numbers = Int32Array.from({ length: rows }, (_, i) => largest(x, i, width));
    return { numbers, classes: width };
  }
  const odd = x.data.find((value) => !Number.isInteger(value) || value < 0);
  if (role === "labels" && odd !== undefined) {
    throw new RangeError(`${what} hold ${odd}; wanted class numbers 0, 1, 2, … or one-hot rows`);
  }
  const areClasses = odd === undefined;
  const numbers = Int32Array.from(x.data, (value) =>
    areClasses ? value : aboveThreshold(what, value, threshold),
  );
  return { numbers, classes: numbers.reduce((most, k) => Math.max(most, k + 1), 0) };
}

function largest(x: Tensor, row: number, width: number): number {
  let best = 0;
  for (let k = 1; k < width; k++) {
    if (x.data[row * width + k] > x.data[row * width + best]) best = k;
  }
  return best;
}

function aboveThreshold(what: string, value: number, threshold: number): number {
  if (value >= 0 && value <= 1) return Number(value > threshold);
  throw new RangeError(
    `${what} hold ${value}; wanted probabilities from 0 to 1, class numbers, or a score for each class: apply sigmoid first?`,
  );
}

function checkOneHot(what: string, x: Tensor): void {
  const [rows, width] = x.shape;
  for (let i = 0; i < rows; i++) {
    const row = Array.from<number>(x.data.subarray(i * width, (i + 1) * width));
    const ones = row.filter((value) => value === 1).length;
    if (ones === 1 && row.filter((value) => value === 0).length === width - 1) continue;
    throw new RangeError(
      `${what} are not one-hot: row ${i} is [${row.slice(0, 8).join(", ")}${width > 8 ? ", …" : ""}]; wanted a single 1 among zeros, or class numbers [n]`,
    );
  }
}
