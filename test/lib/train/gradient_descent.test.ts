import assert from "node:assert/strict";
import { test } from "node:test";
import { xor } from "../../../lib/data/index.ts";
import {
  constant,
  GradientDescentOptimizer,
  Graph,
  log,
  multiply,
  negative,
  random,
  reduceSum,
  Session,
  sigmoid,
  softmax,
  square,
  stopGradient,
  Variable,
} from "../../../lib/index.ts";

test("a step moves against the gradient; run([J, train]) gives the loss before it", () => {
  new Graph().asDefault();
  const x = new Variable(3);
  const J = square(x);
  const train = new GradientDescentOptimizer({ learningRate: 0.25 }).minimize(J);
  const session = new Session();
  assert.equal(session.run([J, train])[0].item(), 9);
  assert.equal(+x.value, 1.5);
  assert.equal(
    +session.run(train),
    1,
    "a train node's value is the number of variables it updates",
  );
  assert.equal(+x.value, 0.75);
});

test("the trainable variables that are reached are trained, or exactly the given ones", () => {
  new Graph().asDefault();
  const [a, b, fixed, other] = [
    new Variable(1),
    new Variable(1),
    new Variable(1, { trainable: false }),
    new Variable(1),
  ];
  const J = multiply(multiply(a, b), multiply(fixed, stopGradient(other)));
  const optimizer = new GradientDescentOptimizer({ learningRate: 0.5 });
  const session = new Session();
  session.run(optimizer.minimize(J));
  assert.deepEqual(
    [a, b, fixed, other].map((v) => +v.value),
    [0.5, 0.5, 1, 1],
  );
  session.run(optimizer.minimize(J, { variables: [fixed] }));
  assert.deepEqual(
    [a, b, fixed, other].map((v) => +v.value),
    [0.5, 0.5, 0.875, 1],
  );
  assert.throws(
    () => optimizer.minimize(J, { variables: [other] }),
    /no gradient of .* stopGradient/,
  );
});

test("nothing to train, or no learning rate, is an error that shows the way out", () => {
  new Graph().asDefault();
  const J = reduceSum(constant([1]));
  const blocked = stopGradient(new Variable(1, { name: "W" }));
  assert.throws(
    () => new GradientDescentOptimizer({ learningRate: 1 }).minimize(blocked),
    /no gradient of stopGradient reaches variable "W" .*: the op stopGradient .* passes none back/,
  );
  assert.throws(
    () => new GradientDescentOptimizer({ learningRate: 1 }).minimize(J),
    /minimize: no trainable variable is reached by a gradient of reduceSum \(made at .*new Variable/,
  );
  // @ts-expect-error the learning rate is always explicit
  const silent = (): unknown => new GradientDescentOptimizer({});
  assert.throws(silent, /learningRate is undefined; write new GradientDescent/);
  // @ts-expect-error a learning rate is a number
  const text = (): unknown => new GradientDescentOptimizer({ learningRate: "0.1" });
  assert.throws(text, /learningRate is the text "0.1"; write new/);
  // @ts-expect-error options are an object
  assert.throws(() => new GradientDescentOptimizer(0.1), /options are number 0.1; write new Grad/);
});

test("the XOR net learns what no line separates", () => {
  new Graph().asDefault();
  const { points, labels } = xor({ seed: 2 });
  const start = random(4);
  const layer = (shape: number[]): [Variable, Variable] => [
    new Variable(start.normal(shape)),
    new Variable(start.normal([shape[1]])),
  ];
  const [W, b] = layer([2, 8]);
  const [V, d] = layer([8, 2]);
  const hidden = sigmoid(constant(points).matmul(W).add(b));
  const J = negative(reduceSum(multiply(labels, log(softmax(hidden.matmul(V).add(d))))));
  const train = new GradientDescentOptimizer({ learningRate: 0.03 }).minimize(J);
  const session = new Session();
  const losses = Array.from({ length: 1000 }, () => session.run([J, train])[0].item());
  assert.ok(losses[0] > 50 && losses[999] < 20, `${losses[0]} to ${losses[999]}`);
});
