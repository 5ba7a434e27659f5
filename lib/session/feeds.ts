/** What a run is fed: pairs of a placeholder and a value. */
import { fits, ShapeError, show } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { parseTensor, Tensor, type TensorLike } from "../core/tensor.ts";
import { firstCut } from "../core/whole.ts";
import { GraphError, label, Node } from "../graph/node.ts";
import { Placeholder, Variable } from "../ops/state.ts";

/**
 * Any iterable of pairs, such as `[[X, points], [c, labels]]` or a `Map`. Pairs that were given a name first are no longer
 * pairs to the compiler, but arrays of both.
 */
export type Feeds = Iterable<
  readonly [Placeholder, TensorLike] | readonly (Placeholder | TensorLike)[]
>;

/** Feeds as tensors of their placeholders' types. */
export type Fed = ReadonlyMap<Placeholder, Tensor>;

/** Reads feeds; throws at a value that does not fit its placeholder. */
export function readFeeds(feeds: Feeds): Fed {
  if (typeof feeds !== "object" || feeds === null || !(Symbol.iterator in feeds)) {
    const way = (feeds as unknown) instanceof Node ? "; several fetches stand in one array" : "";
    throw new GraphError(
      `run: feeds are ${describe(feeds)}; wanted pairs: [[X, points], [c, labels]] or a Map${way}`,
    );
  }
  const fed = new Map<Placeholder, Tensor>();
  for (const pair of feeds) {
    if (!Array.isArray(pair)) {
      throw new GraphError(`run: a feed is ${describe(pair)}; wanted pairs: [[X, points]]`);
    }
    const [target, value] = pair as readonly unknown[] as readonly [Placeholder, TensorLike];
    if (!(target instanceof Placeholder)) throw notFeedable(target);
    if (fed.has(target)) {
      throw new GraphError(
        `run: placeholder ${target.name} is fed twice (made at ${target.origin.place}); feed it once`,
      );
    }
    fed.set(target, readFeed(target, value));
  }
  return fed;
}

function readFeed(target: Placeholder, value: TensorLike): Tensor {
  if (value instanceof Tensor && value.dtype === target.dtype && value.dtype !== "bool")
    return value;
  const what = `run: the value fed to placeholder ${target.name}`;
  try {
    const read = parseTensor(what, value, target.dtype);
    if (target.dtype === "int32" && !(value instanceof Int32Array)) checkWhole(what, value, read);
    return read;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof ShapeError)) throw error;
    const Kind = error instanceof TypeError ? TypeError : ShapeError;
    throw new Kind(`${error.message} (made at ${target.origin.place})`, { cause: error });
  }
}

function checkWhole(what: string, given: TensorLike, read: Tensor): void {
  const cut = firstCut(given, read);
  if (cut === undefined) return;
  throw new TypeError(
    `${what}: ${cut} is no whole number of int32; round it first, or give the placeholder dtype "float64"`,
  );
}

/** Throws unless the value's shape is one that the placeholder was declared with. */
export function checkFeed(target: Placeholder, value: Tensor): void {
  if (fits(value.shape, target.shape)) return;
  throw new ShapeError(
    `run: placeholder ${target.name} was fed ${show(value.shape)}; wanted ${show(target.shape)} (made at ${target.origin.place})`,
  );
}

function notFeedable(target: unknown): GraphError {
  if (!(target instanceof Node)) {
    return new GraphError(
      `run: cannot feed ${describe(target)}; only placeholders take values from outside`,
    );
  }
  const way = target instanceof Variable ? `; set ${target.name}.value instead` : "";
  return new GraphError(
    `run: cannot feed ${label(target)} (made at ${target.origin.place}); only placeholders take values from outside${way}`,
  );
}

/** The error for a placeholder that the fetches need but no feed names. */
export function missingFeed(target: Placeholder): GraphError {
  return new GraphError(
    `run: placeholder ${target.name} has no value (made at ${target.origin.place}); feed it: session.run(…, [[${target.name}, value]])`,
  );
}
