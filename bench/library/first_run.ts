/** A fresh process that makes plans and says, as JSON, how long that took: each figure is a first run less a usual one. */
import { clouds } from "../../lib/data/index.ts";
import * as g from "../../lib/index.ts";
import { GROW, SHRINK } from "./task.ts";

const OPS = 10_000;
const AGAIN = 5;
const STEADY = 2000;
const SAMPLES = 201;

/** Runs that may still be compiling: the library moves a plan to faster code after a few runs. */
const WARMING = 200;

function perceptron(): () => void {
  new g.Graph().asDefault();
  const { points, labels } = clouds({ seed: 1 });
  const [X, c] = [g.placeholder(), g.placeholder()];
  const stream = g.random(1);
  const [W, b] = [new g.Variable(stream.normal([2, 2])), new g.Variable(stream.normal([2]))];
  const p = g.softmax(X.matmul(W).add(b));
  const J = g.negative(g.reduceSum(g.reduceSum(g.multiply(c, g.log(p)), { axis: 1 })));
  const train = new g.GradientDescentOptimizer({ learningRate: 0.01 }).minimize(J);
  const session = new g.Session();
  return () =>
    session.run(
      [J, train],
      [
        [X, points],
        [c, labels],
      ],
    );
}

function chain(): () => void {
  new g.Graph().asDefault();
  const x = g.placeholder({ shape: [8] });
  let y: g.Node = x;
  for (let i = 0; i < OPS; i++) y = i % 2 === 0 ? y.multiply(SHRINK) : y.add(GROW);
  const session = new g.Session();
  const feeds = [[x, g.random(9).normal([8])] as const];
  return () => session.run(y, feeds);
}

function milliseconds(step: () => void): number {
  const start = performance.now();
  step();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function usual(step: () => void, runs: number, samples: number): number {
  for (let i = 0; i < runs; i++) step();
  return median(Array.from({ length: samples }, () => milliseconds(step)));
}

const cold = perceptron();
const coldFirst = milliseconds(cold);
const coldRuns = Array.from({ length: WARMING }, () => milliseconds(cold));
const steady = usual(cold, STEADY, SAMPLES);
const warmFirst = Array.from({ length: AGAIN }, () => milliseconds(perceptron()));
const longChain = chain();
const chainFirst = milliseconds(longChain);
const chainSteady = usual(longChain, 10, 11);
console.log(
  JSON.stringify({
    warm: median(warmFirst) - steady,
    cold: coldFirst - steady,
    until: coldFirst + coldRuns.reduce((sum, x) => sum + x - steady, 0) - steady,
    chain: chainFirst - chainSteady,
  }),
);
