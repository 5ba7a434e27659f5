import assert from "node:assert/strict";
import { test } from "node:test";
import {
  batchNorm,
  Graph,
  GradientDescentOptimizer,
  layerNorm,
  placeholder,
  reduceMean,
  Session,
  square,
  subtract,
  Variable,
} from "../../../lib/index.ts";

function close(got: readonly number[], wanted: readonly number[]): void {
  for (const [i, x] of got.entries())
    assert.ok(Math.abs(x - wanted[i]) < 1e-12, `${x}, ${wanted[i]}`);
}

test("minimize moves the running statistics as PyTorch does; they count when training is false", () => {
  const graph = new Graph().asDefault();
  const x = placeholder({ shape: [null, 2] });
  const training = placeholder({ dtype: "bool", shape: [] });
  const y = batchNorm(x, { training, epsilon: 0 });
  const J = reduceMean(square(subtract(y, 1)));
  const train = new GradientDescentOptimizer({ learningRate: 0.1 }).minimize(J);
  const byName = (name: string): Variable =>
    graph.nodes.find((node): node is Variable => node.name.endsWith(name)) as Variable;
  const batch = [
    [1, 10],
    [3, 14],
  ];
  const session = new Session();
  session.run(J, [
    [x, batch],
    [training, true],
  ]);
  close([...byName("runningMean").value.data], [0, 0]);
  session.run(
    [J, train],
    [
      [x, batch],
      [training, true],
    ],
  );
  close([...byName("runningMean").value.data], [0.2, 1.2]);
  // 0.9·1 + 0.1·(batch variance 1 and 4)·2/1
  close([...byName("runningVariance").value.data], [1.1, 1.7]);
  assert.equal(byName("runningMean").trainable, false);
  session.run(
    [J, train],
    [
      [x, batch],
      [training, false],
    ],
  );
  close([...byName("runningMean").value.data], [0.2, 1.2]);
  byName("gamma").value = [1, 1];
  byName("beta").value = [0, 0];
  const still = session.run(y, [
    [x, [[0.2, 1.2]]],
    [training, false],
  ]);
  close([...still.data], [0, 0]);
});

test("given variables are used, and an unknown count of channels is an error", () => {
  new Graph().asDefault();
  const runningMean = new Variable([1, 1], { trainable: false });
  const x = placeholder({ shape: [null, 2] });
  const y = batchNorm(x, { training: false, runningMean });
  const got = new Session().run(y, [[x, [[1, 2]]]]);
  close([...got.data], [0, 1 / Math.sqrt(1 + 1e-5)]);
  assert.throws(
    () => batchNorm(placeholder({ name: "p" }), { training: true }),
    /^GraphError: batchNorm: x placeholder "p" unknown; wanted \[batch, …, channels\] with the channels known .* \(made at/,
  );
});

test("layerNorm of a constant row is 0, and gamma and beta follow", () => {
  new Graph().asDefault();
  const gamma = new Variable([1, 2, 3]);
  const beta = new Variable([0.5, 0.5, 0.5]);
  const y = layerNorm([[7, 7, 7]], { gamma, beta });
  close([...new Session().run(y).data], [0.5, 0.5, 0.5]);
});
