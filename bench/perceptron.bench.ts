/**
 * Claim: a training step of the course's networks is faster than in the NumPy code of the tutorial it follows.
 * W1 is the perceptron on 100 points, W2 the XOR net; a step is one session.run([J, train], feeds). The losses of the
 * first steps are compared before anything is timed. `--write` keeps the numbers in bench/results.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { clouds, xor } from "../lib/data/index.ts";
import * as g from "../lib/index.ts";
import {
  inRepository,
  interleave,
  keep,
  rate,
  report,
  type Contender,
  type Result,
} from "./harness.ts";

interface Workload {
  readonly net: "perceptron" | "xor";
  readonly claim: string;
  readonly points: g.Tensor;
  readonly labels: g.Tensor;
  readonly rate: number;
  readonly start: readonly g.Nested[];
}

const stream = g.random(1);
const draw = (...shape: number[]): g.Nested => stream.normal(shape).toArray();
const workloads: readonly Workload[] = [
  {
    net: "perceptron",
    claim: "W1 perceptron, 100 points",
    ...clouds({ seed: 1 }),
    rate: 0.01,
    start: [draw(2, 2), draw(2)],
  },
  {
    net: "xor",
    claim: "W2 XOR net 2-2-2, 100 points",
    ...xor({ seed: 1 }),
    rate: 0.03,
    start: [draw(2, 2), draw(2), draw(2, 2), draw(2)],
  },
];

const checkedSteps = 100;
const milliseconds = 400;
const rounds = 5;

/** A fresh network, as a function that takes a step and returns the loss before it. */
function network(
  { net, points, labels, rate: learningRate, start }: Workload,
  nested: boolean,
): () => number {
  new g.Graph().asDefault();
  const [X, c] = [g.placeholder(), g.placeholder()];
  const layer = (x: g.Node, i: number): g.Node =>
    x.matmul(new g.Variable(start[i])).add(new g.Variable(start[i + 1]));
  const p = g.softmax(net === "xor" ? layer(g.sigmoid(layer(X, 0)), 2) : layer(X, 0));
  const J = g.negative(g.reduceSum(g.reduceSum(g.multiply(c, g.log(p)), { axis: 1 })));
  const train = new g.GradientDescentOptimizer({ learningRate }).minimize(J);
  const session = new g.Session();
  const values = [points, labels].map((x) => (nested ? (x.toArray() as g.TensorLike) : x));
  const feeds = [[X, values[0]] as const, [c, values[1]] as const];
  return () => session.run([J, train], feeds)[0].item();
}

/** The tutorial's code in a Python process that answers one request at a time. */
class NumPy {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    const own = inRepository(".venv", "bin", "python");
    const python = process.env["PYTHON"] ?? (existsSync(own) ? own : "python3");
    this.#process = spawn(python, [inRepository("bench", "perceptron_numpy.py")]);
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
    this.#process.on("error", () => undefined);
  }

  async next<T>(): Promise<T | undefined> {
    const line = await this.#lines.next();
    return line.done === true ? undefined : (JSON.parse(line.value) as T);
  }

  async ask(
    workload: Workload,
    steps: number,
    time: number,
  ): Promise<{ losses: number[]; rate: number }> {
    const [points, labels] = [workload.points.toArray(), workload.labels.toArray()];
    const request = { ...workload, points, labels, steps, milliseconds: time };
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    return (await this.next())!;
  }

  close(): void {
    this.#process.stdin.end();
  }
}

async function checkLosses(workload: Workload, numpy: NumPy | undefined): Promise<void> {
  const step = network(workload, false);
  const losses = Array.from({ length: checkedSteps }, step);
  assert.ok(losses.at(-1)! < losses[0], `${workload.claim}: the loss did not fall`);
  const wanted = (await numpy?.ask(workload, checkedSteps, 0))?.losses ?? [];
  for (const [i, loss] of wanted.entries()) {
    assert.ok(Math.abs(losses[i] - loss) <= 1e-12 * Math.abs(loss), `${workload.claim}: loss ${i}`);
  }
}

async function measure(workload: Workload, numpy: NumPy | undefined): Promise<Result> {
  await checkLosses(workload, numpy);
  const [tensors, arrays] = [network(workload, false), network(workload, true)];
  const contenders: Contender[] = [
    { name: "gradbook", round: () => rate(tensors, milliseconds) },
    { name: "gradbook, feeds as arrays", round: () => rate(arrays, milliseconds) },
  ];
  if (numpy !== undefined) {
    const round = async (): Promise<number> => (await numpy.ask(workload, 0, milliseconds)).rate;
    contenders.push({ name: "the tutorial's way, NumPy", round });
  }
  rate(tensors, milliseconds);
  return {
    claim: workload.claim,
    unit: "steps/s",
    measurements: await interleave(contenders, rounds),
  };
}

const python = new NumPy();
const hello = await python.next<{ numpy?: string }>();
const numpy = hello?.numpy === undefined ? undefined : python;
if (numpy === undefined) {
  console.log("No Python with NumPy here (set PYTHON to one): measuring without the baseline.");
}
const results: Result[] = [];
for (const workload of workloads) results.push(await measure(workload, numpy));
python.close();
for (const result of results) report(result);
keep("perceptron", results);
