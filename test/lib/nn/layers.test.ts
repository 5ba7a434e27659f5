import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  AdamOptimizer,
  fit,
  Graph,
  log,
  maxPool,
  metrics,
  multiply,
  nameScope,
  negative,
  nn,
  placeholder,
  random,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  Session,
  softmax,
  tensor,
  type Variable,
} from "../../../lib/index.ts";
import { digits, split, spirals } from "../../../lib/data/index.ts";

function namesOf(variables: readonly Variable[]): string[] {
  return variables.map(({ name, shape }) => `${name} [${shape.join(", ")}]`);
}

describe("layers", () => {
  test("dense is activation(x · W + b), with variables of its own name", () => {
    new Graph().asDefault();
    const X = placeholder({ shape: [null, 3] });
    const layer = nn.dense(2, { activation: relu });
    assert.equal(layer.variables.length, 0);
    const y = layer(X);
    assert.deepEqual(namesOf(layer.variables), ["dense/W [3, 2]", "dense/b [2]"]);
    const [W, b] = layer.variables;
    W.value = [
      [1, 0],
      [0, 1],
      [1, -1],
    ];
    b.value = [0.5, -0.5];
    assert.deepEqual(
      new Session()
        .run(y, [
          [
            X,
            [
              [1, 2, 3],
              [-9, 0, 1],
            ],
          ],
        ])
        .toArray(),
      [
        [4.5, 0],
        [0, 0],
      ],
    );
  });

  test("a layer called twice has the same variables; layers are numbered, or named", () => {
    new Graph().asDefault();
    const [a, b] = [placeholder({ shape: [null, 2] }), placeholder({ shape: [4, 2] })];
    const shared = nn.dense(1);
    const [ya, yb] = [shared(a), shared(b)];
    assert.equal(shared.variables.length, 2);
    const rows = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
    const [left, right] = new Session().run(
      [ya, yb],
      [
        [a, rows],
        [b, rows],
      ],
    );
    assert.deepEqual(left.data, right.data);
    const other = nn.dense(1, { bias: false });
    const inner = nn.dense(1, { name: "head" });
    other(a);
    nameScope("net", () => inner(a));
    assert.deepEqual(namesOf(other.variables), ["dense_1/W [2, 1]"]);
    assert.deepEqual(namesOf(inner.variables), ["net/head/W [2, 1]", "net/head/b [1]"]);
  });

  test("starting values follow the graph's seed, or the layer's own", () => {
    const start = (graph: object, options: object): unknown => {
      new Graph(graph).asDefault();
      const layer = nn.dense(3, options);
      layer(placeholder({ shape: [null, 2] }));
      return layer.variables[0].value.data;
    };
    assert.deepEqual(start({ seed: 1 }, {}), start({ seed: 1 }, {}));
    assert.notDeepEqual(start({ seed: 1 }, {}), start({ seed: 2 }, {}));
    assert.deepEqual(start({ seed: 1 }, { seed: 5 }), start({ seed: 2 }, { seed: 5 }));
    const init = nn.init.heNormal;
    assert.deepEqual(start({}, { seed: 5, init }), init([2, 3], random(5)).data);
    assert.deepEqual(
      start({ dtype: "float32" }, { seed: 5, init }),
      Float32Array.from(init([2, 3], random(5)).data),
    );
  });

  test("variables go to the graph of x, whichever is current", () => {
    const graph = new Graph().asDefault();
    const X = placeholder({ shape: [null, 2] });
    const other = new Graph().asDefault();
    const layer = nn.dense(1);
    layer(X);
    assert.equal(other.nodes.length, 0);
    assert.ok(layer.variables.every((variable) => variable.graph === graph));
  });

  test("conv2d keeps the size of images and says how many filters", () => {
    new Graph().asDefault();
    const X = placeholder({ shape: [null, 5, 4, 2] });
    const layer = nn.conv2d(3, { size: [3, 1] });
    const y = layer(X);
    assert.deepEqual(namesOf(layer.variables), ["conv2d/W [3, 1, 2, 3]", "conv2d/b [3]"]);
    const [out] = new Session().run([y], [[X, random(1).normal([2, 5, 4, 2])]]);
    assert.deepEqual(out.shape, [2, 5, 4, 3]);
    const strided = nn.conv2d(1, { strides: 2, padding: "valid", bias: false })(X);
    assert.deepEqual(
      new Session().run(strided, [[X, random(1).normal([2, 5, 4, 2])]]).shape,
      [2, 2, 1, 1],
    );
  });

  test("sequential is one after the other; its variables are all of theirs", () => {
    new Graph().asDefault();
    const X = placeholder({ shape: [null, 2] });
    const [first, last] = [nn.dense(4), nn.dense(1)];
    const net = nn.sequential(nn.sequential(first, relu), last);
    const [got, wanted] = [net(X), last(relu(first(X)))];
    const [a, b] = new Session().run([got, wanted], [[X, random(1).normal([3, 2])]]);
    assert.deepEqual(a.data, b.data);
    assert.deepEqual(net.variables, [...first.variables, ...last.variables]);
  });
});

