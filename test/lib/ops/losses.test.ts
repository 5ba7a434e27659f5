import assert from "node:assert/strict";
import { test } from "node:test";
import {
  computeGradients,
  constant,
  Graph,
  huber,
  meanSquaredError,
  placeholder,
  Session,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
  tensor,
  Variable,
  type Node,
} from "../../../lib/index.ts";

function numbers(node: Node): number[] {
  return Array.from<number>(new Session().run(node).data);
}

test("class numbers may be int32, a tensor or plain numbers of one axis less; all give what one-hot rows give", () => {
  new Graph().asDefault();
  const logits = [
    [1, 2, 3],
    [3, 0, 0],
  ];
  const rows = softmaxCrossEntropy(logits, [
    [0, 0, 1],
    [1, 0, 0],
  ]);
  const [wanted] = numbers(rows);
  for (const labels of [constant([2, 0], { dtype: "int32" }), tensor([2, 0]), [2, 0]]) {
    assert.ok(Math.abs(numbers(softmaxCrossEntropy(logits, labels))[0] - wanted) < 1e-15);
  }
});

test("sure and wrong costs its logit, sure and right nothing, without overflow", () => {
  new Graph().asDefault();
  const z = new Variable([[1e4, 0]]);
  const loss = softmaxCrossEntropy(z, [[0, 1]]);
  const [value, slope] = new Session().run([loss, computeGradients(loss, [z]).get(z)!]);
  assert.deepEqual([value.item(), slope.toArray()], [1e4, [[1, -1]]]);
  assert.deepEqual(numbers(softmaxCrossEntropy([[1e4, 0]], [[1, 0]])), [0]);
  assert.deepEqual(numbers(softmaxCrossEntropy([[0, -Infinity]], [[1, 0]])), [0]);
});

test("sigmoidCrossEntropy has slope σ(x) − z, at 0 and far out too", () => {
  new Graph().asDefault();
  const x = new Variable([0, 0, 800, -800, 40]);
  const loss = sigmoidCrossEntropy(x, [1, 0, 0, 1, 1], { reduction: "none" });
  const slope = computeGradients(loss, [x], { gradYs: [1, 1, 1, 1, 1] }).get(x)!;
  assert.deepEqual(numbers(slope).slice(0, 4), [-0.5, 0.5, 1, -1]);
  assert.ok(Math.abs(numbers(loss)[4] / Math.exp(-40) - 1) < 1e-12);
});

test("the slope of huber does not jump at ±δ, and is 0 at 0", () => {
  new Graph().asDefault();
  const x = new Variable([-2, -1, 0, 1, 2]);
  const loss = huber(x, [0, 0, 0, 0, 0], { reduction: "sum" });
  assert.deepEqual(numbers(computeGradients(loss, [x]).get(x)!), [-1, -1, 0, 1, 1]);
});

test("mistakes with labels and reductions are told apart", () => {
  new Graph().asDefault();
  const logits = new Variable([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  assert.throws(
    () => softmaxCrossEntropy(logits, [[1], [0], [1]]),
    /^ShapeError: softmaxCrossEntropy: logits \[3, 2\] and labels \[3, 1\]: shapes must be equal; class numbers\? pass them as int32 \[3\], or oneHot\(labels, \{ depth: 2 \}\) \(made at .*losses\.test/,
  );
  assert.throws(
    () => softmaxCrossEntropy(logits, [1, 0]),
    /class numbers \[2\]; wanted one number per row, \[3\]/,
  );
  assert.throws(
    () =>
      new Session().run(
        softmaxCrossEntropy(logits, [
          [1, 1],
          [0, 1],
          [1, 0],
        ]),
      ),
    /^GraphError: softmaxCrossEntropy: row 0 of labels \[3, 2\] adds up to 2; wanted 1, as in one-hot rows; class numbers go through oneHot\(labels, \{ depth \}\) \(made at .*losses\.test/,
  );
  assert.throws(
    () => new Session().run(softmaxCrossEntropy(logits, [0, 1, 2])),
    /softmaxCrossEntropy: labels: index 2, number 2 of \[3, 1\], is outside of 0 to 1/,
  );
  assert.throws(
    () => meanSquaredError(logits, [1, 2, 3]),
    /^ShapeError: meanSquaredError: prediction \[3, 2\] and target \[3\]: shapes must be equal; reshape or squeeze one\?/,
  );
  const open = placeholder();
  assert.throws(
    () => new Session().run(meanSquaredError(open, [1, 2, 3]), [[open, [[1], [2], [3]]]]),
    /meanSquaredError: prediction \[3, 1\] and target \[3\]: shapes must be equal/,
  );
  // @ts-expect-error there is no such reduction
  const misread = (): Node => huber([1], [1], { reduction: "avg" });
  assert.throws(misread, /huber: reduction is the text "avg"; wanted "mean", "sum" or "none"/);
  assert.throws(
    () => huber([1], [1], { delta: 0 }),
    /huber: delta is number 0; wanted a number above 0/,
  );
});
