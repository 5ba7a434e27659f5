/** Seeded random numbers from a counter, so that any draw can be made again, anywhere, in any order. */
import { checkShape, sizeOf, type Shape } from "./shape.ts";
import { allocate } from "./dtype.ts";
import { Tensor } from "./tensor.ts";

/** A stream of random tensors that its seed decides. */
export interface Random {
  /** Normally distributed numbers, by Box and Muller's transform. */
  normal(shape?: Shape | number, options?: { mean?: number; std?: number }): Tensor;
  /** Evenly distributed numbers from `low` (included) to `high` (excluded). */
  uniform(shape?: Shape | number, options?: { low?: number; high?: number }): Tensor;
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
  let key = keyOf(seed);
  let state: RandomState = { seed, counter: 0 };
  const pair = (): readonly [number, number] => {
    const { counter } = state;
    const [a, b, c, d] = philox([counter >>> 0, Math.floor(counter / 2 ** 32), 0, 0], key);
    state = { seed: state.seed, counter: counter + 1 };
    return [unit(a, b), unit(c, d)];
  };
  return {
    normal: (shape = [], { mean = 0, std = 1 } = {}) =>
      fill(shape, () => gaussians(pair()).map((z) => mean + std * z)),
    uniform: (shape = [], { low = 0, high = 1 } = {}) =>
      fill(shape, () => pair().map((u) => low + (high - low) * u)),
    permutation: (count) => shuffle(count, () => pair()[0]),
    get state() {
      return state;
    },
    set state(next: RandomState) {
      if (!Number.isSafeInteger(next.counter) || next.counter < 0) {
        throw new RangeError(
          `random: counter ${String(next.counter)} is no whole number from 0 up; give the state of another stream`,
        );
      }
      key = keyOf(next.seed);
      state = { seed: next.seed, counter: next.counter };
    },
  };
}

function keyOf(seed: number): readonly [number, number] {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`random: seed ${String(seed)} is no whole number; try random(1)`);
  }
  return [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
}

function fill(shape: Shape | number, draw: () => readonly number[]): Tensor {
  const sizes = checkShape("random", typeof shape === "number" ? [shape] : shape);
  const data = allocate("float64", sizeOf(sizes));
  for (let i = 0; i < data.length; i += 2) {
    const [first, second] = draw();
    data[i] = first!;
    if (i + 1 < data.length) data[i + 1] = second!;
  }
  return new Tensor(data, [...sizes]);
}

function shuffle(count: number, draw: () => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

// Box, Muller: A Note on the Generation of Random Normal Deviates (1958). 1 − u keeps the logarithm finite.
function gaussians([u, v]: readonly [number, number]): number[] {
  const radius = Math.sqrt(-2 * Math.log(1 - u));
  return [radius * Math.cos(2 * Math.PI * v), radius * Math.sin(2 * Math.PI * v)];
}

/** 53 random bits as a number in [0, 1). */
function unit(high: number, low: number): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

type Words4 = readonly [number, number, number, number];

/** Philox 4×32 with 10 rounds: Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3 (2011). */
export function philox(counter: Words4, key: readonly [number, number]): Words4 {
  let [a, b, c, d] = counter;
  let [k, l] = key;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, a);
    const low0 = Math.imul(0xd2511f53, a) >>> 0;
    const high1 = multiplyHigh(0xcd9e8d57, c);
    const low1 = Math.imul(0xcd9e8d57, c) >>> 0;
    [a, b, c, d] = [(high1 ^ b ^ k) >>> 0, low1, (high0 ^ d ^ l) >>> 0, low0];
    k = (k + 0x9e3779b9) >>> 0;
    l = (l + 0xbb67ae85) >>> 0;
  }
  return [a, b, c, d];
}

/** The upper 32 bits of a 64-bit product, from 16-bit halves that doubles multiply exactly. */
function multiplyHigh(x: number, y: number): number {
  const [xl, xh, yl, yh] = [x & 0xffff, x >>> 16, y & 0xffff, y >>> 16];
  const middle = xh * yl + ((xl * yl) >>> 16);
  return (xh * yh + Math.floor((xl * yh + middle) / 65536)) >>> 0;
}
