import assert from "node:assert/strict";
import { test } from "node:test";
import {
  add,
  computeGradients,
  Graph,
  hessianVectorProduct,
  jacobian,
  matmul,
  multiply,
  placeholder,
  power,
  reduceProd,
  reduceSum,
  Session,
  sin,
  softmax,
  tanh,
  Variable,
  type Node,
} from "../../../lib/index.ts";

test("the Jacobian of A·x is A; of a matrix by a vector it has three axes", () => {
  new Graph().asDefault();
  const A = new Variable([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const x = new Variable([1, -1, 2]);
  const y = matmul(A, x);
  const session = new Session();
  assert.deepEqual(session.run(jacobian(y, x)).toArray(), A.value.toArray());
  const byA = session.run(jacobian(y, A));
  assert.deepEqual(byA.shape, [2, 2, 3]);
  assert.deepEqual(byA.toArray(), [
    [
      [1, -1, 2],
      [0, 0, 0],
    ],
    [
      [0, 0, 0],
      [1, -1, 2],
    ],
  ]);
});

test("the Jacobian of a softmax is diag(p) − p·pᵀ; that of a scalar is its gradient", () => {
  new Graph().asDefault();
  const z = new Variable([0.5, -1, 2]);
  const p = softmax(z);
  const session = new Session();
  const [J, values] = session.run([jacobian(p, z), p]);
  for (const [i, pi] of values.data.entries()) {
    for (const [j, pj] of values.data.entries()) {
      assert.ok(Math.abs(J.at(i, j) - ((i === j ? pi : 0) - pi * pj)) < 1e-15);
    }
  }
  const loss = reduceSum(tanh(z));
  const [own, gradient] = session.run([jacobian(loss, z), computeGradients(loss, [z]).get(z)!]);
  assert.deepEqual(own.toArray(), gradient.toArray());
});

test("a matrix of results, in a shape that x shows only in the run", () => {
  new Graph().asDefault();
  const x = placeholder();
  const y = add(reduceSum(multiply(x, x)), [
    [1, 2],
    [3, 4],
  ]);
  const J = new Session().run(jacobian(y, x), [[x, [3, 5]]]);
  assert.deepEqual(J.shape, [2, 2, 2]);
  assert.deepEqual(J.toArray(), [
    [
      [6, 10],
      [6, 10],
    ],
    [
      [6, 10],
      [6, 10],
    ],
  ]);
});

test("the Hessian is the Jacobian of the gradient, and its product with a vector needs no Hessian", () => {
  new Graph().asDefault();
  const x = new Variable([0.5, -1, 2]);
  const y = reduceSum(multiply(sin(x), multiply(x, reduceSum(x))));
  const H = jacobian(computeGradients(y, [x]).get(x)!, x);
  const v = [1, 2, -3];
  const product = hessianVectorProduct(y, [x], [v]).get(x)!;
  const [hessian, along] = new Session().run([H, product]);
  for (const [i, got] of along.data.entries()) {
    const wanted = v.reduce((sum, vj, j) => sum + hessian.at(i, j) * vj, 0);
    assert.ok(Math.abs(got - wanted) < 1e-12, `${got}, ${wanted}`);
    assert.ok(v.every((_, j) => Math.abs(hessian.at(i, j) - hessian.at(j, i)) < 1e-12));
  }
});

test("of several nodes the vectors act together, and a straight line has a Hessian of 0", () => {
  new Graph().asDefault();
  const [x, w] = [new Variable(3), new Variable([1, 2])];
  const y = reduceSum(multiply(multiply(x, x), w));
  const products = hessianVectorProduct(y, [x, w], [1, [10, 100]]);
  const [dx, dw] = new Session().run([products.get(x)!, products.get(w)!]);
  // ∂²y/∂x² = 2Σw, ∂²y/∂x∂w = 2x, ∂²y/∂w² = 0
  assert.equal(+dx, 6 + 6 * 110);
  assert.deepEqual(dw.toArray(), [6, 6]);
  const line = hessianVectorProduct(reduceSum(multiply(w, 3)), [w], [[1, 1]]).get(w)!;
  assert.deepEqual(new Session().run(line).toArray(), [0, 0]);
});

test("fifth derivatives are exact", () => {
  new Graph().asDefault();
  const x = new Variable(1.5);
  let y: Node = power(x, 5);
  for (let order = 0; order < 5; order++) y = computeGradients(y, [x]).get(x)!;
  assert.ok(Math.abs(+new Session().run(y) - 120) < 1e-10);
});

test("derivatives of a product are exact to any order where factors are 0", () => {
  new Graph().asDefault();
  const x = new Variable([0, 2, 0, 3]);
  const y = reduceProd(x);
  const H = jacobian(computeGradients(y, [x]).get(x)!, x);
  const third = jacobian(H, x);
  const session = new Session();
  assert.deepEqual(session.run(computeGradients(y, [x]).get(x)!).toArray(), [0, 0, 0, 0]);
  assert.equal(session.run(H).at(0, 2), 6);
  assert.equal(session.run(H).at(0, 1), 0);
  assert.equal(session.run(third).at(0, 2, 1), 3);
  assert.equal(session.run(third).at(3, 0, 2), 2);
});
