/** Sets of examples, cut and mixed: a set is an object of tensors with one row an example. */
import { checkNumber, checkOptions } from "../core/options.ts";
import { random } from "../core/random.ts";
import { rowsBetween, takeRows } from "../core/rows.ts";
import { ShapeError, show } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { Tensor } from "../core/tensor.ts";

/** Any object of tensors, such as `{ points, labels }`. */
export type ExampleSet<S> = { readonly [K in keyof S]: Tensor };

/** What `split` gives. Without `validation` that part has no rows. */
export interface Split<S> {
  readonly train: S;
  readonly validation: S;
  readonly test: S;
}

/**
 * A set in random order, cut into parts to train, to validate and to test with. `test` (0.2 by default) and `validation` (0)
 * are the shares of the rows, rounded. Throws if nothing is left to train with.
 */
export function split<S extends ExampleSet<S>>(
  set: S,
  options: { test?: number; validation?: number; seed?: number; shuffle?: boolean } = {},
): Split<S> {
  const known = ["test", "validation", "seed", "shuffle"];
  checkOptions("data.split", options, known, "data.split(set, { test: 0.2, seed: 1 })");
  const { test = 0.2, validation = 0, seed = 0, shuffle: mixed = true } = options;
  const rows = rowsOf("data.split", set);
  const [tested, validated] = [
    ["test", test],
    ["validation", validation],
  ].map(([name, share]) =>
    Math.round(rows * checkNumber(`data.split: ${name}`, share, { least: 0, most: 1 })),
  );
  const left = rows - tested - validated;
  if (left < 1) {
    throw new RangeError(
      `data.split: of ${rows} rows, ${tested} are to test and ${validated} to validate with, which leaves ${Math.max(left, 0)}; make test or validation smaller`,
    );
  }
  const order = mixed ? random(seed).permutation(rows) : Array.from({ length: rows }, (_, i) => i);
  const part = (start: number, end: number): S =>
    mapped(set, (x) => takeRows(x, order.slice(start, end)));
  return {
    train: part(0, left),
    validation: part(left, left + validated),
    test: part(left + validated, rows),
  };
}

/** The set with its rows in random order, the same for each of its tensors. */
export function shuffle<S extends ExampleSet<S>>(set: S, options: { seed?: number } = {}): S {
  checkOptions("data.shuffle", options, ["seed"], "data.shuffle(set, { seed: 1 })");
  const order = random(options.seed ?? 0).permutation(rowsOf("data.shuffle", set));
  return mapped(set, (x) => takeRows(x, order));
}

/**
 * The set in batches of `size` rows, the last of which has what is left; with a `seed`, in random order. The batches of a set
 * in its own order share its memory.
 */
export function* batches<S extends ExampleSet<S>>(
  set: S,
  size: number,
  options: { seed?: number } = {},
): Generator<S, void, undefined> {
  const call = "data.batches(set, 32, { seed: 1 })";
  checkOptions("data.batches", options, ["seed"], call);
  checkNumber("data.batches: size", size, { least: 1, whole: true }, call);
  const rows = rowsOf("data.batches", set);
  const order = options.seed === undefined ? undefined : random(options.seed).permutation(rows);
  for (let start = 0; start < rows; start += size) {
    const end = Math.min(start + size, rows);
    yield mapped(set, (x) =>
      order === undefined ? rowsBetween(x, start, end) : takeRows(x, order.slice(start, end)),
    );
  }
}

function mapped<S extends ExampleSet<S>>(set: S, f: (x: Tensor) => Tensor): S {
  const entries = Object.entries<Tensor>(set).map(([name, x]) => [name, f(x)]);
  return Object.fromEntries(entries) as S;
}

/** How many rows all tensors of a set have. */
function rowsOf(what: string, set: unknown): number {
  const entries = typeof set === "object" && set !== null ? Object.entries(set) : [];
  const wrong = entries.find(([, x]) => !(x instanceof Tensor));
  if (entries.length === 0 || wrong !== undefined || set instanceof Tensor) {
    const got =
      wrong === undefined || set instanceof Tensor
        ? describe(set)
        : `${wrong[0]}, ${describe(wrong[1])}`;
    throw new TypeError(`${what}: got ${got}; wanted an object of tensors: { points, labels }`);
  }
  const tensors = entries as [string, Tensor][];
  const [[first, { shape }]] = tensors;
  const other = tensors.find(([, x]) => x.rank === 0 || x.shape[0] !== shape[0]);
  if (other !== undefined) {
    throw new ShapeError(
      `${what}: ${first} is ${show(shape)} and ${other[0]} ${show(other[1].shape)}; wanted one row an example in each`,
    );
  }
  return shape[0];
}
