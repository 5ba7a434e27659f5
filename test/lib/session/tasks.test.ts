import assert from "node:assert/strict";
import { test } from "node:test";
import {
  computeGradients,
  exp,
  Graph,
  log,
  placeholder,
  reduceSum,
  softmax,
  Variable,
} from "../../../lib/index.ts";
import { tasksOf } from "../../../lib/session/tasks.ts";

test("only what the fetches need is computed, inputs before consumers", () => {
  new Graph().asDefault();
  const x = placeholder();
  const h = exp(x);
  const unused = log(h);
  const y = reduceSum(h);
  assert.deepEqual(
    tasksOf([y]).map((task) => task.node),
    [x, h, y],
  );
  assert.equal(unused.inputs[0], h);
});

test("log of softmax is computed from what softmax is computed from, which is left out if nobody else reads it", () => {
  new Graph().asDefault();
  const z = new Variable([1, 2]);
  const p = softmax(z);
  const l = log(p);
  assert.deepEqual(
    tasksOf([l]).map(({ node, op, inputs }) => [node, op.name, ...inputs]),
    [
      [z, "variable"],
      [l, "logSoftmax", z],
    ],
  );
  const gradient = computeGradients(reduceSum(l), [z]).get(z)!;
  assert.ok(tasksOf([gradient]).some((task) => task.node === p));
});
