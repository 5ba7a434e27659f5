/** Small seeded data sets of labelled points in the plane. */
import { checkOptions } from "../core/options.ts";
import { random } from "../core/random.ts";
import { describe } from "../core/describe.ts";
import { Tensor } from "../core/tensor.ts";

/** Points with their classes: class 0 is drawn blue, class 1 red. */
export interface PointSet {
  /** [n, 2] */
  readonly points: Tensor;
  /** [n, 2], a 1 in the column of each point's class. */
  readonly labels: Tensor;
}

type Point = readonly [x: number, y: number];

/** Two Gaussian clouds with unit variance: `n` blue points around (2, 2), then `n` red ones around (−2, −2). */
export function clouds(options: { n?: number; std?: number; seed?: number } = {}): PointSet {
  const { n, std, seed } = spreadOf("clouds", options, { n: 50, std: 1 });
  return gather(
    [
      { centre: [2, 2], label: 0 },
      { centre: [-2, -2], label: 1 },
    ],
    { n, std, seed },
  );
}

/** Four clouds that no line separates: blue around (0, 1) and (1, 0), then red around (0, 0) and (1, 1), `n` points each. */
export function xor(options: { n?: number; std?: number; seed?: number } = {}): PointSet {
  const { n, std, seed } = spreadOf("xor", options, { n: 25, std: 0.2 });
  return gather(
    [
      { centre: [0, 1], label: 0 },
      { centre: [1, 0], label: 0 },
      { centre: [0, 0], label: 1 },
      { centre: [1, 1], label: 1 },
    ],
    { n, std, seed },
  );
}

/** A blue disc within a red ring, `n` points each. */
export function circles(options: { n?: number; std?: number; seed?: number } = {}): PointSet {
  const { n, std, seed } = spreadOf("circles", options, { n: 50, std: 0.1 });
  const angles = random(seed).uniform([2 * n], { high: 2 * Math.PI }).data;
  return around(
    Array.from(angles, (angle, i) => {
      const radius = i < n ? 0.5 : 1.5;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    }),
    { n, std, seed },
  );
}

/** Two interleaved spirals, `n` points each. */
export function spirals(options: { n?: number; std?: number; seed?: number } = {}): PointSet {
  const { n, std, seed } = spreadOf("spirals", options, { n: 50, std: 0.05 });
  return around(
    Array.from({ length: 2 * n }, (_, i) => {
      const along = (i % n) / n;
      const angle = 3 * Math.PI * along + (i < n ? 0 : Math.PI);
      return [2 * along * Math.cos(angle), 2 * along * Math.sin(angle)];
    }),
    { n, std, seed },
  );
}

/** Two half circles that reach into each other: a blue one above, a red one below, `n` points each. */
export function moons(options: { n?: number; std?: number; seed?: number } = {}): PointSet {
  const { n, std, seed } = spreadOf("moons", options, { n: 50, std: 0.1 });
  return around(
    Array.from({ length: 2 * n }, (_, i) => {
      const angle = (Math.PI * (i % n)) / Math.max(1, n - 1);
      const [x, y] = [Math.cos(angle), Math.sin(angle)];
      return i < n ? [x, y] : [1 - x, 0.5 - y];
    }),
    { n, std, seed },
  );
}

/** Points with what is to be predicted of them. */
export interface RegressionSet {
  /** [n, d] */
  readonly points: Tensor;
  /** [n, 1] */
  readonly targets: Tensor;
}

/**
 * Points in [−1, 1]ᵈ and their height over a plane, w · x + b, with Gaussian noise of `std`. By default 100 points of the
 * plane 2 x₁ − x₂ + 0.5; `weights` decides d.
 */
export function plane(
  options: {
    n?: number;
    std?: number;
    seed?: number;
    weights?: readonly number[];
    bias?: number;
  } = {},
): RegressionSet {
  const { n, std, seed } = spreadOf("plane", options, { n: 100, std: 0.1 }, ["weights", "bias"]);
  const { weights = [2, -1], bias = 0.5 } = options;
  if (!Array.isArray(weights) || !weights.every(Number.isFinite) || weights.length === 0) {
    throw new TypeError(
      `plane: weights are ${describe(weights)}; wanted a list of numbers: plane({ weights: [2, -1] })`,
    );
  }
  const points = random(seed).uniform([n, weights.length], { low: -1 });
  const noise = random(seed + 2 ** 32).normal([n, 1], { std });
  const targets = noise.map((z, i) =>
    weights.reduce((sum, w, k) => sum + w * points.data[i * weights.length + k], bias + z),
  );
  return { points, targets };
}

interface Spread {
  readonly n: number;
  readonly std: number;
  readonly seed: number;
}

function spreadOf(
  name: string,
  options: Partial<Spread>,
  defaults: Omit<Spread, "seed">,
  others: readonly string[] = [],
): Spread {
  const call = `${name}({ n: ${defaults.n} })`;
  checkOptions(name, options, ["n", "std", "seed", ...others], call);
  const { n = defaults.n, std = defaults.std, seed = 0 } = options;
  if (Number.isInteger(n) && n >= 0) return { n, std, seed };
  throw new RangeError(
    `${name}: n is ${describe(n)}; wanted a whole number of points from 0 up: write ${call}`,
  );
}

function gather(
  clusters: readonly { readonly centre: Point; readonly label: number }[],
  spread: Spread,
): PointSet {
  const centres = clusters.flatMap(({ centre }) => Array<Point>(spread.n).fill(centre));
  return around(centres, { ...spread, n: (spread.n * clusters.length) / 2 });
}

/** Points scattered around the given ones, of which the first `n` are blue. */
function around(centres: readonly Point[], { n, std, seed }: Spread): PointSet {
  // Another stream than the one that `circles` draws its angles from.
  const noise = random(seed + 2 ** 32).normal([centres.length, 2], { std }).data;
  const points = Float64Array.from(noise, (z, i) => z + centres[i >> 1][i & 1]);
  const labels = Float64Array.from(noise, (_, i) => Number((i >> 1 < n ? 0 : 1) === (i & 1)));
  return {
    points: new Tensor(points, [centres.length, 2]),
    labels: new Tensor(labels, [centres.length, 2]),
  };
}
