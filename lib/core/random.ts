/** Seeded random numbers from a counter, so that any draw can be made again, anywhere, in any order. */
import { checkShape, sizeOf, type Shape } from "./shape.ts";
import { allocate } from "./dtype.ts";
import { gaussian, philox, unit } from "./philox.ts";
import { Tensor } from "./tensor.ts";

export { philox };

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
  let key = keyOf(checkSeed(seed));
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
      key = keyOf(checkSeed(next.seed));
      state = { seed: next.seed, counter: next.counter };
    },
  };
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

function gaussians([u, v]: readonly [number, number]): number[] {
  return [gaussian(u, v), gaussian(u, v, Math.sin)];
}