describe("networks", () => {
  test("two hidden layers wind around the spirals", () => {
    new Graph({ seed: 3 }).asDefault();
    const { points, labels } = spirals({ n: 50, seed: 1 });
    const X = placeholder({ shape: [null, 2] });
    const c = placeholder({ shape: [null, 2] });
    const layers = [16, 16].map((units) =>
      nn.dense(units, { activation: relu, init: nn.init.heNormal }),
    );
    const p = softmax(nn.sequential(...layers, nn.dense(2))(X));
    const loss = reduceMean(negative(reduceSum(multiply(c, log(p)), { axis: 1 })));
    const history = fit({
      loss,
      optimizer: new AdamOptimizer({ learningRate: 0.02 }),
      feeds: [
        [X, points],
        [c, labels],
      ],
      batchSize: 20,
      epochs: 150,
      metrics: { accuracy: [metrics.accuracy, p, c] },
      onProgress: null,
    });
    assert.ok(history.accuracy[149] > 0.95, `accuracy ${history.accuracy[149]}`);
  });

  test("a small convolutional network reads digits that it has not seen", () => {
    new Graph({ seed: 1 }).asDefault();
    const { train, test: unseen } = split(digits(), { test: 0.2, seed: 1 });
    const X = placeholder({ shape: [null, 64] });
    const c = placeholder({ shape: [null, 10] });
    const images = reshape(X, { shape: [-1, 8, 8, 1] });
    const net = nn.sequential(
      nn.conv2d(8, { activation: relu }),
      (x) => maxPool(x, { size: 2 }),
      nn.flatten,
      nn.dense(10),
    );
    const p = softmax(net(images));
    const loss = reduceMean(negative(reduceSum(multiply(c, log(p)), { axis: 1 })));
    const history = fit({
      loss,
      optimizer: new AdamOptimizer({ learningRate: 0.01 }),
      feeds: [
        [X, train.points],
        [c, train.labels],
      ],
      batchSize: 64,
      epochs: 4,
      validation: [
        [X, unseen.points],
        [c, unseen.labels],
      ],
      metrics: { accuracy: [metrics.accuracy, p, c] },
      onProgress: null,
    });
    const accuracy = history["validation accuracy"][3];
    assert.ok(accuracy > 0.93, `accuracy ${accuracy}`);
  });
});

describe("starting values", () => {
  const variances: readonly [keyof typeof nn.init, readonly number[], number][] = [
    ["glorotUniform", [30, 70], 2 / 100],
    ["glorotNormal", [30, 70], 2 / 100],
    ["heUniform", [30, 70], 2 / 30],
    ["heNormal", [30, 70], 2 / 30],
    ["lecunUniform", [30, 70], 1 / 30],
    ["lecunNormal", [30, 70], 1 / 30],
    ["glorotNormal", [3, 5, 10, 20], 2 / (15 * 30)],
    ["heUniform", [3, 5, 10, 20], 2 / 150],
  ];
  for (const [name, shape, variance] of variances) {
    test(`${name} [${shape.join(", ")}] has variance ${variance.toPrecision(3)}`, () => {
      const { data, shape: got } = nn.init[name](shape, random(6));
      assert.deepEqual(got, shape);
      const values = Array.from<number>(data);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const measured = values.reduce((sum, x) => sum + x * x, 0) / values.length;
      // Four standard errors; a normal's variance has the larger one, √(2/n).
      assert.ok(Math.abs(mean) < 4 * Math.sqrt(variance / values.length), `mean ${mean}`);
      assert.ok(
        Math.abs(measured / variance - 1) < 4 * Math.sqrt(2 / values.length),
        `${measured}`,
      );
      if (!name.endsWith("Uniform")) return;
      const limit = Math.sqrt(3 * variance);
      assert.ok(values.every((x) => Math.abs(x) <= limit));
    });
  }

  test("orthogonal has orthonormal columns, or rows where those are fewer", () => {
    for (const shape of [
      [6, 4],
      [4, 6],
      [2, 3, 4],
      [5, 5],
    ]) {
      const { data } = nn.init.orthogonal(shape, random(2));
      const columns = shape.at(-1)!;
      const rows = data.length / columns;
      const isTall = columns <= rows;
      const [count, length] = isTall ? [columns, rows] : [rows, columns];
      const at = (vector: number, k: number): number =>
        isTall ? data[k * columns + vector] : data[vector * columns + k];
      for (let i = 0; i < count; i++) {
        for (let j = 0; j <= i; j++) {
          let product = 0;
          for (let k = 0; k < length; k++) product += at(i, k) * at(j, k);
          assert.ok(Math.abs(product - Number(i === j)) < 1e-14, `${shape.join()}: ${i}, ${j}`);
        }
      }
    }
  });
});

