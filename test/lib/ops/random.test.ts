import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  add,
  cast,
  computeGradients,
  constant,
  dropout,
  Graph,
  multiply,
  placeholder,
  print,
  random,
  randomBernoulli,
  randomCategorical,
  randomNormal,
  randomPermutation,
  randomTruncatedNormal,
  randomUniform,
  reduceSum,
  Session,
  subtract,
  Variable,
  type Node,
} from "../../../lib/index.ts";

function moments(x: readonly number[]): { mean: number; deviation: number } {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const square = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
  return { mean, deviation: Math.sqrt(square) };
}

function drawn(node: Node): number[] {
  return Array.from<number>(new Session().run(node).data);
}

const many = 20_000;
// Five standard errors of a mean of so many draws of deviation 1.
const slack = 5 / Math.sqrt(many);

describe("random nodes", () => {
  test("are fresh in each run, and one draw however many nodes read them", () => {
    new Graph().asDefault();
    const x = randomNormal([3]);
    const session = new Session();
    const [a, b, difference] = session.run([add(x, 1), add(x, 1), subtract(x, x)]);
    assert.deepEqual(a.toArray(), b.toArray());
    assert.deepEqual(difference.toArray(), [0, 0, 0]);
    assert.notDeepEqual(session.run(x).toArray(), session.run(x).toArray());
  });

  test("share their draw between a value and its gradient", () => {
    new Graph().asDefault();
    const W = new Variable([1, 1, 1]);
    const noise = randomUniform([3]);
    const y = multiply(W, noise);
    const gradient = computeGradients(reduceSum(y), [W]).get(W)!;
    const session = new Session();
    for (let run = 0; run < 3; run++) {
      const [value, slope] = session.run([y, gradient]);
      assert.deepEqual(value.toArray(), slope.toArray());
    }
  });

  test("two equal ones are two draws", () => {
    new Graph().asDefault();
    const [x, y] = new Session().run([randomNormal([4]), randomNormal([4])]);
    assert.notDeepEqual(x.toArray(), y.toArray());
  });

  test("follow from the graph's seed, the same on every backend", () => {
    const runs = (["javascript", "reference"] as const).map((backend) => {
      new Graph({ seed: 3 }).asDefault();
      const nodes = [randomNormal([5]), randomUniform(3), randomTruncatedNormal([2])];
      const session = new Session({ backend });
      return [session.run(nodes), session.run(nodes)].map((result) =>
        result.map((x) => x.toArray()),
      );
    });
    assert.deepEqual(runs[0], runs[1]);
    assert.notDeepEqual(runs[0][0], runs[0][1]);
    new Graph({ seed: 4 }).asDefault();
    assert.notDeepEqual(new Session().run(randomNormal([5])).toArray(), runs[0][0][0]);
    assert.notDeepEqual(random(3).normal([5]).toArray(), runs[0][0][0]);
  });

  test("with a seed of their own depend on it and the run alone", () => {
    const draws = [0, 1].map((before) => {
      new Graph({ seed: before }).asDefault();
      for (let i = 0; i < before; i++) randomNormal([2]);
      return drawn(randomNormal([4], { seed: 11 }));
    });
    assert.deepEqual(draws[0], draws[1]);
  });

  test("go on where they were when the count of draws is put back", () => {
    const graph = new Graph({ seed: 1 }).asDefault();
    const x = randomNormal([2]);
    const session = new Session();
    session.run(x);
    const [{ draws }] = graph.streams;
    const next = session.run(x).toArray();
    session.run(x);
    graph.streams[0].draws = draws;
    assert.deepEqual(session.run(x).toArray(), next);
  });

  test("take the shape of a node, whatever it is in a run", () => {
    new Graph().asDefault();
    const like = placeholder();
    const x = randomUniform(like);
    assert.equal(x.shape, null);
    assert.deepEqual(new Session().run(x, [[like, [[1, 2, 3]]]]).shape, [1, 3]);
    assert.deepEqual(new Session().run(x, [[like, 1]]).shape, []);
  });

  test("are drawn once per print, too", () => {
    new Graph().asDefault();
    const lines: string[] = [];
    const x = print(randomNormal([]), { write: (text) => lines.push(text) });
    new Session().run([add(x, x), x]);
    assert.equal(lines.length, 1);
  });
});

