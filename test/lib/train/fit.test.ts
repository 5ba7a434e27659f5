import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { clouds } from "../../../lib/data/index.ts";
import {
  AdamOptimizer,
  constant,
  evaluate,
  fit,
  GradientDescentOptimizer,
  Graph,
  log,
  metrics,
  multiply,
  negative,
  type Node,
  type Placeholder,
  placeholder,
  type Progress,
  random,
  reduceMean,
  reduceSum,
  Session,
  softmax,
  square,
  type Tensor,
  Variable,
} from "../../../lib/index.ts";
import { plot } from "../../../lib/display/plot.ts";
import { progressText } from "../../../lib/train/progress.ts";

interface Net {
  readonly feeds: readonly (readonly [Placeholder, Tensor])[];
  readonly other: readonly (readonly [Placeholder, Tensor])[];
  readonly W: Variable;
  readonly p: Node;
  readonly c: Placeholder;
  readonly J: Node;
}

/** A perceptron that is to tell two clouds apart. */
function perceptron(): Net {
  new Graph().asDefault();
  const [known, unseen] = [clouds({ n: 25, seed: 1 }), clouds({ n: 10, seed: 2 })];
  const X = placeholder({ name: "X", shape: [null, 2] });
  const c = placeholder({ name: "c", shape: [null, 2] });
  const W = new Variable(random(7).normal([2, 2]), { name: "W" });
  const p = softmax(X.matmul(W));
  const J = reduceMean(negative(reduceSum(multiply(c, log(p)), { axis: 1 })));
  const feedsOf = ({ points, labels }: typeof known): Net["feeds"] => [
    [X, points],
    [c, labels],
  ];
  return { feeds: feedsOf(known), other: feedsOf(unseen), W, p, c, J };
}

const descent = new GradientDescentOptimizer({ learningRate: 0.1 });
const quiet = { onProgress: null } as const;