describe("mistakes", () => {
  const cases: readonly [() => unknown, string | RegExp][] = [
    [
      () => nn.dense(0),
      "nn.dense: units is number 0; wanted a whole number from 1 up: nn.dense(16, { activation: relu })",
    ],
    [
      () => nn.dense(2, { activation: "relu" as never }),
      'nn.dense: activation is the text "relu"; wanted a function: { activation: relu }',
    ],
    [
      () => nn.conv2d(2, { init: 0.1 as never }),
      "nn.conv2d: init is number 0.1; wanted a function: { init: nn.init.heNormal }",
    ],
    [
      () => nn.dense(2, relu),
      "nn.dense: options are a function; write nn.dense(16, { activation: relu })",
    ],
    [
      () => nn.conv2d(2, { stride: 2 } as never),
      "nn.conv2d: has no option stride; did you mean strides? it has activation, init, bias, seed, name, size, strides, dilation, padding",
    ],
    [
      () => nn.sequential(),
      "nn.sequential: got nothing; wanted functions of nodes: nn.sequential(nn.dense(8), relu, nn.dense(2))",
    ],
    [
      () => nn.sequential(nn.dense(2), 3 as never),
      "nn.sequential: got number 3; wanted functions of nodes: nn.sequential(nn.dense(8), relu, nn.dense(2))",
    ],
    [() => nn.dense(2)([[1]] as never), "nn.dense: got an array of 1; wanted a node"],
    [
      () => nn.dense(2)(placeholder({ name: "X" })),
      'nn.dense: x is placeholder "X" unknown; wanted at least 2 axes, and the last of known size: placeholder({ shape: [null, 64] })',
    ],
    [
      () => nn.dense(2)(placeholder({ name: "X", shape: [3, null] })),
      'nn.dense: x is placeholder "X" [3, ?]; wanted at least 2 axes, and the last of known size: placeholder({ shape: [null, 64] })',
    ],
    [
      () => nn.conv2d(2)(placeholder({ name: "X", shape: [null, 64] })),
      'nn.conv2d: x is placeholder "X" [?, 64]; wanted at least 4 axes, and the last of known size: placeholder({ shape: [null, null, null, 1] })',
    ],
    [
      () => nn.dense(2)(placeholder({ name: "X", shape: [2, 2], dtype: "int32" })),
      'nn.dense: x is placeholder "X" [2, 2] of int32; wanted floats: cast(x, { dtype: "float64" })',
    ],
    [
      () => nn.flatten(placeholder({ name: "X", shape: [null, null, 2] })),
      'nn.flatten: x is placeholder "X" [?, ?, 2]; wanted a batch, and every other size known: placeholder({ shape: [null, 8, 8] })',
    ],
    [
      () => nn.flatten(placeholder({ name: "X", shape: [3] })),
      'nn.flatten: x is placeholder "X" [3]; wanted a batch, and every other size known: placeholder({ shape: [null, 8, 8] })',
    ],
    [
      () => nn.init.heNormal([3], random(1)),
      "nn.init.heNormal: shape [3]; wanted [inputs, outputs] or [height, width, inputs, outputs]",
    ],
    [
      () => nn.init.orthogonal([3, 2], 7 as never),
      "nn.init.orthogonal: random is number 7; wanted a stream: nn.init.orthogonal([2, 8], random(1))",
    ],
  ];
  for (const [run, message] of cases) {
    test(String(message), () => {
      new Graph().asDefault();
      assert.throws(run, typeof message === "string" ? { message } : message);
    });
  }
});
