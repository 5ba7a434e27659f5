/** Seeded random numbers from a counter, so that any draw can be made again, anywhere, in any order. */
import { checkShape, sizeOf, type Shape } from "./shape.ts";
import { allocate } from "./dtype.ts";
import { checkNumber, checkOptions } from "./options.ts";
import { gaussian, philox, unit } from "./philox.ts";
import { describe } from "./describe.ts";
import { Tensor, type TensorOf } from "./tensor.ts";

export { philox };

/** The shape that a length, or a shape, stands for. */
type Sized<S extends Shape | number> = S extends number
  ? readonly [S]
  : S extends Shape
    ? S
    : Shape;

/** A stream of random tensors that its seed decides. */
export interface Random {
  /** Normally distributed numbers, by Box and Muller's transform. */
  normal<const S extends Shape | number = readonly []>(
    shape?: S,
    options?: { mean?: number; std?: number },
  ): TensorOf<Sized<S>>;
  /** Evenly distributed numbers from `low` (included) to `high` (excluded). */
  uniform<const S extends Shape | number = readonly []>(
    shape?: S,
    options?: { low?: number; high?: number },
  ): TensorOf<Sized<S>>;
  /** Normally distributed numbers, drawn again for as long as they are two deviations or more from the mean. */
  truncatedNormal<const S extends Shape | number = readonly []>(
    shape?: S,
    options?: { mean?: number; std?: number },
  ): TensorOf<Sized<S>>;
  /** Booleans that hold with the given probability, 0.5 by default. */
  bernoulli(shape?: Shape | number, options?: { probability?: number }): Tensor;
  /** Class numbers, int32: each with the probability that softmax gives it from its place in `logits`. */
  categorical(logits: readonly number[] | Tensor, shape?: Shape | number): Tensor;
  /** The numbers 0 to `count` − 1 in random order, by Fisher and Yates' shuffle. */
  permutation(count: number): number[];
  /** Where the stream is; a stream given this state goes on with the same numbers. */
  state: RandomState;
}

/** All there is to know of a stream: its seed and how many draws were made. */
export interface RandomState {
  readonly seed: number;
  readonly counter: number;
}

/** A stream of random numbers: the same seed gives the same numbers on every machine. */
export function random(seed: number): Random {
  let key = keyOf(checkSeed(seed));
  let state: RandomState = { seed, counter: 0 };
  const pair = (): readonly [number, number] => {
    const { counter } = state;
    const [a, b, c, d] = philox([counter >>> 0, Math.floor(counter / 2 ** 32), 0, 0], key);
    state = { seed: state.seed, counter: counter + 1 };
    return [unit(a, b), unit(c, d)];
  };
  return {
    normal: (shape, options = {}) => {
      const { mean, std } = spreadOf("normal", options);
      return fill(shape, () => gaussians(pair()).map((z) => mean + std * z));
    },
    uniform: (shape, options = {}) => {
      checkOptions(
        "random.uniform",
        options,
        ["low", "high"],
        "uniform([2, 3], { low: 0, high: 1 })",
      );
      const { low = 0, high = 1 } = options;
      return fill(shape, () => pair().map((u) => low + (high - low) * u));
    },
    truncatedNormal: (shape, options = {}) => {
      const { mean, std } = spreadOf("truncatedNormal", options);
      return fill(shape, () => [truncated(pair), truncated(pair)].map((z) => mean + std * z));
    },
    bernoulli: (shape = [], options = {}) => {
      checkOptions(
        "random.bernoulli",
        options,
        ["probability"],
        "bernoulli(8, { probability: 0.5 })",
      );
      const { probability = 0.5 } = options;
      checkProbability(probability);
      const hits = fill(shape, () => pair().map((u) => Number(u < probability)));
      return new Tensor(Uint8Array.from(hits.data), hits.shape);
    },
    categorical: (logits, shape = []) => {
      const bounds = cumulative(logits);
      const drawn = fill(shape, () => pair().map((u) => bounds.findIndex((bound) => u < bound)));
      return new Tensor(Int32Array.from(drawn.data), drawn.shape);
    },
    permutation: (count) => {
      checkNumber("random.permutation: count", count, { least: 0, whole: true });
      return shuffle(count, () => pair()[0]);
    },
    get state() {
      return state;
    },
    set state(next: RandomState) {
      if (!Number.isSafeInteger(next.counter) || next.counter < 0) {
        throw new RangeError(
          `random: counter ${String(next.counter)} is no whole number from 0 up; give the state of another stream`,
        );
      }
      key = keyOf(checkSeed(next.seed));
      state = { seed: next.seed, counter: next.counter };
    },
  };
}

function spreadOf(
  name: string,
  options: { readonly mean?: number; readonly std?: number },
): { mean: number; std: number } {
  checkOptions(`random.${name}`, options, ["mean", "std"], `${name}([2, 3], { mean: 0, std: 1 })`);
  const { mean = 0, std = 1 } = options;
  return { mean, std: checkNumber(`random.${name}: std`, std, { least: 0 }) };
}

/** Throws unless a seed is a whole number. */
export function checkSeed(seed: number): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw new RangeError(`random: seed ${String(seed)} is no whole number; try random(1)`);
}

/** A seed as the key of the generator. */
export function keyOf(seed: number): readonly [number, number] {
  return [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
}

function fill<S extends Shape | number = readonly []>(
  shape: S | undefined,
  draw: () => readonly number[],
): TensorOf<Sized<S>> {
  const asked: Shape | number = shape ?? [];
  const sizes = checkShape("random", typeof asked === "number" ? [asked] : asked);
  const data = allocate("float64", sizeOf(sizes));
  for (let i = 0; i < data.length; i += 2) {
    const [first, second] = draw();
    data[i] = first!;
    if (i + 1 < data.length) data[i + 1] = second!;
  }
  return new Tensor(data, [...sizes]) as TensorOf<Sized<S>>;
}

function shuffle(count: number, draw: () => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function gaussians([u, v]: readonly [number, number]): number[] {
  return [gaussian(u, v), gaussian(u, v, Math.sin)];
}

function truncated(pair: () => readonly [number, number]): number {
  let z = Infinity;
  while (Math.abs(z) >= 2) z = gaussian(...pair());
  return z;
}

function checkProbability(probability: unknown): void {
  if (typeof probability === "number" && probability >= 0 && probability <= 1) return;
  throw new RangeError(
    `random: probability is ${describe(probability)}; wanted a number from 0 to 1`,
  );
}

/** Up to where in [0, 1) each class reaches; the last class that is possible reaches the end, however sums were rounded. */
function cumulative(logits: readonly number[] | Tensor): number[] {
  const values = logits instanceof Tensor ? Array.from<number>(logits.data) : logits;
  const most = Array.isArray(values) ? values.reduce((a, b) => Math.max(a, b), -Infinity) : NaN;
  if (!Number.isFinite(most) || (logits instanceof Tensor && logits.rank !== 1)) {
    throw new RangeError(
      `random: logits are ${logits instanceof Tensor ? `a Tensor of shape [${logits.shape.join(", ")}]` : describe(logits)}; wanted a list of numbers, of which one is finite and none NaN`,
    );
  }
  const weights = values.map((x) => Math.exp(x - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const last = weights.findLastIndex((weight) => weight > 0);
  let sum = 0;
  return weights.map((weight, i) => {
    sum += weight;
    return i === last ? 1 : sum / total;
  });
}
