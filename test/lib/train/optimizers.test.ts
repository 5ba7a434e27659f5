import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  AdaGradOptimizer,
  AdamOptimizer,
  AdamWOptimizer,
  cast,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  constant,
  defaultGraph,
  GradientDescentOptimizer,
  Graph,
  type LearningRate,
  MomentumOptimizer,
  multiply,
  nameScope,
  placeholder,
  reduceSum,
  RMSPropOptimizer,
  schedule,
  Session,
  square,
  Variable,
} from "../../../lib/index.ts";

function variablesOf(graph: Graph): Record<string, { dtype: string; trainable: boolean }> {
  const variables = graph.nodes.filter((node) => node instanceof Variable);
  return Object.fromEntries(
    variables.map(({ name, dtype, trainable }) => [name, { dtype, trainable }]),
  );
}

describe("slots", () => {
  test("slots and step are variables with scoped names that no optimizer trains", () => {
    const graph = new Graph({ dtype: "float32" }).asDefault();
    const W = nameScope("layer", () => new Variable([1, 2], { name: "W" }));
    const J = reduceSum(square(W));
    new AdamOptimizer({ learningRate: 0.1 }).minimize(J);
    new AdamOptimizer({ learningRate: 0.1 }).minimize(J);
    const slot = { dtype: "float32", trainable: false };
    // Bias corrections are powers of β: float32 would lose most of 1 − β.
    const step = { dtype: "float64", trainable: false };
    assert.deepEqual(variablesOf(graph), {
      "layer/W": { dtype: "float32", trainable: true },
      "adam/layer/W/mean": slot,
      "adam/layer/W/square": slot,
      "adam/step": step,
      "adam/layer/W/mean_1": slot,
      "adam/layer/W/square_1": slot,
      "adam/step_1": step,
    });
  });

  test("slots go to the graph of the loss, whichever is current", () => {
    const graph = new Graph().asDefault();
    const J = square(new Variable(3, { name: "x" }));
    const other = new Graph().asDefault();
    const train = new MomentumOptimizer({ learningRate: 0.1 }).minimize(J);
    assert.equal(other.nodes.length, 0);
    assert.deepEqual(Object.keys(variablesOf(graph)), ["x", "momentum/x/momentum"]);
    assert.equal(defaultGraph(), other);
    assert.equal(
      +new Session().run(train),
      1,
      "the number of variables trained, slots not counted",
    );
  });

  test("a fixed rate counts no steps where the formula does not", () => {
    const graph = new Graph().asDefault();
    const J = square(new Variable(3, { name: "x" }));
    new GradientDescentOptimizer({ learningRate: 0.1, weightDecay: 0.1 }).minimize(J);
    new RMSPropOptimizer({ learningRate: 0.1 }).minimize(J);
    new AdaGradOptimizer({ learningRate: schedule.constant(0.1) }).minimize(J);
    assert.deepEqual(Object.keys(variablesOf(graph)), ["x", "rmsProp/x/square", "adaGrad/x/sum"]);
  });
});

