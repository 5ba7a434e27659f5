/** Six places where the tutorial that the course follows is wrong or fragile, and this library is not (COURSE 04). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clouds } from "../../../lib/data/index.ts";
import {
  add,
  computeGradients,
  Graph,
  GradientDescentOptimizer,
  log,
  matmul,
  multiply,
  negative,
  reduceSum,
  Session,
  sigmoid,
  softmax,
  square,
  Variable,
  type Node,
} from "../../../lib/index.ts";

function gradient(y: Node, x: Node): Node {
  return computeGradients(y, [x]).get(x)!;
}

test("1. the derivative of sigmoid is σ(a)·(1 − σ(a)), not σ(a)·σ(1 − a)", () => {
  new Graph().asDefault();
  const a = new Variable(2);
  const sigma = 1 / (1 + Math.exp(-2));
  const got = +new Session().run(gradient(sigmoid(a), a));
  assert.ok(Math.abs(got - sigma * (1 - sigma)) < 1e-15);
  assert.ok(Math.abs(got - sigma / (1 + Math.exp(1))) > 0.1);
});

test("2. gradients go in reverse topological order: add(a, f(f(a))) and any skip connection work", () => {
  new Graph().asDefault();
  const a = new Variable(2);
  const skip = add(a, square(square(a)));
  assert.equal(+new Session().run(gradient(skip, a)), 1 + 4 * 2 ** 3);
  const h = square(a);
  assert.equal(+new Session().run(gradient(add(h, multiply(square(h), a)), a)), 4 + 5 * 2 ** 4);
});

test("2. a consumer that does not lead to the loss contributes nothing", () => {
  new Graph().asDefault();
  const a = new Variable(3);
  const elsewhere = square(a);
  assert.equal(+new Session().run(gradient(multiply(a, 2), a)), 2);
  assert.equal(+new Session().run(elsewhere), 9);
});

test("3. every input position contributes its own partial: matmul(x, x)", () => {
  new Graph().asDefault();
  const x = new Variable([
    [1, 2],
    [3, 4],
  ]);
  const got = new Session().run(gradient(reduceSum(matmul(x, x)), x));
  assert.deepEqual(got.toArray(), [
    [7, 11],
    [9, 13],
  ]);
  assert.deepEqual(new Session().run(gradient(reduceSum(multiply(x, x)), x)).toArray(), [
    [2, 4],
    [6, 8],
  ]);
});

test("4. the line where both scores agree separates the clouds; the line where the first is zero does not", () => {
  new Graph().asDefault();
  const { points, labels } = clouds({ seed: 3 });
  // A start whose columns are no multiples of each other.
  const W = new Variable([
    [1.5, 1],
    [-1, -3],
  ]);
  const b = new Variable([2, -1]);
  const p = softmax(matmul(points, W).add(b));
  const J = negative(reduceSum(multiply(labels, log(p))));
  const train = new GradientDescentOptimizer({ learningRate: 0.01 }).minimize(J);
  const session = new Session();
  for (let step = 0; step < 100; step++) session.run(train);
  const [w, bias] = [W.value, b.value];
  const agreeing = (x: number): number =>
    -((w.at(0, 0) - w.at(0, 1)) * x + bias.at(0) - bias.at(1)) / (w.at(1, 0) - w.at(1, 1));
  const firstIsZero = (x: number): number =>
    -(w.at(0, 0) / w.at(1, 0)) * x - bias.at(0) / w.at(1, 0);
  const misplaced = (line: (x: number) => number): number =>
    Array.from({ length: 100 }, (_, i) => i).filter((i) => {
      const above = points.at(i, 1) > line(points.at(i, 0));
      return above !== (labels.at(i, 0) === 1);
    }).length;
  assert.equal(misplaced(agreeing), 0);
  assert.ok(misplaced(firstIsZero) > 10);
});

test("5. softmax subtracts the row maximum: softmax([1000, 0]) is [1, 0]", () => {
  for (const backend of ["javascript", "reference"] as const) {
    new Graph().asDefault();
    const session = new Session({ backend });
    assert.deepEqual(session.run(softmax([1000, 0])).toArray(), [1, 0]);
    assert.deepEqual(session.run(softmax([-1000, -1000])).toArray(), [0.5, 0.5]);
  }
});

test("6. log(softmax(z)) does not underflow, in value and gradient; ∂J/∂p is still there", () => {
  for (const backend of ["javascript", "reference"] as const) {
    new Graph().asDefault();
    const z = new Variable([[1000, 0]]);
    const p = softmax(z);
    const J = negative(reduceSum(multiply([[0, 1]], log(p))));
    const gradients = computeGradients(J);
    const session = new Session({ backend });
    assert.equal(+session.run(J), 1000);
    assert.deepEqual(session.run(gradients.get(z)!).toArray(), [[1, -1]]);
    assert.deepEqual(session.run(gradients.get(p)!).toArray(), [[-0, -Infinity]]);
  }
});

test("6. a softmax read by its logarithm and by others gets both parts", () => {
  new Graph().asDefault();
  const z = new Variable([0.3, -0.2, 1]);
  const p = softmax(z);
  const [one, other] = [reduceSum(multiply(log(p), [1, 2, 3])), reduceSum(multiply(p, [4, 5, 6]))];
  const session = new Session();
  const [whole, left, right] = session.run([
    gradient(add(one, other), z),
    gradient(one, z),
    gradient(other, z),
  ]);
  assert.ok(
    whole
      .zip(
        left.zip(right, (a, b) => a + b),
        (a, b) => Math.abs(a - b),
      )
      .data.every((d) => d < 1e-14),
  );
});
