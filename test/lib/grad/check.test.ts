import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  add,
  checkGradients,
  DISPLAY,
  exp,
  Graph,
  multiply,
  Operation,
  placeholder,
  reduceSum,
  relu,
  RegisterGradient,
  Session,
  sigmoid,
  Variable,
  type Node,
} from "../../../lib/index.ts";

class Wrong extends Operation {
  compute(x: number): number {
    return x * x;
  }
  @RegisterGradient("Wrong")
  static gradient(_: Node, grad: Node): Node {
    return grad;
  }
}

test("right gradients agree, in both orders and on every backend, and variables stay what they were", () => {
  new Graph().asDefault();
  const W = new Variable([[0.5, -1]], { name: "W" });
  const J = reduceSum(sigmoid(multiply(W, W)));
  for (const backend of ["reference", "javascript"] as const) {
    const check = checkGradients(J, [], { order: 2, session: new Session({ backend }) });
    assert.ok(check.ok, String(check));
    assert.equal(check.rows.length, 4);
  }
  assert.deepEqual(W.value.toArray(), [[0.5, -1]]);
});

test("a wrong gradient is found, with its entry", () => {
  new Graph().asDefault();
  const x = new Variable(3, { name: "x" });
  const check = checkGradients(new Wrong(x).add(0));
  assert.equal(check.ok, false);
  assert.equal(check.rows[0].symbolic, 1);
  assert.ok(Math.abs(check.rows[0].numeric - 6) < 1e-6);
  assert.equal(check.rows[0].kink, undefined);
  assert.doesNotMatch(String(check), /kink|below/);
});

test("the result reads as a table", () => {
  new Graph().asDefault();
  const W = new Variable([[0, 1]], { name: "W" });
  const check = checkGradients(reduceSum(exp(W)));
  const lines = inspect(check).split("\n");
  assert.match(lines[0], /^gradients agree: largest relative error .*, tolerance 1e-6$/);
  assert.match(lines[1], /entry +symbolic +numeric +relative error/);
  assert.match(lines[3], /^W +\[0, 1\] +2\.7182818 +2\.7182818 /);
  assert.match(String(check[DISPLAY]()["text/html"]), /<table>.*<td[^>]*>2\.7182818<\/td>/);
});

test("the order is told where there are two; a page has true minus signs, a console has not", () => {
  new Graph().asDefault();
  const W = new Variable([-1], { name: "W-1" });
  const check = checkGradients(reduceSum(multiply(W, W)), [], { order: 2 });
  const text = inspect(check);
  assert.match(text, /\n +entry +order +symbolic/);
  assert.match(text, /\nW-1 +\[0\] +1 +-2\.0000000 +-2\.0000000 .*e-\d+\n/);
  assert.doesNotMatch(text, /−/);
  const html = String(check[DISPLAY]()["text/html"]);
  assert.match(html, /<td[^>]*>W-1<\/td><td[^>]*>\[0\]<\/td><td[^>]*>1<\/td><td[^>]*>−2\.0000000</);
  assert.match(html, /^<div>gradients agree: .*e−\d+, tolerance 1e−6<\/div>/);
});

test("fed placeholders can be nudged too, and by default are if there are no variables", () => {
  new Graph().asDefault();
  const x = placeholder({ name: "x" });
  const J = reduceSum(multiply(x, x));
  const check = checkGradients(J, [[x, [1, 2, 3]]]);
  assert.deepEqual(
    check.rows.map((row) => row.symbolic),
    [2, 4, 6],
  );
  assert.throws(
    () => checkGradients(J, [], { xs: [x] }),
    /placeholder x, which is not fed; wanted variables/,
  );
});

test("of a large variable some entries are tried", () => {
  new Graph().asDefault();
  const W = new Variable(new Float64Array(1000).fill(0.1));
  assert.equal(checkGradients(reduceSum(exp(W)), [], { entries: 7 }).rows.length, 7);
});

test("where no gradient arrives, the op that is in the way is named, or that there is nothing to nudge", () => {
  class NoG extends Operation {
    compute(x: number): number {
      return x;
    }
  }
  new Graph().asDefault();
  assert.throws(
    () => checkGradients(new NoG(new Variable(3))),
    /^GraphError: checkGradients: no gradient of NoG reaches variable .*: the op NoG .* add RegisterGradient\("NoG"\)/,
  );
  assert.throws(
    () => checkGradients(add(1, 2)),
    /checkGradients: add \(made at .*\) is computed from no variable or placeholder; build it from a new Variable/,
  );
});

test("at a kink the slopes on both sides are told", () => {
  new Graph().asDefault();
  const x = new Variable([0, 1], { name: "x" });
  const check = checkGradients(reduceSum(relu(x)));
  assert.deepEqual(
    check.rows.map(({ kink }) => kink?.map(Math.round)),
    [[0, 1], undefined],
  );
  const [verdict, , row] = inspect(check).split("\n");
  assert.match(verdict, /DISAGREE: .*; a kink\? slopes below and above an entry differ/);
  assert.match(row, /^x +\[0\] .* 0\.000 \| 1\.000$/);
});
