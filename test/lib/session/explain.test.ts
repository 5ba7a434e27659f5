import assert from "node:assert/strict";
import { test } from "node:test";
import {
  add,
  DISPLAY,
  exp,
  explain,
  GradientDescentOptimizer,
  Graph,
  matmul,
  multiply,
  Operation,
  placeholder,
  random,
  reduceSum,
  Session,
  sigmoid,
  Variable,
  type Explanation,
} from "../../../lib/index.ts";

function trained(): Explanation {
  new Graph().asDefault();
  const X = placeholder({ shape: [20, 3], name: "X" });
  const W = new Variable([[1], [2], [3]], { name: "W" });
  const y = sigmoid(add(matmul(X, W), 1));
  const J = reduceSum(multiply(y, y));
  const train = new GradientDescentOptimizer({ learningRate: 0.5 }).minimize(J);
  return explain(new Session(), [J, train]);
}

test("a plan lists its steps: what was fused, who computes it, how many bytes it writes", () => {
  const text = String(trained());
  assert.match(text, /^\d+ nodes in \d+ steps; .* of memory for .* of values\n/);
  assert.match(text, /0 {2}wasm +\[20, 3\] · \[3, 1\]: matmul = X · W → 160 B/);
  assert.match(text, /in one: add, sigmoid/);
  // The update is written by the product that makes the gradient.
  assert.match(text, /train\/assign_W = W \+ -0\.5 · Xᵀ · /);
});

test("a plan says which steps threads share, and which of them they need not wait for", () => {
  new Graph({ dtype: "float32" }).asDefault();
  const X = placeholder({ shape: [256, 300] });
  const W = new Variable(random(1).normal([300, 200]));
  const plan = explain(
    new Session({ backend: "wasm" }),
    reduceSum(sigmoid(matmul(X, W)), { axis: 1 }),
  );
  const [product, sigmoids, sums] = plan.steps;
  if (product.backend !== "threads") {
    assert.deepEqual([product.parts, sigmoids.follows], [1, false]);
    return;
  }
  assert.ok(product.parts > 1 && !product.follows);
  assert.ok(sigmoids.follows && sums.follows);
  // What no other thread reads is not written to the plan's memory.
  assert.equal(product.bytes, 0);
  assert.equal(sums.bytes, 1024);
  const text = String(plan);
  assert.match(text, /matmul = placeholder · variable, in \d+ parts\n/);
  assert.match(text, /sum of 200 in sigmoid: reduceSum → 1\.02 kB, in the same parts/);
});

test("values share memory, and the picture shows them", () => {
  const plan = trained();
  assert.ok(plan.bytes < plan.nodes * 160);
  for (const [i, a] of plan.values.entries()) {
    for (const b of plan.values.slice(i + 1)) {
      const apart = a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset;
      // One may end in the step in which another takes its place.
      assert.ok(apart || a.to <= b.from || b.to <= a.from, `${a.name} and ${b.name}`);
    }
  }
  const bundle = plan[DISPLAY]();
  assert.equal(bundle["text/plain"], String(plan));
  assert.match(String(bundle["image/svg+xml"]), /^<svg .*<\/svg>$/s);
});

test("open shapes need feeds; an op of a notebook keeps its plan interpreted", () => {
  class Half extends Operation {
    compute(x: number): number {
      return x / 2;
    }
  }
  new Graph().asDefault();
  const x = placeholder({ name: "x" });
  assert.throws(() => explain(new Session(), exp(x)), /placeholder x has no value/);
  assert.equal(explain(new Session(), exp(x), [[x, [1, 2]]]).steps[0].backend, "wasm");
  assert.equal(explain(new Session(), new Half(x), [[x, 1]]).steps[0].backend, "javascript");
  assert.equal(
    explain(new Session({ backend: "reference" }), exp(x), [[x, 1]]).steps[0].backend,
    "reference",
  );
});

test("what is computed twice is shared, what is known is folded, what nobody reads is gone", () => {
  new Graph().asDefault();
  const x = placeholder({ shape: [4] });
  const unread = exp(multiply(x, 3));
  const y = add(multiply(exp(x), add(1, 1)), multiply(exp(x), add(1, 1)));
  const plan = explain(new Session(), y);
  assert.deepEqual(
    plan.steps.map((step) => step.nodes.length),
    [3],
  );
  assert.ok(!plan.steps.some((step) => step.nodes.includes(unread.name)));
});