describe("learning rates", () => {
  test("a placeholder, a variable of another type or any scalar node can be the rate", () => {
    new Graph().asDefault();
    const η = placeholder({ name: "η", shape: [] });
    const x = new Variable([1, 1]);
    const train = new GradientDescentOptimizer({ learningRate: η }).minimize(reduceSum(x));
    const session = new Session();
    session.run(train, [[η, 0.25]]);
    session.run(train, [[η, 0.5]]);
    assert.deepEqual(x.value.toArray(), [0.25, 0.25]);
    const slow = new Variable(0.5, { dtype: "float32", trainable: false });
    session.run(new AdamWOptimizer({ learningRate: slow, weightDecay: 1 }).minimize(reduceSum(x)));
    // (1 − 0.5 · 1) · 0.25, less 0.5: the first step of Adam is as long as the rate.
    assert.ok(Math.abs(x.value.at(0) + 0.375) < 1e-7, String(x.value));
    const inGraph = multiply(cast(slow, { dtype: "float64" }), 2);
    session.run(new MomentumOptimizer({ learningRate: inGraph }).minimize(reduceSum(x)));
    assert.ok(Math.abs(x.value.at(0) + 1.375) < 1e-7, String(x.value));
  });

  test("a schedule prints as it was written", () => {
    const cosine = schedule.cosine({ rate: 0.1, steps: 100 });
    assert.equal(String(cosine), "cosine({ rate: 0.1, steps: 100 })");
    assert.equal(
      String(schedule.warmUp({ steps: 10, to: cosine, start: 0 })),
      "warmUp({ steps: 10, to: cosine({ rate: 0.1, steps: 100 }), start: 0 })",
    );
    assert.equal(
      String(schedule.piecewise({ steps: [5], rates: [1, 0.1] })),
      "piecewise({ steps: [5], rates: [1, 0.1] })",
    );
  });

  test("a rate is a finite number from 0 up, a schedule or a scalar node, in every optimizer", () => {
    new Graph().asDefault();
    const row = constant([1, 2], { name: "row" });
    const kinds = [
      GradientDescentOptimizer,
      MomentumOptimizer,
      AdaGradOptimizer,
      RMSPropOptimizer,
      AdamOptimizer,
      AdamWOptimizer,
    ];
    const cases: readonly [unknown, string][] = [
      [undefined, "undefined"],
      ["0.1", 'the text "0.1"'],
      [NaN, "number NaN; wanted a finite number from 0 up"],
      [-0.1, "number -0.1; wanted a finite number from 0 up"],
      [Infinity, "number Infinity; wanted a finite number from 0 up"],
    ];
    for (const Kind of kinds) {
      for (const [learningRate, got] of cases) {
        assert.throws(() => new Kind({ learningRate: learningRate as LearningRate }), {
          name: "TypeError",
          message: `${Kind.name}: learningRate is ${got}; write new ${Kind.name}({ learningRate: 0.01 })`,
        });
      }
      assert.throws(() => new Kind({ learningRate: row }), {
        name: "RangeError",
        message: `${Kind.name}: learningRate is constant "row" with 1 axes; wanted a scalar node`,
      });
      assert.equal(new Kind({ learningRate: 0 }).learningRate, 0);
    }
  });
});

