import assert from "node:assert/strict";
import { test } from "node:test";
import {
  add,
  constant,
  equal,
  exp,
  Graph,
  matmul,
  placeholder,
  reduceSum,
  Session,
  softmax,
  Variable,
  where,
  type Node,
} from "../../../lib/index.ts";
import * as ops from "../../../lib/ops/index.ts";
import { isComposition } from "../../../lib/graph/composition.ts";
import { isOp } from "../../../lib/graph/op.ts";

test("every op and composition is a method of every node", () => {
  new Graph().asDefault();
  const X = placeholder();
  for (const [name, op] of Object.entries(ops)) {
    if ((isOp(op) && !("list" in op)) || isComposition(op))
      assert.equal(typeof (X as unknown as Record<string, unknown>)[name], "function", name);
  }
  const y = X.matmul([[1], [2]])
    .add(1)
    .sigmoid()
    .reduceSum({ axis: 0, keepDims: true });
  assert.equal(y.op, reduceSum);
  assert.deepEqual(y.attrs, { axis: 0, keepDims: true });
});

test("literals become constants of their neighbour's type", () => {
  new Graph().asDefault();
  const x = new Variable([1, 2], { dtype: "float32" });
  assert.equal(add(x, [[3], [4]]).dtype, "float32");
  assert.deepEqual(add([[3], [4]], x).shape, [2, 2]);
  assert.equal(
    new Session()
      .run(where(equal(x, 2), 1, 0))
      .toArray()
      .toString(),
    "0,1",
  );
});

test("a literal is copied: the graph does not change with the array", () => {
  new Graph().asDefault();
  const data = new Float64Array([1, 2]);
  const y = add(data, 0);
  data[0] = 9;
  assert.deepEqual(new Session().run(y).toArray(), [1, 2]);
});

test("an op's mistakes name what it got and what it wanted", () => {
  new Graph().asDefault();
  const x = new Variable([1, 2]);
  const ints = constant([1, 2], { dtype: "int32" });
  // @ts-expect-error an input is missing
  assert.throws(() => add(x), /add: takes x, y; got 1 argument \(made at .*op\.test/);
  // @ts-expect-error undefined is no node
  assert.throws(() => add(x, undefined), /add: y: got undefined; wanted a node, a number, nested/);
  // @ts-expect-error text is no node
  assert.throws(() => exp("x"), /exp: x: got the text "x"; wanted a node/);
  // @ts-expect-error there is no such option
  const misspelt = (): Node => reduceSum(x, { keepdims: true });
  assert.throws(
    misspelt,
    /has no option keepdims; did you mean keepDims\? it has name, axis, keepDims/,
  );
  // @ts-expect-error options are an object
  const bare = (): Node => reduceSum(x, 0);
  assert.throws(bare, /after x come options \{ name, axis, keepDims \}; got number 0/);
  // @ts-expect-error add has no axis
  assert.throws(() => add(x, x, { axis: 0 }), /add: has no option axis/);
  assert.throws(
    () => add(x, ints),
    /add: got float64 and int32; wanted one number type .* use cast/,
  );
  assert.throws(() => softmax(constant(1)), /softmax: x is a scalar; wanted a vector/);
  assert.throws(() => reduceSum(x, { axis: 1 }), /reduceSum: axis 1 does not exist in rank 1/);
  assert.throws(() => matmul(x, 2), /matmul: b is a scalar, a \[2\]; .* use multiply/);
  assert.throws(() => matmul(1, 2), /matmul: a and b are scalars; .* use multiply/);
  // @ts-expect-error a node is not a promise
  assert.throws(() => add(x, Promise.resolve(1)), /add: y is a Promise; await it first/);
});

test("nodes cannot be changed", () => {
  new Graph().asDefault();
  const x = new Variable(1, { name: "x" });
  // @ts-expect-error a node keeps its name
  const rename = (): unknown => (x.name = "y");
  // @ts-expect-error a node keeps its inputs
  const rewire = (): unknown => (x.inputs[0] = x);
  assert.equal(typeof rename, typeof rewire);
});
