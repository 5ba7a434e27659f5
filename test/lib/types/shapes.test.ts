/** Literal shapes flow through the types; what they forbid does not compile, and throws if it is forced to. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  add,
  fill,
  Graph,
  matmul,
  multiply,
  placeholder,
  random,
  reduceMean,
  reduceSum,
  relu,
  Session,
  sigmoid,
  softmax,
  Variable,
  type Node,
  type NodeOf,
} from "../../../lib/index.ts";

/** `true` if two types are one. */
type Same<A, B> = [A, B] extends [B, A] ? true : false;

/** Compiles only if both types are one; the value is looked at, too. */
function is<Wanted extends Node>() {
  return <Got extends Node>(node: Got, same: Same<Got, Wanted>): void => {
    assert.ok(same);
    assert.ok(node.graph.nodes.includes(node));
  };
}

function network() {
  new Graph().asDefault();
  const stream = random(1);
  const X = placeholder({ name: "X", shape: [null, 2] });
  const W = new Variable(stream.normal([2, 3]), { name: "W" });
  const b = new Variable(stream.normal([3]), { name: "b" });
  return { X, W, b };
}

test("through matmul, add, activations and reductions, as functions", () => {
  const { X, W, b } = network();
  const h = sigmoid(add(matmul(X, W), b));
  is<NodeOf<readonly [null, 3]>>()(h, true);
  is<NodeOf<readonly [null, 3]>>()(softmax(h), true);
  is<NodeOf<readonly [null, 3]>>()(multiply(2, h), true);
  is<NodeOf<readonly []>>()(reduceSum(h), true);
  is<NodeOf<readonly [null]>>()(reduceSum(h, { axis: 1 }), true);
  is<NodeOf<readonly [3]>>()(reduceMean(h, { axis: 0 }), true);
  is<NodeOf<readonly [null, 1]>>()(reduceSum(h, { axis: -1, keepDims: true }), true);
  is<NodeOf<readonly [1, 1]>>()(reduceSum(h, { axis: [0, 1], keepDims: true }), true);
  is<NodeOf<readonly [3]>>()(matmul(fill([4], 1), fill([4, 3], 1)), true);
  assert.deepEqual(h.shape, [null, 3]);
});

test("and as methods", () => {
  const { X, W, b } = network();
  const h = X.matmul(W).add(b).relu();
  is<NodeOf<readonly [null, 3]>>()(h, true);
  is<NodeOf<readonly [null]>>()(h.reduceSum({ axis: 1 }), true);
  is<NodeOf<readonly [2, 3]>>()(W.multiply(W), true);
});

test("what is not known stays a node of any shape", () => {
  new Graph().asDefault();
  const x = placeholder();
  const rows: number[] = [2, 3];
  is<Node>()(add(x, 1), true);
  is<Node>()(relu(new Variable([[1, 2]])), true);
  is<Node>()(add(new Variable(random(1).normal(rows)), 1), true);
  is<Node>()(matmul(x, [[1]]), true);
  const axis: number = 0;
  is<Node>()(reduceSum(fill([2], 1), { axis }), true);
});

test("inner sizes that differ do not compile", () => {
  const { X, W } = network();
  // @ts-expect-error matmul: [2, 3] · [2, 3]: inner sizes 3 and 2 differ
  const product = (): Node => matmul(W, W);
  assert.throws(product, /inner sizes 3 and 2 differ/);
  // @ts-expect-error the same as a method
  const method = (): Node => W.matmul(W);
  assert.throws(method, /inner sizes 3 and 2 differ/);
  assert.deepEqual(matmul(X, W).shape, [null, 3]);
});

test("shapes that do not broadcast do not compile", () => {
  const { X, W, b } = network();
  // @ts-expect-error shapes [?, 2] and [3] do not broadcast
  const sum = (): Node => add(X, b);
  assert.throws(sum, /shapes \[\?, 2\] and \[3\] do not broadcast/);
  // @ts-expect-error the same as a method
  const method = (): Node => W.add(X);
  assert.throws(method, /do not broadcast/);
});

test("an axis that does not exist, and an option there is not, do not compile", () => {
  const { W } = network();
  // @ts-expect-error axis 2 does not exist in [2, 3]
  const beyond = (): Node => reduceSum(W, { axis: 2 });
  assert.throws(beyond, /axis 2 does not exist in rank 2/);
  // @ts-expect-error axis -3 does not exist in [2, 3]
  const before = (): Node => reduceMean(W, { axis: [0, -3] });
  assert.throws(before, /axis -3 does not exist in rank 2/);
  // @ts-expect-error there is no option keepdims
  const misspelt = (): Node => reduceSum(W, { axis: 0, keepdims: true });
  assert.throws(misspelt, /has no option keepdims/);
  // @ts-expect-error the same as a method
  const method = (): Node => W.reduceSum({ axis: 5 });
  assert.throws(method, /axis 5 does not exist/);
});

test("a node of known shape is a node wherever one is wanted", () => {
  const { X, W } = network();
  let h: Node = X;
  for (let i = 0; i < 2; i++) h = relu(h);
  const nodes: readonly Node[] = [X, W, matmul(h, W)];
  const [value] = new Session().run([nodes[2]], [[X, [[0, 0]]]]);
  assert.deepEqual(value.toArray(), [[0, 0, 0]]);
});
