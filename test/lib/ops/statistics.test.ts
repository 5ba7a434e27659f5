import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkGradients,
  Graph,
  placeholder,
  reduceMean,
  Session,
  Variable,
} from "../../../lib/index.ts";

test("the mean of everything, or along axes, and its gradient", () => {
  new Graph().asDefault();
  const x = new Variable([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const session = new Session();
  assert.equal(+session.run(reduceMean(x)), 3.5);
  assert.deepEqual(session.run(reduceMean(x, { axis: 0 })).toArray(), [2.5, 3.5, 4.5]);
  assert.deepEqual(session.run(reduceMean(x, { axis: 1, keepDims: true })).toArray(), [[2], [5]]);
  assert.ok(checkGradients(reduceMean(x.multiply(x))).ok);
  const open = placeholder();
  assert.equal(+session.run(reduceMean(open), [[open, [1, 2, 6]]]), 3);
});