describe("fit", () => {
  test("is the loop that one would write by hand, last smaller batch included", () => {
    const byHand = perceptron();
    const train = descent.minimize(byHand.J);
    const session = new Session();
    const order = random(3);
    const losses: number[] = [];
    for (let epoch = 0; epoch < 4; epoch++) {
      const rows = order.permutation(50);
      let sum = 0;
      for (let start = 0; start < 50; start += 16) {
        const part = rows.slice(start, start + 16);
        const feeds = byHand.feeds.map(([target, x]) => {
          const values = x.toArray() as number[][];
          return [target, part.map((i) => values[i])] as const;
        });
        sum += +session.run([byHand.J, train], feeds)[0] * part.length;
      }
      losses.push(sum / 50);
    }
    const net = perceptron();
    const steps: number[] = [];
    const history = fit({
      loss: net.J,
      optimizer: descent,
      feeds: net.feeds,
      batchSize: 16,
      epochs: 4,
      seed: 3,
      onStep: ({ step }) => steps.push(step),
      ...quiet,
    });
    assert.deepEqual(history, { loss: losses });
    assert.deepEqual(net.W.value.data, byHand.W.value.data);
    assert.equal(steps.at(-1), 16, "four batches an epoch, the last of two rows");
  });

  test("gives a history that plot.loss takes, with metrics and validation by name", () => {
    const { J, feeds, other, p, c } = perceptron();
    const error = reduceMean(square(p.subtract(c)));
    const history = fit({
      loss: J,
      optimizer: new AdamOptimizer({ learningRate: 0.1 }),
      feeds,
      batchSize: 7,
      epochs: 6,
      validation: other,
      metrics: { accuracy: [metrics.accuracy, p, c], error },
      ...quiet,
    });
    const names = ["loss", "accuracy", "error", "validation"];
    assert.deepEqual(Object.keys(history), [...names, "validation accuracy", "validation error"]);
    for (const values of Object.values(history)) assert.equal(values.length, 6);
    assert.ok(history.loss[5] < history.loss[0]);
    const now = evaluate({
      loss: J,
      feeds: other,
      batchSize: 7,
      metrics: { accuracy: [metrics.accuracy, p, c] },
    });
    // One was computed by a plan that is interpreted still, the other by one that is compiled: a rounding apart.
    assert.ok(Math.abs(now.loss / history.validation[5] - 1) < 1e-14);
    assert.equal(now.accuracy, history["validation accuracy"][5]);
    // In batches of 7, 7 and 6, and all at once: means over rows do not depend on it.
    const whole = evaluate({ loss: J, feeds: other });
    assert.ok(Math.abs(whole.loss - now.loss) < 1e-12);
    assert.equal(plot.loss(history).data.length, 6);
  });

  test("scalars are fed to each batch as they are, and to validation as it says", () => {
    new Graph().asDefault();
    const X = placeholder({ shape: [null] });
    const scale = placeholder({ shape: [] });
    const w = new Variable(1);
    const J = reduceMean(multiply(multiply(X, w), scale));
    const history = fit({
      loss: J,
      optimizer: new GradientDescentOptimizer({ learningRate: 0 }),
      feeds: new Map<Placeholder, number | number[]>([
        [X, [1, 2, 3]],
        [scale, 10],
      ]),
      validation: [
        [X, [1]],
        [scale, 1],
      ],
      batchSize: 2,
      epochs: 1,
      ...quiet,
    });
    assert.deepEqual(history, { loss: [20], validation: [1] });
  });

  test("the seed decides the order; without shuffling it is that of the feeds", () => {
    const orders = [{ seed: 1 }, { seed: 1 }, { seed: 2 }, { shuffle: false }].map((options) => {
      new Graph().asDefault();
      const X = placeholder({ shape: [null] });
      const w = new Variable(1);
      const seen: number[] = [];
      fit({
        loss: reduceMean(multiply(X, w)),
        optimizer: new GradientDescentOptimizer({ learningRate: 0 }),
        feeds: [[X, [0, 1, 2, 3, 4, 5]]],
        batchSize: 1,
        epochs: 2,
        onStep: ({ loss }) => seen.push(loss),
        ...quiet,
        ...options,
      });
      return seen.join("");
    });
    assert.equal(orders[0], orders[1]);
    assert.notEqual(orders[0], orders[2]);
    assert.notEqual(orders[0].slice(0, 6), orders[0].slice(6), "each epoch has its own");
    assert.equal(orders[3], "012345012345");
  });

  test("a train node, or the same optimizer, goes on where training ended", () => {
    const adam = new AdamOptimizer({ learningRate: 0.1 });
    const [once, ...twice] = [true, false, false].map((isOnce, i) => {
      const { J, feeds, W } = perceptron();
      const optimizer = i === 1 ? adam.minimize(J) : adam;
      const options = { loss: J, optimizer, feeds, ...quiet };
      fit({ ...options, epochs: isOnce ? 10 : 5 });
      if (!isOnce) fit({ ...options, epochs: 5 });
      assert.deepEqual(
        W.slots.map(({ name }) => name),
        ["adam/W/mean", "adam/W/square", "adam/step"],
      );
      return W.value.data;
    });
    for (const values of twice) assert.deepEqual(values, once);
  });

  test("anything with a minimize is an optimizer", () => {
    const { J, feeds, W } = perceptron();
    const optimizer = { minimize: () => W.assign(multiply(W, 0)) };
    fit({ loss: J, optimizer, feeds, epochs: 1, ...quiet });
    assert.deepEqual(W.value.toArray(), [
      [0, 0],
      [0, 0],
    ]);
  });

  test("returning false from onStep or onEpoch ends it, and what was trained stays", () => {
    const { J, feeds, W } = perceptron();
    const options = { loss: J, optimizer: descent, feeds, batchSize: 10, epochs: 5, ...quiet };
    assert.equal(fit({ ...options, onEpoch: ({ epoch }) => epoch < 2 }).loss.length, 2);
    const before = W.value.data;
    assert.equal(fit({ ...options, onStep: ({ step }) => step < 7 }).loss.length, 2);
    assert.notDeepEqual(W.value.data, before);
  });

  test("an error from outside leaves the variables as the last whole step had them", () => {
    const { J, feeds, W } = perceptron();
    const options = { loss: J, optimizer: descent, feeds, batchSize: 10, epochs: 5, ...quiet };
    let after: unknown;
    const onStep = ({ step }: { step: number }): void => {
      after = W.value.data;
      if (step === 8) throw new Error("stop");
    };
    assert.throws(() => fit({ ...options, onStep }), /^Error: stop$/);
    assert.deepEqual(W.value.data, after);
  });
});

