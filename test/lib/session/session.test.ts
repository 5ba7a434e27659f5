import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  add,
  checkGradients,
  cast,
  check,
  constant,
  exp,
  Graph,
  log,
  matmul,
  multiply,
  Operation,
  placeholder,
  print,
  reduceSum,
  reshape,
  Session,
  ShapeError,
  Tensor,
  tensor,
  Variable,
} from "../../../lib/index.ts";

describe("fetches", () => {
  test("a node, a tuple and a record give results of the same form", () => {
    new Graph().asDefault();
    const [a, b] = [constant(1), constant([2, 3])];
    const session = new Session();
    assert.equal(+session.run(a), 1);
    const [x, y] = session.run([a, b]);
    assert.deepEqual([x.item(), y.toArray()], [1, [2, 3]]);
    const { one, two } = session.run({ one: a, two: b });
    assert.deepEqual([one.item(), two.toArray()], [1, [2, 3]]);
    assert.deepEqual(session.run([]), []);
    // @ts-expect-error the record has no such name
    assert.equal(session.run({ one: a }).two, undefined);
  });

  test("a returned Tensor is the caller's own", () => {
    new Graph().asDefault();
    const W = new Variable([1, 2]);
    const x = placeholder();
    const session = new Session();
    const fed = tensor([1, 2]);
    const results = session.run(
      [W, x, reshape(x, { shape: [2, 1] }), constant([1, 2])],
      [[x, fed]],
    );
    for (const { data } of results) data.fill(9);
    W.value.data.fill(9);
    const again = session.run([W, x, reshape(x, { shape: [2, 1] }), constant([1, 2])], [[x, fed]]);
    for (const { data } of again) assert.deepEqual([...data], [1, 2]);
    const first = session.run(exp(x), [[x, [0, 0]]]);
    session.run(exp(x), [[x, [1, 1]]]);
    assert.deepEqual(first.toArray(), [1, 1]);
  });

  test("into writes into given tensors, in the form of the fetch", () => {
    new Graph().asDefault();
    const W = new Variable([1, 2]);
    const session = new Session();
    const target = new Tensor(new Float64Array(2), [2]);
    assert.equal(session.run(W, [], { into: target }), target);
    assert.deepEqual(target.toArray(), [1, 2]);
    session.run({ y: multiply(W, 3) }, [], { into: { y: target } });
    assert.deepEqual(target.toArray(), [3, 6]);
    const [same] = session.run([W], [], { into: [target] });
    assert.equal(same, target);
  });

  test("into that does not fit is an error before any variable changes", () => {
    new Graph().asDefault();
    const W = new Variable([1, 2], { name: "W" });
    const into = tensor([0]);
    assert.throws(
      () => new Session().run(W.assign([3, 4]), [], { into }),
      /into for assign "assign_W" is float64 \[1\]; wanted a Tensor, float64 \[2\]/,
    );
    assert.deepEqual(W.value.toArray(), [1, 2]);
  });

  test("what is no node is named", () => {
    new Graph().asDefault();
    const session = new Session();
    // @ts-expect-error undefined is no node
    const missing = (): unknown => session.run([undefined]);
    assert.throws(missing, /fetch 0 is undefined; wanted a node, or an array/);
    const nested = (): unknown => session.run([[constant(1), constant(2)]] as never);
    assert.throws(nested, /fetch 0 is an array of 2; wanted a node, for fetches do not nest/);
    // @ts-expect-error a number is no node
    assert.throws(() => session.run({ loss: 3 }), /fetch loss is number 3/);
    // @ts-expect-error neither is text
    assert.throws(() => session.run("J"), /the fetch is the text "J"/);
  });
});

