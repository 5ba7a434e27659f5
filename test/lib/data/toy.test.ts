import assert from "node:assert/strict";
import { test } from "node:test";
import { circles, clouds, spirals, xor, type PointSet } from "../../../lib/data/index.ts";

function centre({ points, labels }: PointSet, label: number): number[] {
  const rows = Array.from({ length: points.shape[0] }, (_, i) => i).filter(
    (i) => labels.at(i, label) === 1,
  );
  return [0, 1].map((axis) => rows.reduce((sum, i) => sum + points.at(i, axis), 0) / rows.length);
}

test("every set has two coordinates and one label per point, and follows its seed", () => {
  for (const make of [clouds, xor, circles, spirals]) {
    const set = make({ n: 20, seed: 7 });
    const [count] = set.points.shape;
    assert.deepEqual(set.labels.shape, [count, 2]);
    for (let i = 0; i < count; i++) {
      assert.deepEqual(
        [set.labels.at(i, 0) + set.labels.at(i, 1), set.labels.at(i, 0)],
        [1, i < count / 2 ? 1 : 0],
      );
    }
    assert.deepEqual(make({ n: 20, seed: 7 }).points.data, set.points.data);
    assert.notDeepEqual(make({ n: 20, seed: 8 }).points.data, set.points.data);
  }
});

test("clouds: 50 blue points around (2, 2), 50 red ones around (−2, −2)", () => {
  const set = clouds({ seed: 1 });
  assert.deepEqual(set.points.shape, [100, 2]);
  // Four standard errors of a mean of 50 with unit variance.
  for (const x of centre(set, 0)) assert.ok(Math.abs(x - 2) < 0.57, `${x}`);
  for (const x of centre(set, 1)) assert.ok(Math.abs(x + 2) < 0.57, `${x}`);
});

test("xor: 25 points each, blue at (0, 1) and (1, 0), red at (0, 0) and (1, 1)", () => {
  const { points, labels } = xor({ seed: 1 });
  assert.deepEqual(points.shape, [100, 2]);
  const near = Array.from({ length: 100 }, (_, i) => {
    const odd = Math.round(points.at(i, 0)) !== Math.round(points.at(i, 1));
    return odd === (labels.at(i, 0) === 1);
  });
  // A point strays over a border at 2.5 standard deviations.
  assert.ok(near.filter(Boolean).length >= 95);
});

test("a count that is none, or no options, is an error that shows the way out", () => {
  assert.throws(
    () => clouds({ n: -3 }),
    /^RangeError: clouds: n is number -3; wanted a whole number .*: write clouds\(\{ n: 50 \}\)/,
  );
  assert.throws(() => xor(5 as never), /xor: options are number 5; write xor\(\{ n: 25 \}\)/);
  assert.throws(() => clouds({ count: 5 } as never), /clouds: has no option count; it has n, std/);
});
