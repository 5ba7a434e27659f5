import assert from "node:assert/strict";
import { test } from "node:test";
import { philox, random } from "../../../lib/core/random.ts";

test("Philox gives the known answers of its authors' test vectors", () => {
  const ones = 0xffffffff;
  assert.deepEqual(philox([0, 0, 0, 0], [0, 0]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  assert.deepEqual(
    philox([ones, ones, ones, ones], [ones, ones]),
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  );
  assert.deepEqual(
    philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]),
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  );
});

test("the seed decides the numbers, draws follow on each other", () => {
  const [a, b] = [random(1), random(1)];
  assert.deepEqual(a.normal([3]).data, b.normal([3]).data);
  assert.deepEqual(a.uniform([3]).data, b.uniform([3]).data);
  assert.notDeepEqual(a.normal([3]).data, random(2).normal([3]).data);
  assert.notDeepEqual(a.normal([3]).data, a.normal([3]).data);
});

test("normal numbers have the mean and deviation asked for", () => {
  const { data } = random(3).normal([20_000], { mean: 2, std: 0.5 });
  const mean = Array.from<number>(data).reduce((sum, x) => sum + x, 0) / data.length;
  const variance =
    Array.from<number>(data).reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length;
  // Five standard errors: 0.5 / √20000 and 0.25 · √(2 / 20000).
  assert.ok(Math.abs(mean - 2) < 0.018, `mean ${mean}`);
  assert.ok(Math.abs(variance - 0.25) < 0.0125, `variance ${variance}`);
});

test("uniform numbers fill their range", () => {
  const numbers = Array.from<number>(random(4).uniform([1000], { low: -1, high: 3 }).data);
  assert.ok(Math.min(...numbers) >= -1 && Math.min(...numbers) < -0.9);
  assert.ok(Math.max(...numbers) < 3 && Math.max(...numbers) > 2.9);
});

test("a permutation has every number once", () => {
  const order = random(5).permutation(100);
  assert.deepEqual(
    order.toSorted((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i),
  );
  assert.notDeepEqual(
    order,
    order.toSorted((a, b) => a - b),
  );
});

test("a shape is an array, a number, or nothing for a scalar", () => {
  assert.deepEqual(random(1).normal([2, 3]).shape, [2, 3]);
  assert.deepEqual(random(1).normal(4).shape, [4]);
  assert.deepEqual(random(1).normal().shape, []);
  assert.throws(
    () => random(1).normal([1e6, 1e6]),
    /a tensor of 1000000000000 numbers in float64 takes 8000 GB of memory/,
  );
  assert.throws(() => random(0.5), /seed 0.5 is no whole number/);
});

test("truncated normal numbers are within two deviations, and spread as they should", () => {
  const numbers = Array.from<number>(
    random(6).truncatedNormal([20_000], { mean: 1, std: 0.5 }).data,
  );
  assert.ok(numbers.every((x) => Math.abs(x - 1) < 1));
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  // Within ±2σ a normal's variance is 0.7737 σ²; five standard errors, of a normal's at most.
  assert.ok(Math.abs(mean - 1) < 0.018, `mean ${mean}`);
  assert.ok(Math.abs(variance - 0.7737 * 0.25) < 0.0097, `variance ${variance}`);
});

test("bernoulli holds as often as it should, categorical gives each class its share", () => {
  const hits = random(7).bernoulli([10_000], { probability: 0.3 });
  assert.equal(hits.dtype, "bool");
  const share = Array.from<number>(hits.data).reduce((sum, x) => sum + x, 0) / 10_000;
  // Five standard errors, √(p (1 − p) / n).
  assert.ok(Math.abs(share - 0.3) < 0.023, `${share}`);
  const logits = [Math.log(1), -Infinity, Math.log(3)];
  const drawn = random(8).categorical(logits, [10_000]);
  assert.equal(drawn.dtype, "int32");
  const counts = [0, 1, 2].map((k) => drawn.data.filter((x: number) => x === k).length / 10_000);
  assert.ok(Math.abs(counts[0] - 0.25) < 0.022 && counts[1] === 0, counts.join(", "));
  assert.deepEqual(random(1).bernoulli([3], { probability: 1 }).toArray(), [1, 1, 1]);
  assert.deepEqual(random(1).categorical(random(1).normal(1), [2]).toArray(), [0, 0]);
});

test("a stream goes on from a state it is given", () => {
  const stream = random(9);
  stream.normal([7]);
  const { state } = stream;
  const expected = stream.uniform([3]).data;
  const other = random(1);
  other.state = state;
  assert.deepEqual(other.uniform([3]).data, expected);
  assert.deepEqual(state, { seed: 9, counter: 4 });
  assert.throws(() => (other.state = { seed: 1, counter: -1 }), /counter -1 is no whole number/);
});

test("probabilities and logits that are none", () => {
  assert.throws(() => random(1).bernoulli([1], { probability: 2 }), {
    message: "random: probability is number 2; wanted a number from 0 to 1",
  });
  for (const [logits, got] of [
    [[NaN], "an array of 1"],
    [[-Infinity], "an array of 1"],
    [[], "an array of 0"],
    [random(1).normal([2, 2]), "a Tensor of shape [2, 2]"],
  ] as const) {
    assert.throws(() => random(1).categorical(logits), {
      message: `random: logits are ${got}; wanted a list of numbers, of which one is finite and none NaN`,
    });
  }
});
