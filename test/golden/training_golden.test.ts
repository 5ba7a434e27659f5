/** Training as NumPy computes it, and PyTorch and scikit-learn confirm: every optimizer, schedule, clipping and metric. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import * as gradbook from "../../lib/index.ts";
import type { Node, Optimizer, TensorLike } from "../../lib/index.ts";

interface Run {
  readonly name: string;
  readonly optimizer: string;
  readonly options: { readonly learningRate: number | string };
  readonly losses: readonly number[];
  readonly end: readonly TensorLike[];
}

type Rates = { readonly to?: readonly [string, Rates] };

interface Golden {
  readonly inputs: TensorLike;
  readonly targets: TensorLike;
  readonly start: readonly TensorLike[];
  readonly runs: readonly Run[];
  readonly schedules: readonly { name: string; options: Rates; rates: readonly number[] }[];
}

const source = new URL("../../../test/golden/training_golden.json", import.meta.url);
const golden = JSON.parse(readFileSync(source, "utf8")) as Golden;

function scheduleOf(name: string, { to, ...options }: Rates): gradbook.schedule.Schedule {
  const make = gradbook.schedule[name as "cosine"] as (
    options: object,
  ) => gradbook.schedule.Schedule;
  return make(to === undefined ? options : { ...options, to: scheduleOf(...to) });
}

function optimizerOf({ optimizer, options }: Run): Optimizer {
  const Kind = gradbook[optimizer as "AdamOptimizer"] as unknown as new (
    options: object,
  ) => Optimizer;
  const annealed = golden.schedules.find(({ name }) => name === "cosine")!;
  const { learningRate: rate } = options;
  const learningRate = typeof rate === "number" ? rate : scheduleOf("cosine", annealed.options);
  return new Kind({ ...options, learningRate });
}

interface Trained {
  readonly losses: readonly number[];
  readonly end: readonly gradbook.Tensor[];
}

function train(run: Run, dtype: gradbook.Dtype, backend: gradbook.BackendName): Trained {
  new gradbook.Graph({ dtype }).asDefault();
  const [W, b] = golden.start.map((value) => new gradbook.Variable(value));
  const error: Node = gradbook.constant(golden.inputs).matmul(W).add(b).subtract(golden.targets);
  const J = gradbook.reduceMean(error.square());
  const step = optimizerOf(run).minimize(J);
  const session = new gradbook.Session({ backend });
  const losses = run.losses.map(() => +session.run([J, step])[0]);
  return { losses, end: [W.value, b.value] };
}

function assertNear(got: number, wanted: number, allowed: number, what: string): void {
  assert.ok(Math.abs(got - wanted) <= allowed, `${what}: ${got}, NumPy has ${wanted}`);
}

describe("optimizers", () => {
  for (const run of golden.runs) {
    for (const backend of ["javascript", "reference"] as const) {
      // The script has checked that rounding explains at most a tenth of these tolerances.
      test(`${run.name} goes NumPy's way in float64, ${backend}`, () => {
        const { losses, end } = train(run, "float64", backend);
        for (const [i, wanted] of run.losses.entries()) {
          assertNear(losses[i], wanted, 1e-12 * wanted, `loss ${i}`);
        }
        for (const [i, value] of run.end.entries()) {
          const { data } = gradbook.tensor(value);
          const largest = Math.max(...Array.from<number>(data).map(Math.abs));
          data.forEach((x: number, k: number) =>
            assertNear(end[i].data[k], x, 1e-12 * largest, `variable ${i}, number ${k}`),
          );
        }
      });
    }

    test(`${run.name} goes NumPy's way in float32`, () => {
      const { losses } = train(run, "float32", "javascript");
      for (const [i, wanted] of run.losses.slice(0, 10).entries()) {
        assertNear(losses[i], wanted, 1e-5 * wanted, `loss ${i}`);
      }
    });
  }
});

describe("schedules", () => {
  for (const { name, options, rates } of golden.schedules) {
    test(`${name} gives NumPy's rates, by itself and in a graph`, () => {
      const schedule = scheduleOf(name, options);
      new gradbook.Graph().asDefault();
      const x = new gradbook.Variable(0);
      const step = new gradbook.GradientDescentOptimizer({ learningRate: schedule }).minimize(x);
      const session = new gradbook.Session();
      for (const [t, rate] of rates.entries()) {
        assertNear(schedule.at(t), rate, 1e-14 * rate, `at step ${t}`);
        const before = +x.value;
        session.run(step);
        // The gradient of x is 1, so x falls by the rate; x itself is at most 10.
        assertNear(before - +x.value, rate, 1e-14, `in the graph at step ${t}`);
      }
    });
  }
});
