import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  add,
  argMax,
  cast,
  computeGradients,
  constant,
  exp,
  GradientDescentOptimizer,
  Graph,
  GraphError,
  multiply,
  nameScope,
  Operation,
  placeholder,
  reduceSum,
  Session,
  sin,
  square,
  stopGradient,
  Variable,
  where,
  type Node,
} from "../../../lib/index.ts";

class Opaque extends Operation {
  compute(x: number): number {
    return x;
  }
}

describe("computeGradients", () => {
  test("of some nodes makes none that only others need", () => {
    const graph = new Graph().asDefault();
    const x = placeholder({ shape: [8] });
    let y: Node = x;
    for (let i = 0; i < 10; i++) y = i % 2 === 0 ? y.multiply(0.5) : y.add(1);
    const J = reduceSum(y);
    const { made } = graph;
    computeGradients(J, [x]);
    // The seed, the sum's, and one for each product; a sum passes on what it gets.
    assert.equal(graph.made - made, 2 + 5);
  });

  test("a node of another graph with the same position is not reached", () => {
    new Graph().asDefault();
    const stranger = new Variable(1);
    new Graph().asDefault();
    const loss = square(new Variable(2));
    const optimizer = new GradientDescentOptimizer({ learningRate: 1 });
    assert.throws(() => optimizer.minimize(loss, { variables: [stranger] }), GraphError);
  });

  test("without xs gives a Map of every node on the path, intermediate ones too", () => {
    new Graph().asDefault();
    const x = new Variable(3);
    const h = square(x);
    const y = multiply(h, 2);
    const gradients = computeGradients(y);
    assert.deepEqual([...gradients.keys()], [y, h.consumers[0].inputs[1], h, x]);
    const session = new Session();
    assert.deepEqual(
      session.run([gradients.get(y)!, gradients.get(h)!, gradients.get(x)!]).map(Number),
      [1, 2, 12],
    );
  });

  test("with xs gives a Map of exactly those", () => {
    new Graph().asDefault();
    const [x, w] = [new Variable(3), new Variable(4)];
    const gradients = computeGradients(multiply(x, w), [w]);
    assert.deepEqual([...gradients.keys()], [w]);
    const own = computeGradients(w, [w]).get(w)!;
    assert.deepEqual(new Session().run([gradients.get(w)!, own]).map(Number), [3, 1]);
  });

  test("gradients of gradients are gradients", () => {
    new Graph().asDefault();
    const x = new Variable(0.7);
    let y: Node = sin(x);
    for (let order = 0; order < 4; order++) y = computeGradients(y, [x]).get(x)!;
    assert.ok(Math.abs(+new Session().run(y) - Math.sin(0.7)) < 1e-15);
  });

  test("gradYs is the cotangent to begin with", () => {
    new Graph().asDefault();
    const x = new Variable([1, 2]);
    const gradient = computeGradients(square(x), [x], { gradYs: [10, 100] }).get(x)!;
    assert.deepEqual(new Session().run(gradient).toArray(), [20, 400]);
    assert.throws(() => computeGradients(square(x), [x], { gradYs: [1, 2, 3] }), {
      name: "ShapeError",
      message: /gradYs \[3\] for y square "square_1" \[2\]: shapes must be equal/,
    });
  });

  test("a y that is no scalar is an error, at build time or in the run, that suggests reduceSum", () => {
    new Graph().asDefault();
    const W = new Variable([1, 2]);
    assert.throws(
      () => computeGradients(W),
      /y has shape \[2\]; wanted a scalar: reduceSum\(y\) first, or pass gradYs/,
    );
    const x = placeholder();
    const gradient = computeGradients(square(x), [x]).get(x)!;
    assert.throws(() => new Session().run(gradient, [[x, [1, 2]]]), /wanted a scalar: reduceSum/);
    assert.equal(+new Session().run(gradient, [[x, 3]]), 6);
  });

  test("broadcast inputs get sums, also where shapes are known only in the run", () => {
    new Graph().asDefault();
    const [x, y] = [placeholder(), placeholder()];
    const gradients = computeGradients(reduceSum(multiply(x, y)), [x, y]);
    const [dx, dy] = new Session().run(
      [gradients.get(x)!, gradients.get(y)!],
      [
        [x, [[1], [2]]],
        [y, [10, 20, 30]],
      ],
    );
    assert.deepEqual(dx.toArray(), [[60], [60]]);
    assert.deepEqual(dy.toArray(), [3, 3, 3]);
  });

  test("stopGradient, integers and conditions pass nothing back", () => {
    new Graph().asDefault();
    const x = new Variable([1, 5]);
    const best = argMax(x);
    const y = add(multiply(stopGradient(x), x), cast(best, { dtype: "float64" }));
    const gradients = computeGradients(reduceSum(y));
    assert.equal(gradients.has(best), false);
    assert.deepEqual(new Session().run(gradients.get(x)!).toArray(), [1, 5]);
    const chosen = computeGradients(reduceSum(where(x.greater(2), square(x), 0)), [x]).get(x)!;
    assert.deepEqual(new Session().run(chosen).toArray(), [0, 10]);
    assert.throws(
      () => computeGradients(best),
      /argMax \(made at .*\) is int32; only floats have gradients/,
    );
  });

  test("a requested node that no gradient reaches is named with the op and the path", () => {
    new Graph().asDefault();
    const W = new Variable(2, { name: "W" });
    const J = nameScope("loss", () => exp(new Opaque(square(W)), { name: "J" }));
    assert.throws(
      () => computeGradients(J, [W]),
      /no gradient of exp "loss\/J" reaches variable "W" \(made at .*\): the op Opaque "loss\/Opaque" \(made at .*gradients\.test.*\) has no gradient registered; add RegisterGradient\("Opaque"\)\(\(op, grad\) => …\); path loss\/J ← loss\/Opaque ← loss\/square ← W/,
    );
    assert.throws(
      () => computeGradients(stopGradient(W), [W]),
      /the op stopGradient .* passes none back; .* path stopGradient ← W/,
    );
    assert.throws(() => computeGradients(constant(1), [W]), /constant is not computed from it/);
  });

  test("an op without gradient beside the path does not disturb", () => {
    new Graph().asDefault();
    const x = new Variable(3);
    const y = add(new Opaque(x), square(x));
    assert.equal(+new Session().run(computeGradients(y, [x]).get(x)!), 6);
  });

  test("nodes made for a gradient stand on the line of the node they belong to", () => {
    new Graph().asDefault();
    const x = new Variable(1);
    const y = square(x);
    const gradient = computeGradients(y, [x]).get(x)!;
    assert.equal(gradient.origin, y.origin);
    assert.match(gradient.name, /^gradients\//);
  });

  test("misuse does not compile, and is named", () => {
    new Graph().asDefault();
    const x = new Variable(1);
    // @ts-expect-error xs is an array
    const bare = (): unknown => computeGradients(x, x);
    assert.throws(bare, /xs is no array; write computeGradients\(y, \[x\]\)/);
    // @ts-expect-error a number is no node
    assert.throws(() => computeGradients(1), /computeGradients: y: got number 1; wanted a node/);
  });
});

describe("large graphs", () => {
  test("a chain of 100,000 nodes builds, prints, differentiates and runs", () => {
    const graph = new Graph().asDefault();
    const x = new Variable(1);
    const one = constant(1);
    let y: Node = x;
    for (let i = 0; i < 100_000; i++) y = add(y, one);
    assert.equal(String(graph).split("\n").length, 100_002);
    assert.ok(graph.toDot().length > 1_000_000);
    const gradient = computeGradients(y, [x]).get(x)!;
    const [value, slope] = new Session().run([y, gradient]);
    assert.deepEqual([+value, +slope], [100_001, 1]);
  });

  test("the path in an error is shortened", () => {
    new Graph().asDefault();
    const x = new Variable(1, { name: "x" });
    let y: Node = new Opaque(x);
    for (let i = 0; i < 20_000; i++) y = exp(y);
    assert.throws(
      () => computeGradients(y, [x]),
      (error: Error) => {
        assert.ok(error.message.length < 1000);
        return /… .*← Opaque ← x$/.test(error.message);
      },
    );
  });

  test("a diamond of doublings is linear", () => {
    new Graph().asDefault();
    const x = new Variable(1);
    let y: Node = x;
    for (let i = 0; i < 3000; i++) y = multiply(add(y, y), 0.5);
    const before = y.graph.nodes.length;
    const gradient = computeGradients(y, [x]).get(x)!;
    assert.ok(y.graph.nodes.length < 6 * before);
    assert.deepEqual(new Session().run([y, gradient]).map(Number), [1, 1]);
  });

  test("ten thousand consumers of one node add up", () => {
    new Graph().asDefault();
    const x = new Variable(1);
    let y: Node = x;
    for (let i = 0; i < 10_000; i++) y = add(y, x);
    assert.equal(+new Session().run(computeGradients(y, [x]).get(x)!), 10_001);
  });
});
