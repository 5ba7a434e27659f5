/**
 * How building, differentiating and running grow with the size of a graph: time for each node, and the slope of
 * log time over log size, which is 1 where growth is linear.
 */
import assert from "node:assert/strict";
import { setImmediate as immediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  add,
  computeGradients,
  constant,
  Graph,
  GradientDescentOptimizer,
  multiply,
  Session,
  tanh,
  Variable,
  type Node,
} from "../lib/index.ts";
import { keep, median, type Measurement, type Result } from "./harness.ts";

/** A graph that grows: what is run, and what has to come out. */
interface Workload {
  readonly name: string;
  readonly sizes: readonly number[];
  /** Builds a loss of `size` steps over variables. */
  build(size: number): { readonly loss: Node; readonly variables: readonly Variable[] };
  /** The loss, and its slope in the first variable. */
  expected(size: number): readonly [loss: number, slope: number];
}

const chain: Workload = {
  name: "chain of additions",
  sizes: [12_500, 25_000, 50_000, 100_000],
  build: (size) => {
    const x = new Variable(1);
    const one = constant(1);
    let y: Node = x;
    for (let i = 0; i < size; i++) y = add(y, one);
    return { loss: y, variables: [x] };
  },
  expected: (size) => [size + 1, 1],
};

const residual: Workload = {
  name: "residual layers",
  sizes: [2_500, 5_000, 10_000, 20_000],
  build: (size) => {
    const [x, w] = [new Variable(0.5), constant(1e-4)];
    let h: Node = x;
    for (let i = 0; i < size; i++) h = add(h, multiply(tanh(h), w));
    return { loss: h, variables: [x] };
  },
  expected: (size) => {
    let [h, slope] = [0.5, 1];
    for (let i = 0; i < size; i++) {
      slope *= 1 + 1e-4 * (1 - Math.tanh(h) ** 2);
      h += 1e-4 * Math.tanh(h);
    }
    return [h, slope];
  },
};

const diamond: Workload = {
  name: "diamond of doublings",
  sizes: [5_000, 10_000, 20_000, 40_000],
  build: (size) => {
    const [x, half] = [new Variable(1), constant(0.5)];
    let y: Node = x;
    for (let i = 0; i < size; i++) y = multiply(add(y, y), half);
    return { loss: y, variables: [x] };
  },
  expected: () => [1, 1],
};

const wide: Workload = {
  name: "variables",
  sizes: [250, 500, 1_000, 2_000],
  build: (size) => {
    const variables = Array.from({ length: size }, (_, i) => new Variable(i));
    const loss = variables.map((w) => multiply(w, 2)).reduce((sum, part) => add(sum, part));
    return { loss, variables };
  },
  expected: (size) => [size * (size - 1), 2],
};

const phases = ["build", "gradient", "first run", "next run"] as const;

type Times = Readonly<Record<(typeof phases)[number] | "kilobytes", number>>;

// A heap is measured between collections.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function timed<T>(work: () => T): { milliseconds: number; result: T } {
  const start = performance.now();
  const result = work();
  return { milliseconds: performance.now() - start, result };
}

/** One graph, from nothing to its second run. */
function measure(workload: Workload, size: number): Times {
  // The default graph is alive: only now is that of the last measurement gone.
  new Graph().asDefault();
  collect();
  const before = process.memoryUsage().heapUsed;
  const built = timed(() => workload.build(size));
  const { loss, variables } = built.result;
  const gradients = timed(() => {
    const all = computeGradients(loss, [variables[0]]);
    // Rate 0: every variable is assigned, none moves.
    const train = new GradientDescentOptimizer({ learningRate: 0 }).minimize(loss);
    return { slope: all.get(variables[0])!, train };
  });
  const session = new Session();
  const fetch = [loss, gradients.result.slope, gradients.result.train] as const;
  const first = timed(() => session.run(fetch));
  const next = timed(() => session.run(fetch));
  for (const { result } of [first, next]) {
    for (const [i, wanted] of workload.expected(size).entries()) {
      const close = Math.abs(+result[i] - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
      assert.ok(close, `${workload.name} ${size}: ${+result[i]}, wanted ${wanted}`);
    }
  }
  collect();
  const kilobytes = (process.memoryUsage().heapUsed - before) / 1024;
  // Read here, so that graph and plan are alive until now.
  assert.ok(loss.graph.nodes.length > size && session.backend !== undefined);
  const spent = [built, gradients, first, next].map(({ milliseconds }) => milliseconds);
  return {
    build: spent[0],
    gradient: spent[1],
    "first run": spent[2],
    "next run": spent[3],
    kilobytes,
  };
}

/** The slope of the straight line through (log size, log value), by least squares. */
function slopeOf(sizes: readonly number[], values: readonly number[]): number {
  const [x, y] = [sizes, values].map((list) => list.map((value) => Math.log(value)));
  const mean = (list: readonly number[]): number =>
    list.reduce((sum, value) => sum + value, 0) / list.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  return covariance / x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}

const ROUNDS = 3;

/** The rounds of a size, each in a turn of its own: what is referred to weakly is let go of between turns only. */
async function measureAll(workload: Workload, size: number): Promise<Times[]> {
  const seen: Times[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await immediate();
    seen.push(measure(workload, size));
  }
  return seen;
}

async function study(workload: Workload): Promise<Result> {
  // The first, which warms up the compiler, does not count.
  measure(workload, workload.sizes[0]);
  const seen: Times[][] = [];
  for (const size of workload.sizes) seen.push(await measureAll(workload, size));
  console.log(`${workload.name}: microseconds a step, median of ${ROUNDS}`);
  console.log(
    `  ${"".padEnd(12)}${workload.sizes.map((size) => String(size).padStart(10)).join("")}     slope`,
  );
  const measurements = [...phases, "kilobytes" as const].map((phase): Measurement => {
    const middles = seen.map((times) => median(times.map((time) => time[phase])));
    const slope = slopeOf(workload.sizes, middles);
    const unit = phase === "kilobytes" ? 1 : 1000;
    const each = middles.map((value, i) => ((value * unit) / workload.sizes[i]).toPrecision(3));
    const label = phase === "kilobytes" ? "kB a step" : phase;
    console.log(
      `  ${label.padEnd(12)}${each.map((text) => text.padStart(10)).join("")}${slope.toFixed(2).padStart(10)}`,
    );
    return { name: phase, median: slope, least: slope, most: slope };
  });
  return {
    claim: `growth, ${workload.name}`,
    unit: "slope of log time over log size",
    measurements,
  };
}

const results: Result[] = [];
for (const workload of [chain, residual, diamond, wide]) results.push(await study(workload));
keep("graph-scale", results);