describe("options out of range", () => {
  const rate = { learningRate: 0.1 };
  const cases: readonly [() => unknown, string][] = [
    [
      () => new AdamOptimizer({ ...rate, beta1: 1 }),
      "AdamOptimizer: beta1 is number 1; wanted a number from 0 to below 1",
    ],
    [
      () => new AdamWOptimizer({ ...rate, beta2: -1 }),
      "AdamWOptimizer: beta2 is number -1; wanted a number from 0 to below 1",
    ],
    [
      () => new AdamOptimizer({ ...rate, epsilon: NaN }),
      "AdamOptimizer: epsilon is number NaN; wanted a number from 0 up",
    ],
    [
      () => new AdamWOptimizer({ ...rate, weightDecay: -1 }),
      "AdamWOptimizer: weightDecay is number -1; wanted a number from 0 up",
    ],
    [
      () => new MomentumOptimizer({ ...rate, momentum: 1.5 }),
      "MomentumOptimizer: momentum is number 1.5; wanted a number from 0 to below 1",
    ],
    [
      () => new RMSPropOptimizer({ ...rate, decay: 2 }),
      "RMSPropOptimizer: decay is number 2; wanted a number from 0 to below 1",
    ],
    [
      () => new AdaGradOptimizer({ ...rate, rateDecay: -1 }),
      "AdaGradOptimizer: rateDecay is number -1; wanted a number from 0 up",
    ],
    [
      () => new GradientDescentOptimizer({ ...rate, clipNorm: 0 }),
      "GradientDescentOptimizer: clipNorm is number 0; wanted a number above 0",
    ],
    [
      () => new AdamOptimizer({ ...rate, clipNorm: 1, clipValue: 1 }),
      "AdamOptimizer: clipValue and clipNorm are both given; wanted one kind of clipping",
    ],
    [
      // @ts-expect-error the option is called beta1
      () => new AdamOptimizer({ ...rate, beta: 0.9 }),
      "AdamOptimizer: has no option beta; did you mean beta1? it has learningRate, weightDecay, clipValue, clipNorm, clipGlobalNorm, beta1, beta2, epsilon",
    ],
    [
      () => schedule.constant(-1),
      "schedule.constant: rate is number -1; wanted a number from 0 up",
    ],
    [
      () => schedule.exponential({ rate: 0.1, decay: 0 }),
      "schedule.exponential: decay is number 0; wanted a number above 0",
    ],
    [
      () => schedule.cosine({ rate: 0.1, steps: 0 }),
      "schedule.cosine: steps is number 0; wanted a whole number from 1 up",
    ],
    [
      () => schedule.warmUp({ steps: 1.5, to: 0.1 }),
      "schedule.warmUp: steps is number 1.5; wanted a whole number from 1 up",
    ],
    [
      () => schedule.warmUp({ steps: 5, to: NaN }),
      "schedule.warmUp: to is number NaN; wanted a number from 0 up",
    ],
    [
      () => schedule.warmUp({ steps: 5, to: 0.1, start: 2 }),
      "schedule.warmUp: start is number 2; wanted a number from 0 to 1",
    ],
    [
      () => schedule.piecewise({ steps: [100], rates: [0.1] }),
      "schedule.piecewise: steps are [100] and rates [0.1]; wanted rising steps and one rate more: schedule.piecewise({ steps: [100, 200], rates: [0.1, 0.01, 0.001] })",
    ],
    [
      () => schedule.cosine(0.1 as never),
      "schedule.cosine: options are number 0.1; write schedule.cosine({ rate: 0.1, steps: 1000 })",
    ],
    [
      () => clipByValue(constant(1), -1),
      "clipByValue: the limit is number -1; wanted a number above 0",
    ],
    [
      () => clipByNorm(constant(1), NaN),
      "clipByNorm: the limit is number NaN; wanted a number above 0",
    ],
  ];
  for (const [make, message] of cases) {
    test(message, () => {
      new Graph().asDefault();
      assert.throws(make, { message });
    });
  }
});

describe("clipping", () => {
  test("by value, by norm and by global norm", () => {
    new Graph().asDefault();
    const session = new Session();
    const [a, b] = [constant([3, -4]), constant([12])];
    assert.deepEqual(session.run(clipByValue(a, 3.5)).toArray(), [3, -3.5]);
    // 10⁻⁶ is PyTorch's; a gradient of norm 5 becomes one of norm 1.
    const shrunk = session.run(clipByNorm(a, 1)).toArray() as number[];
    assert.ok(Math.abs(shrunk[0] - 0.6) < 1e-6 && Math.abs(shrunk[1] + 0.8) < 1e-6, String(shrunk));
    assert.deepEqual(session.run(clipByNorm(a, 6)).toArray(), [3, -4], "short ones are left alone");
    const both = session.run(clipByGlobalNorm([a, b], 6.5));
    const [x, y] = [both[0].at(0), both[1].at(0)];
    assert.ok(Math.abs(x - 1.5) < 1e-6 && Math.abs(y - 6) < 1e-6, `${x}, ${y}`);
    assert.deepEqual(clipByGlobalNorm([], 1), []);
  });

  test("gradients of two types are clipped together, each in its own type", () => {
    new Graph().asDefault();
    const [x, y] = [new Variable(1), new Variable(1, { dtype: "float32" })];
    const J = multiply(square(x), 1.5).add(cast(multiply(square(y), 2), { dtype: "float64" }));
    const train = new GradientDescentOptimizer({ learningRate: 1, clipGlobalNorm: 2.5 }).minimize(
      J,
    );
    new Session().run(train);
    // Gradients 3 and 4, of norm 5, halved.
    assert.ok(Math.abs(+x.value + 0.5) < 1e-6 && Math.abs(+y.value + 1) < 1e-6);
    assert.equal(y.value.dtype, "float32");
  });
});