describe("distributions", () => {
  test("normal: mean and deviation", () => {
    new Graph({ seed: 2 }).asDefault();
    const { mean, deviation } = moments(drawn(randomNormal([many], { mean: 3, std: 2 })));
    assert.ok(Math.abs(mean - 3) < 2 * slack && Math.abs(deviation - 2) < 2 * slack);
  });

  test("uniform: from low to below high, and even", () => {
    new Graph({ seed: 2 }).asDefault();
    const x = drawn(randomUniform([many], { low: -1, high: 2 }));
    assert.ok(x.every((v) => v >= -1 && v < 2));
    const { mean, deviation } = moments(x);
    assert.ok(Math.abs(mean - 0.5) < slack && Math.abs(deviation - 3 / Math.sqrt(12)) < slack);
  });

  test("truncated normal: inside of two deviations, with the deviation that leaves", () => {
    new Graph({ seed: 2 }).asDefault();
    const x = drawn(randomTruncatedNormal([many]));
    assert.ok(x.every((v) => Math.abs(v) < 2));
    // √(1 − 2·2·φ(2)/(2Φ(2) − 1))
    assert.ok(Math.abs(moments(x).deviation - 0.8796) < slack && Math.abs(moments(x).mean) < slack);
  });

  test("bernoulli: booleans, as often as asked", () => {
    new Graph({ seed: 2 }).asDefault();
    const x = randomBernoulli([many], { probability: 0.3 });
    assert.equal(x.dtype, "bool");
    assert.ok(Math.abs(moments(drawn(cast(x, { dtype: "float64" }))).mean - 0.3) < slack);
    assert.deepEqual(drawn(randomBernoulli([3], { probability: 0 })), [0, 0, 0]);
    assert.deepEqual(drawn(randomBernoulli([3], { probability: 1 })), [1, 1, 1]);
  });

  test("categorical: as softmax says, never a class of probability 0, whole rows of numbers", () => {
    new Graph({ seed: 2 }).asDefault();
    const row = [Math.log(1), -Infinity, Math.log(3)];
    const x = randomCategorical(Array.from({ length: many }, () => row));
    assert.deepEqual([x.dtype, x.shape], ["int32", [many]]);
    const counts = [0, 0, 0];
    for (const i of drawn(x)) counts[i] += 1;
    assert.equal(counts[1], 0);
    assert.ok(Math.abs(counts[2] / many - 0.75) < slack);
    assert.ok([0, 2].includes(+new Session().run(randomCategorical([0, -1000, 0]))));
  });

  test("permutation: every number once, every order about as often", () => {
    new Graph({ seed: 2 }).asDefault();
    const x = randomPermutation(3);
    const session = new Session();
    const orders = new Map<string, number>();
    for (let run = 0; run < 600; run++) {
      const order = String(session.run(x).toArray());
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    assert.equal(orders.size, 6);
    // Of 600 draws each order has 100 ± 5·9.1.
    for (const [order, count] of orders) {
      assert.deepEqual(order.split(",").toSorted(), ["0", "1", "2"]);
      assert.ok(Math.abs(count - 100) < 46, `${order}: ${count}`);
    }
  });

  test("take no options that mean nothing", () => {
    new Graph().asDefault();
    assert.throws(
      () => randomBernoulli([2], { probability: 2 }),
      /^GraphError: randomBernoulli: probability is number 2; wanted a number from 0 to 1 \(made at .*random\.test/,
    );
    assert.throws(
      () => randomPermutation(1.5),
      /randomPermutation: count is number 1\.5; wanted a whole/,
    );
    assert.throws(
      () => randomNormal([2], { std: NaN }),
      /randomNormal: its options are not finite numbers/,
    );
    assert.throws(
      () => randomNormal([2], { dtype: "int32" }),
      /randomNormal: dtype is int32; wanted a float type/,
    );
    assert.throws(
      () => randomNormal([-1]),
      /randomNormal: shape -1: sizes are whole numbers from 0 up/,
    );
    assert.throws(() => randomNormal([2], { seed: 0.5 }), /seed 0\.5 is no whole number/);
    assert.throws(
      () => randomCategorical(constant(1)),
      /randomCategorical: logits scalar; wanted one number per class/,
    );
  });
});

describe("dropout", () => {
  test("sets about its rate to 0, scales the others, and its gradient has the same zeros", () => {
    new Graph({ seed: 5 }).asDefault();
    const x = new Variable(Array<number>(many).fill(3));
    const y = dropout(x, { rate: 0.25, training: true });
    const gradient = computeGradients(reduceSum(y), [x]).get(x)!;
    const [value, slope] = new Session().run([y, gradient]);
    const zeros = Array.from<number>(value.data).filter((v) => v === 0).length;
    assert.ok(Math.abs(zeros / many - 0.25) < slack);
    for (const [i, v] of value.data.entries()) {
      assert.ok(v === 0 ? slope.data[i] === 0 : v === 4 && slope.data[i] === 4 / 3, `${v}`);
    }
  });

  test("asks a boolean node in each run whether it is training", () => {
    new Graph().asDefault();
    const training = placeholder({ name: "training", dtype: "bool", shape: [] });
    const x = constant(Array<number>(100).fill(1));
    const y = dropout(x, { rate: 0.5, training });
    const session = new Session();
    assert.deepEqual(new Set(session.run(y, [[training, false]]).data), new Set([1]));
    assert.deepEqual(new Set(session.run(y, [[training, true]]).data), new Set([0, 2]));
    assert.equal(dropout(x, { rate: 0.5, training: false }), x);
    assert.equal(dropout(x, { rate: 0, training: true }), x);
  });

  test("says what rate and training are", () => {
    new Graph().asDefault();
    assert.throws(
      () => dropout([1], { rate: 1, training: true }),
      /^GraphError: dropout: rate is number 1; wanted the share to drop, from 0 to below 1 \(made at .*random\.test/,
    );
    assert.throws(
      // @ts-expect-error training has to be said
      () => dropout([1], { rate: 0.5 }),
      /dropout: training is undefined; wanted true, false, or a boolean node such as placeholder/,
    );
    assert.throws(
      () => dropout([1], { rate: 0.5, training: constant(1) }),
      /training is a node of float64/,
    );
  });
});