describe("early stopping", () => {
  /** The losses follow the list: x is the epoch. */
  function follow(losses: readonly number[], earlyStopping: object): { length: number; x: number } {
    new Graph().asDefault();
    const X = placeholder({ shape: [null] });
    const x = new Variable(0);
    const train = x.assign(x.add(1));
    const validation = constant(losses).multiply(
      constant(losses.map((_, i) => i + 1))
        .equal(x)
        .cast({ dtype: "float64" }),
    );
    const history = fit({
      loss: reduceSum(validation).add(multiply(reduceSum(X), 0)),
      optimizer: train,
      feeds: [[X, [0]]],
      validation: [[X, [0]]],
      epochs: losses.length,
      earlyStopping: { patience: 2, ...earlyStopping },
      ...quiet,
    });
    assert.deepEqual(history.validation, losses.slice(0, history.loss.length));
    return { length: history.loss.length, x: +x.value };
  }

  test("ends when patience epochs in a row were no better", () => {
    assert.deepEqual(follow([5, 4, 4, 3, 3, 3, 2], {}), { length: 6, x: 6 });
    assert.deepEqual(follow([5, 4, 3, 2, 1], {}), { length: 5, x: 5 });
  });

  test("minDelta says how much better is better", () => {
    assert.deepEqual(follow([5, 4.9, 4.8, 4.7], { minDelta: 0.5 }), { length: 3, x: 3 });
  });

  test("restoreBest brings back the variables of the best epoch, stopped early or not", () => {
    assert.deepEqual(follow([5, 3, 4, 4, 1], { restoreBest: true }), { length: 4, x: 2 });
    assert.deepEqual(follow([5, 3, 4], { restoreBest: true }), { length: 3, x: 2 });
  });
});

describe("progress", () => {
  test("is shown at most every tenth of a second, and when training is done", () => {
    const { J, feeds } = perceptron();
    let now = 0;
    const shown: Progress[] = [];
    fit({
      loss: J,
      optimizer: descent,
      feeds,
      batchSize: 5,
      epochs: 2,
      clock: () => (now += 30),
      onProgress: (progress) => shown.push(progress),
    });
    assert.deepEqual(
      shown.map(({ step, done }) => [step, done]),
      [
        [4, false],
        [8, false],
        [11, false],
        [15, false],
        [19, false],
        [20, true],
      ],
    );
    const [first] = shown;
    assert.deepEqual([first.epoch, first.epochs, first.steps], [1, 2, 20]);
    assert.ok(Math.abs(first.stepsPerSecond - 4 / 0.12) < 1e-9);
    assert.ok(Math.abs(first.secondsLeft - 16 / first.stepsPerSecond) < 1e-9);
  });

  test("is one line on standard output, each state over the one before", () => {
    const { J, feeds } = perceptron();
    const written: string[] = [];
    mock.method(process.stdout, "write", (text: string) => written.push(text) > 0);
    try {
      let now = 0;
      fit({ loss: J, optimizer: descent, feeds, epochs: 2, clock: () => (now += 1000) });
    } finally {
      mock.restoreAll();
    }
    const lines = written.join("").split("\n");
    assert.equal(lines.length, 2);
    assert.match(lines[0], /\repoch 1\/2, step 1\/2: loss [\d.e-]+, 1 steps\/s, 1 s left *\r/);
    assert.match(lines[0], /\repoch 2\/2, step 2\/2: loss [\d.e-]+, 0.5 steps\/s *$/);
  });

  test("says how long it takes in seconds, minutes or hours", () => {
    const some = {
      epoch: 1,
      epochs: 3,
      step: 2,
      steps: 9,
      loss: 0.123456,
      stepsPerSecond: 12345.6,
    };
    const text = (secondsLeft: number, extra = {}): string =>
      progressText({ ...some, secondsLeft, done: false, ...extra });
    assert.equal(text(0.2), "epoch 1/3, step 2/9: loss 0.1235, 12346 steps/s, 1 s left");
    assert.match(text(90), /, 1 min 30 s left$/);
    assert.match(text(7300, { validation: 2 }), /loss 0.1235, validation 2, .*, 2 h 1 min left$/);
  });
});

