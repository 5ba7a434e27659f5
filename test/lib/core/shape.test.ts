import assert from "node:assert/strict";
import { test } from "node:test";
import {
  broadcastShapes,
  checkShape,
  normalizeAxes,
  reduceAxes,
  ShapeError,
  show,
  stridesOf,
  type PartialShape,
} from "../../../lib/core/shape.ts";

test("shapes broadcast as NumPy's, open sizes stay open unless another operand decides them", () => {
  const cases: [PartialShape[], PartialShape][] = [
    [
      [[3, 2], [2]],
      [3, 2],
    ],
    [
      [
        [3, 1],
        [1, 4],
      ],
      [3, 4],
    ],
    [[[], [3]], [3]],
    [
      [
        [0, 2],
        [1, 2],
      ],
      [0, 2],
    ],
    [
      [[null, 2], [2]],
      [null, 2],
    ],
    [[[null], [5]], [5]],
    [[[null], [1]], [null]],
    [[null, [2]], null],
  ];
  for (const [shapes, wanted] of cases) assert.deepEqual(broadcastShapes("add", shapes), wanted);
});

test("shapes that do not broadcast are named, with the way out", () => {
  assert.throws(() => broadcastShapes("add", [[3, 2], [3]]), {
    name: "ShapeError",
    message:
      /^add: shapes \[3, 2\] and \[3\] do not broadcast: sizes 2 and 3 meet .* transpose or reshape/,
  });
});

test("axes count from either end, each once", () => {
  assert.deepEqual(normalizeAxes("sum", -1, 3), [2]);
  assert.deepEqual(normalizeAxes("sum", [2, 0], 3), [0, 2]);
  assert.deepEqual(normalizeAxes("sum", undefined, 2), [0, 1]);
  assert.throws(
    () => normalizeAxes("sum", 2, 2),
    /sum: axis 2 does not exist in rank 2; use -2 to 1/,
  );
  assert.throws(() => normalizeAxes("sum", [1, -1], 2), /names an axis twice/);
  assert.throws(() => normalizeAxes("sum", 0, 0), /a scalar has no axes/);
});

test("a reduction leaves the other axes, or ones in their place", () => {
  assert.deepEqual(reduceAxes("sum", [2, 3, 4], { axis: [0, 2] }), [3]);
  assert.deepEqual(reduceAxes("sum", [2, 3], { axis: 1, keepDims: true }), [2, 1]);
  assert.deepEqual(reduceAxes("sum", null, {}), []);
  assert.equal(reduceAxes("sum", null, { axis: 0 }), null);
});

test("strides are row-major", () => {
  assert.deepEqual(stridesOf([2, 3, 4]), [12, 4, 1]);
  assert.deepEqual(stridesOf([]), []);
});

test("sizes are whole numbers from 0 up", () => {
  assert.throws(() => checkShape("placeholder x", [2, -1]), ShapeError);
  assert.throws(() => checkShape("placeholder x", [2.5]), ShapeError);
  assert.deepEqual(checkShape("placeholder x", [2, null]), [2, null]);
});

test("shapes are shown as a reader writes them", () => {
  assert.equal(show([2, null]), "[2, ?]");
  assert.equal(show([]), "scalar");
  assert.equal(show(null), "unknown");
});