describe("feeds", () => {
  test("are any iterable of pairs; values are anything that reads as a tensor", () => {
    new Graph().asDefault();
    const x = placeholder({ name: "x" });
    const y = reduceSum(x);
    const session = new Session();
    function* pairs(): Generator<[typeof x, number[]]> {
      yield [x, [1, 2]];
    }
    assert.equal(+session.run(y, [[x, [1, 2]]]), 3);
    assert.equal(+session.run(y, new Map([[x, [[1], [2]]]])), 3);
    assert.equal(+session.run(y, pairs()), 3);
    assert.equal(+session.run(y, [[x, new Float32Array([1, 2])]]), 3);
    assert.equal(+session.run(y, [[x, { data: [1, 2], shape: [2, 1] }]]), 3);
    assert.equal(+session.run(y, [[x, tensor(3, { dtype: "float32" })]]), 3);
  });

  test("bytes fed to booleans are true where they are not 0, however they come", () => {
    new Graph().asDefault();
    const mask = placeholder({ name: "mask", dtype: "bool" });
    const count = reduceSum(cast(mask, { dtype: "float64" }));
    const bytes = new Uint8Array([0, 255, 3]);
    const forms = [bytes, new Tensor(bytes, [3]), { data: bytes, shape: [3] }, [0, 255, 3]];
    const session = new Session();
    for (const form of forms) assert.equal(+session.run(count, [[mask, form]]), 2);
    assert.equal(
      +session.run(reduceSum(cast(constant(bytes, { dtype: "bool" }), { dtype: "float64" }))),
      2,
    );
  });

  test("a missing one names the placeholder and its line", () => {
    new Graph().asDefault();
    const x = placeholder({ name: "points" });
    assert.throws(
      () => new Session().run(exp(x)),
      /placeholder points has no value \(made at .*session\.test.*\); feed it: session\.run\(…, \[\[points, value\]\]\)/,
    );
  });

  test("that do not fit are named", () => {
    new Graph().asDefault();
    const x = placeholder({ name: "x", shape: [null, 2] });
    const W = new Variable(1, { name: "W" });
    const session = new Session();
    assert.throws(
      () => session.run(x, [[x, [1, 2, 3]]]),
      /placeholder x was fed \[3\]; wanted \[\?, 2\] \(made at/,
    );
    assert.throws(
      () => session.run(x, [[x, [[1, 2], [3]]]]),
      /fed to placeholder x: nested arrays are ragged/,
    );
    assert.throws(
      () =>
        session.run(x, [
          [x, [[1, 2]]],
          [x, [[1, 2]]],
        ]),
      /placeholder x is fed twice/,
    );
    // @ts-expect-error only placeholders are fed
    const fedVariable = (): unknown => session.run(W, [[W, 2]]);
    assert.throws(
      fedVariable,
      /cannot feed variable "W" \(made at .*\); only placeholders .*; set W\.value/,
    );
    // @ts-expect-error feeds are pairs
    assert.throws(() => session.run(W, { x: 2 }), /feeds are an object with x; wanted pairs/);
    // @ts-expect-error feeds are pairs
    assert.throws(() => session.run(W, [x]), /a feed is a Placeholder; wanted pairs/);
  });

  test("of new shapes make a new plan, earlier shapes still work", () => {
    new Graph().asDefault();
    const x = placeholder();
    const y = reduceSum(multiply(x, x), { axis: 0 });
    const session = new Session();
    for (const n of [1, 2, 3, 2, 1]) {
      const rows = Array.from({ length: n }, () => [1, 2]);
      assert.deepEqual(session.run(y, [[x, rows]]).toArray(), [n, 4 * n]);
    }
  });
});

describe("variables", () => {
  test("every read in a run sees the value from before it; an assign is the new one", () => {
    new Graph().asDefault();
    const W = new Variable(1);
    const raise = W.assign(add(W, 1));
    const session = new Session();
    const after = multiply(raise, 10);
    assert.deepEqual(session.run([W, raise, after, multiply(W, 100)]).map(Number), [1, 2, 20, 100]);
    assert.deepEqual([+W.value, +session.run(W)], [2, 2]);
    assert.deepEqual(session.run([raise, W]).map(Number), [3, 2]);
  });

  test("two variables swap in one run", () => {
    new Graph().asDefault();
    const [a, b] = [new Variable([1, 1]), new Variable([2, 2])];
    const session = new Session();
    const swap = [a.assign(b), b.assign(a)] as const;
    session.run(swap);
    assert.deepEqual(
      [a.value.toArray(), b.value.toArray()],
      [
        [2, 2],
        [1, 1],
      ],
    );
    session.run(swap);
    assert.deepEqual(
      [a.value.toArray(), b.value.toArray()],
      [
        [1, 1],
        [2, 2],
      ],
    );
  });

  test("two sessions and two plans share them", () => {
    new Graph().asDefault();
    const W = new Variable(0);
    const raise = W.assign(add(W, 1));
    const [one, two] = [new Session(), new Session({ backend: "reference" })];
    for (let i = 0; i < 3; i++) {
      one.run(raise);
      two.run([raise, W]);
      one.run([W, raise]);
    }
    assert.equal(+W.value, 9);
  });

  test("two updates of one variable in one run are an error that names both", () => {
    new Graph().asDefault();
    const W = new Variable(1, { name: "W" });
    assert.throws(
      () => new Session().run([W.assign(2), W.assign(3)]),
      /variable W would get two values, from assign_W \(made at .*\) and assign_W_1 \(made at .*\)/,
    );
    assert.equal(+W.value, 1);
  });

  test("a run that throws has changed none, in its first run and later", () => {
    class Moody extends Operation {
      compute(x: number): number {
        if (x > 1) throw new Error("too much");
        return x;
      }
    }
    new Graph().asDefault();
    const W = new Variable(0);
    const x = placeholder();
    const fetch = [W.assign(add(W, 1)), new Moody(x)] as const;
    const session = new Session();
    assert.throws(() => session.run(fetch, [[x, 2]]), /too much/);
    assert.equal(+W.value, 0);
    session.run(fetch, [[x, 1]]);
    assert.equal(+W.value, 1);
    assert.throws(() => session.run(fetch, [[x, 2]]), /too much/);
    assert.equal(+W.value, 1);
    session.run(fetch, [[x, 0]]);
    assert.equal(+W.value, 2);
  });

  test("take new values between runs, of the same shape", () => {
    new Graph().asDefault();
    const W = new Variable([1, 2], { name: "W" });
    W.value = [3, 4];
    assert.deepEqual(new Session().run(W).toArray(), [3, 4]);
    assert.throws(
      () => (W.value = [1]),
      /Variable W: value \[1\] into shape \[2\]: shapes must be equal/,
    );
    assert.throws(
      () => W.assign([1]),
      /assign: value \[1\] into a variable \[2\]: shapes must be equal \(made at/,
    );
    assert.throws(
      () => new Variable(W as never),
      /its first value is the node W \(made at .*\); wanted numbers/,
    );
  });
});

describe("errors in a run", () => {
  test("name the node and where it was made", () => {
    new Graph().asDefault();
    const x = placeholder();
    const y = matmul(x, new Variable([[1], [2]]));
    assert.throws(
      () => new Session().run(y, [[x, [[1, 2, 3]]]]),
      (error) => {
        assert.ok(error instanceof ShapeError);
        assert.match(
          error.message,
          /matmul: a \[1, 3\] · b \[2, 1\]: inner sizes 3 and 2 differ; .* \(made at .*session\.test/,
        );
        return true;
      },
    );
  });

  test("checkNumerics names the first node that made a NaN or an infinity", () => {
    new Graph().asDefault();
    const x = placeholder({ name: "x" });
    const y = multiply(log(x, { name: "logs" }), 0);
    const session = new Session();
    for (let run = 0; run < 2; run++) {
      assert.throws(
        () => session.run(y, [[x, [1, 0]]], { checkNumerics: true }),
        /checkNumerics: log "logs" made -Infinity \(made at .*\): number 1 of its value \[2\]; x was between 0 and 1/,
      );
    }
    assert.deepEqual(session.run(y, [[x, [1, 1]]], { checkNumerics: true }).toArray(), [0, 0]);
    assert.throws(
      () => session.run(y, [[x, [NaN, 1]]], { checkNumerics: true }),
      /placeholder "x" made NaN/,
    );
    assert.ok(Number.isNaN(session.run(y, [[x, 0]]).item()));
  });

  test("nodes of another graph than the session's, or of two, are refused", () => {
    const graph = new Graph().asDefault();
    const x = constant(1);
    new Graph().asDefault();
    const y = constant(2);
    assert.throws(
      () => new Session().run([x, y]),
      /run: constant .* and constant .* belong to different graphs/,
    );
    assert.throws(
      () => new Session({ graph }).run(y),
      /constant .* is not of this session's graph/,
    );
    assert.equal(+new Session({ graph }).run(x), 1);
  });
});

test("pairs that had a name first are feeds, to the compiler too", () => {
  new Graph().asDefault();
  const [x, y] = [placeholder(), placeholder()];
  const feeds = [
    [x, [1, 2]],
    [y, 3],
  ];
  assert.deepEqual(new Session().run(add(x, y), feeds).toArray(), [4, 5]);
  const pairs = feeds.values();
  assert.ok(checkGradients(reduceSum(multiply(new Variable([1, 1]), add(x, y))), pairs).ok);
});

test("print writes the value when its output is used, check throws at numbers that are not finite", () => {
  new Graph().asDefault();
  const lines: string[] = [];
  const x = placeholder();
  const shown = print(x, { label: "x", write: (text) => lines.push(text) });
  const session = new Session();
  session.run(x, [[x, [1, 2]]]);
  assert.deepEqual(lines, []);
  assert.equal(+session.run(reduceSum(shown), [[x, [1, 2]]]), 3);
  assert.deepEqual(lines, ["x: [1. 2.]"]);
  assert.deepEqual(session.run(check(x), [[x, [1, 2]]]).toArray(), [1, 2]);
  assert.throws(
    () => session.run(check(x), [[x, [1, NaN]]]),
    /check: number 1 of x \[2\] is NaN; .* \(made at/,
  );
});