describe("mistakes", () => {
  const cases: readonly [string, (net: Net) => object, string][] = [
    [
      "no epochs",
      () => ({ epochs: undefined }),
      "fit: epochs is undefined; wanted a whole number from 1 up: fit({ loss, optimizer, feeds: [[X, points], [c, labels]], epochs: 10 })",
    ],
    [
      "an empty batch",
      () => ({ batchSize: 0 }),
      "fit: batchSize is number 0; wanted a whole number from 1 up: { batchSize: 32 }",
    ],
    [
      "an unknown option",
      () => ({ batchsize: 2 }),
      "fit: has no option batchsize; did you mean batchSize? it has loss, optimizer, feeds, batchSize, epochs, shuffle, validation, metrics, earlyStopping, seed, session, onStep, onEpoch, onProgress, clock",
    ],
    [
      "no optimizer",
      () => ({ optimizer: 0.1 }),
      "fit: optimizer is number 0.1; wanted one, as new AdamOptimizer({ learningRate: 0.01 }), or the node of its minimize(loss)",
    ],
    ["no loss", () => ({ loss: 1 }), "fit: the loss: got number 1; wanted a node"],
    [
      "no feeds",
      () => ({ feeds: [] }),
      "fit: no feed has rows; feed the examples: [[X, points], [c, labels]]",
    ],
    [
      "feeds that differ in rows",
      ({ feeds, c }) => ({ feeds: [feeds[0], [c, [[1, 0]]]] }),
      "fit: feeds differ in rows: X has 50, c 1; give one row of each to an example",
    ],
    [
      "feeds without rows",
      ({ feeds: [[X]] }) => ({ feeds: [[X, { data: [], shape: [0, 2] }]] }),
      "fit: X is fed [0, 2], no rows; give at least one",
    ],
    [
      "validation without rows",
      ({ feeds: [[X]] }) => ({ validation: [[X, { data: [], shape: [0, 2] }]] }),
      "fit: validation: X is fed [0, 2], no rows; give at least one",
    ],
    [
      "a metric that is none",
      () => ({ metrics: { accuracy: metrics.accuracy } }),
      "fit: metric accuracy is a function; wanted a scalar node, or a function with its nodes: [metrics.accuracy, p, labels]",
    ],
    [
      "a metric called loss",
      ({ J }) => ({ metrics: { loss: J } }),
      "fit: a metric is called loss, as the history of the loss is; choose another name",
    ],
    [
      "no patience",
      () => ({ earlyStopping: {} }),
      "fit: earlyStopping.patience is undefined; wanted a whole number from 1 up",
    ],
    [
      "early stopping by a number",
      () => ({ earlyStopping: 3 }),
      "fit: earlyStopping: options are number 3; write { patience: 3 }",
    ],
    [
      "a seed that is none",
      () => ({ seed: 0.5 }),
      "random: seed 0.5 is no whole number; try random(1)",
    ],
  ];
  for (const [name, options, message] of cases) {
    test(`${name}: ${message.slice(0, 60)}`, () => {
      const net = perceptron();
      const { J, feeds } = net;
      const good = { loss: J, optimizer: descent, feeds, epochs: 1, ...quiet };
      assert.throws(() => fit({ ...good, ...options(net) }), { message });
    });
  }

  test("a loss that becomes NaN ends training with a way out", () => {
    new Graph().asDefault();
    const X = placeholder({ shape: [null] });
    const w = new Variable(-1);
    const loss = reduceMean(multiply(X, log(w)));
    const optimizer = new GradientDescentOptimizer({ learningRate: 1 });
    assert.throws(() => fit({ loss, optimizer, feeds: [[X, [1]]], epochs: 3, ...quiet }), {
      name: "GraphError",
      message:
        "fit: the loss is NaN at step 1, in epoch 1; lower the learning rate, or find the node that made it: session.run(loss, feeds, { checkNumerics: true })",
    });
  });

  test("metrics and losses of the wrong shape are named with their lines", () => {
    const { J, feeds, p } = perceptron();
    const good = { loss: J, optimizer: descent, feeds, epochs: 1, ...quiet };
    assert.throws(
      () => fit({ ...good, metrics: { p } }),
      /^GraphError: fit: metric p, softmax, came out with shape \[50, 2\] \(made at .*fit\.test\.\w+:\d+:\d+\); wanted a scalar: reduceMean it$/,
    );
    assert.throws(
      () => fit({ ...good, metrics: { half: [() => 1, J] } }),
      /^GraphError: fit: metric half takes .*, a scalar; wanted a node with one row an example, or the scalar alone as metric$/,
    );
    assert.throws(() => evaluate({ feeds }), {
      message:
        "evaluate: neither loss nor metrics are given; write evaluate({ loss, metrics: { accuracy: [metrics.accuracy, p, c] }, feeds })",
    });
  });
});
