/** What the laws and NumPy's numbers leave open: choices at ties, edges and types. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  add,
  argMax,
  broadcastLike,
  cast,
  constant,
  einsum,
  equal,
  Graph,
  greater,
  logSoftmax,
  matmul,
  placeholder,
  reduceSum,
  relu,
  reshape,
  Session,
  softmax,
  transpose,
  Variable,
  where,
  type Node,
} from "../../../lib/index.ts";

function valueOf(node: Node): unknown {
  return new Session().run(node).toArray();
}

test("the course's first examples: x + y, and A·x + b = [2, −1]", () => {
  new Graph().asDefault();
  assert.equal(valueOf(add(1, 2)), 3);
  const A = new Variable([
    [1, 0],
    [0, -1],
  ]);
  const x = placeholder();
  const z = add(matmul(A, x), new Variable([1, 1]));
  assert.deepEqual(new Session().run(z, [[x, [1, 2]]]).toArray(), [2, -1]);
  assert.equal(valueOf(add(matmul([1, 1], [3, 2]), 0)), 5);
});

test("argMax takes the first of equals, and a NaN before all numbers", () => {
  new Graph().asDefault();
  assert.deepEqual(
    valueOf(
      argMax([
        [1, 3, 3],
        [2, NaN, 9],
      ]),
    ),
    [1, 1],
  );
  assert.deepEqual(
    valueOf(
      argMax(
        [
          [1, 5],
          [2, 4],
        ],
        { axis: 0 },
      ),
    ),
    [1, 0],
  );
  assert.equal(argMax([1, 2]).dtype, "int32");
});

test("comparisons give booleans, which cast to numbers and choose", () => {
  new Graph().asDefault();
  const right = equal(
    argMax([
      [1, 2],
      [4, 3],
    ]),
    constant([1, 1], { dtype: "int32" }),
  );
  assert.equal(right.dtype, "bool");
  assert.equal(valueOf(reduceSum(cast(right, { dtype: "float64" }))), 1);
  assert.deepEqual(valueOf(where(greater([1, 5], 2), [10, 20], 0)), [0, 20]);
  assert.deepEqual(valueOf(cast(constant([0, 2.9, NaN]), { dtype: "bool" })), [0, 1, 1]);
  assert.deepEqual(valueOf(cast(constant([-2.9, 2.9]), { dtype: "int32" })), [-2, 2]);
});

test("relu is 0 at 0, and lets NaN through", () => {
  new Graph().asDefault();
  assert.deepEqual(valueOf(relu([-1, 0, 2, NaN])), [0, 0, 2, NaN]);
});

test("softmax and logSoftmax normalise along the axis asked for", () => {
  new Graph().asDefault();
  const x = [
    [0, Math.log(3)],
    [0, 0],
  ];
  const [rows, columns, logs] = new Session().run([
    softmax(x),
    softmax(x, { axis: 0 }),
    logSoftmax([-1e4, 0]),
  ]);
  assert.deepEqual(rows.map((v) => Number(v.toFixed(12))).toArray(), [
    [0.25, 0.75],
    [0.5, 0.5],
  ]);
  assert.deepEqual(columns.map((v) => Number(v.toFixed(12))).toArray(), [
    [0.5, 0.75],
    [0.5, 0.25],
  ]);
  assert.deepEqual(logs.toArray(), [-1e4, 0]);
});

test("empty sums are 0, empty products of matrices are 0", () => {
  new Graph().asDefault();
  assert.deepEqual(valueOf(reduceSum([[], []], { axis: 1 })), [0, 0]);
  assert.deepEqual(
    valueOf(matmul(reshape([], { shape: [2, 0] }), reshape([], { shape: [0, 2] }))),
    [
      [0, 0],
      [0, 0],
    ],
  );
});

test("shapes that do not fit are named with the way out", () => {
  new Graph().asDefault();
  const x = new Variable([[1, 2, 3]]);
  assert.throws(
    () => transpose(x, { axes: [0, 0] }),
    /axes \[0, 0\] of rank 2: name each axis from 0 to 1 once/,
  );
  assert.throws(() => reshape(x, { shape: [2, 2] }), /x \[1, 3\] has 3 numbers, \[2, 2\] holds 4/);
  assert.throws(
    () => matmul([[1, 2]], x),
    /a \[1, 2\] · b \[1, 3\]: inner sizes 2 and 1 differ; transpose one\?/,
  );
  assert.throws(
    () => broadcastLike([1, 2], x),
    /broadcastLike: shapes \[2\] and \[1, 3\] do not broadcast/,
  );
});

test("what the dots of einsum stand for broadcasts, as in NumPy", () => {
  new Graph().asDefault();
  const a = constant([[[1, 2]], [[3, 4]]]); // [2, 1, 2]
  const b = constant([[1], [10], [100]]); // [3, 1]
  assert.deepEqual(valueOf(einsum("...i,...j->...", a, b)), [
    [3, 30, 300],
    [7, 70, 700],
  ]);
  assert.deepEqual(new Session().run(einsum("...,...", a, [[5, 6]])).shape, [2, 1, 2]);
});

test("sources take a shape as an array, and a name among options", () => {
  new Graph().asDefault();
  // @ts-expect-error text is no shape
  const shaped = (): unknown => placeholder({ shape: "2" });
  assert.throws(shaped, /placeholder: shape is "2"; wanted an array of sizes, as \[2, 3\]/);
  // @ts-expect-error a name is an option
  const named = (): unknown => placeholder("x");
  assert.throws(named, /options are the text "x"; write placeholder\(\{ name: "x" \}\)/);
  // @ts-expect-error a name is an option
  const variable = (): unknown => new Variable(1, "W");
  assert.throws(variable, /write new Variable\(value, \{ name: "W" \}\)/);
  // @ts-expect-error a name is an option
  const fixed = (): unknown => constant(1, "c");
  assert.throws(fixed, /write constant\(value, \{ name: "c" \}\)/);
});
