import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { canWait } from "../../../lib/backend/wasm/pool.ts";
import { threadsHere } from "../../../lib/backend/threads.ts";
import { Machine } from "../../../lib/backend/wasm/machine.ts";
import { random } from "../../../lib/core/random.ts";
import type { Dtype } from "../../../lib/core/dtype.ts";
import {
  add,
  cast,
  computeGradients,
  exp,
  GradientDescentOptimizer,
  Graph,
  matmul,
  multiply,
  negative,
  Operation,
  placeholder,
  print,
  reduceSum,
  relu,
  Session,
  sigmoid,
  softmax,
  log,
  Tensor,
  transpose,
  Variable,
  type Node,
} from "../../../lib/index.ts";
import { Compiled } from "../../../lib/session/compiled.ts";
import { tasksOf } from "../../../lib/session/tasks.ts";

function assertClose(got: Tensor, wanted: Tensor, tolerance: number): void {
  assert.deepEqual(got.shape, wanted.shape);
  for (let i = 0; i < wanted.data.length; i++) {
    const [x, y] = [got.data[i], wanted.data[i]];
    assert.ok(Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y)), `number ${i}: ${x}, ${y}`);
  }
}

// Sums of k terms in another order: some √k roundings.
const tolerances = { float64: 1e-13, float32: 2e-5 } as const;

describe("products of every size", () => {
  const sizes = [
    [1, 1, 1],
    [5, 7, 3],
    [2, 100, 2],
    [100, 2, 2],
    [33, 17, 29],
    [64, 300, 13],
    [97, 520, 25],
    [13, 259, 500],
    [1, 1001, 1],
    [37, 301, 1],
    [260, 67, 1],
  ] as const;
  for (const dtype of ["float64", "float32"] as const) {
    for (const [m, k, n] of sizes) {
      test(`[${m}, ${k}] · [${k}, ${n}] in ${dtype}, and its gradients`, () => {
        new Graph({ dtype }).asDefault();
        const [a, b] = [
          new Variable(random(1).normal([m, k])),
          new Variable(random(2).normal([k, n])),
        ];
        const product = matmul(a, b);
        const weighted = reduceSum(multiply(product, random(3).normal([m, n])));
        const gradients = computeGradients(weighted, [a, b]);
        const fetch = [
          product,
          gradients.get(a)!,
          gradients.get(b)!,
          matmul(transpose(b), transpose(a)),
        ];
        const wanted = new Session({ backend: "javascript" }).run(fetch);
        const got = new Session({ backend: "wasm" }).run(fetch);
        const scale = tolerances[dtype] * Math.sqrt(Math.max(m, k, n));
        for (const [i, tensor] of got.entries()) assertClose(tensor, wanted[i], scale);
      });
    }
  }
});

test(
  "several threads compute what one does",
  { skip: !canWait() || threadsHere() === undefined },
  () => {
    new Graph({ dtype: "float32" }).asDefault();
    const [a, b] = [
      new Variable(random(1).normal([150, 300])),
      new Variable(random(2).normal([300, 131])),
    ];
    const c = new Variable(random(3).normal([400, 501]));
    const fetch = [matmul(a, b), sigmoid(multiply(c, c)), softmax(c)];
    const one = new Compiled(fetch, tasksOf(fetch), () => [], new Machine());
    const all = new Compiled(fetch, tasksOf(fetch), () => [], new Machine(threadsHere()));
    assert.ok(all.ways.includes("threads"), all.ways.join());
    assert.ok(!one.ways.includes("threads"));
    const values = (compiled: Compiled): number[][] =>
      compiled.run(new Map()).map(({ data }) => Array.from<number>(data));
    for (let i = 0; i < 20; i++) assert.deepEqual(values(all), values(one));
  },
);

describe("kinds of values", () => {
  const nets: Readonly<Record<string, (x: Node) => readonly Node[]>> = {
    "booleans within and between kernels": (x) => [
      relu(x),
      multiply(relu(negative(x)), 2),
      x.greater(0),
    ],
    "a float32 part in a float64 graph": (x) => [
      cast(exp(cast(x, { dtype: "float32" })), { dtype: "float64" }),
    ],
    "whole numbers": (x) => [
      cast(x.multiply(10), { dtype: "int32" }),
      x.argMax(),
      x.argMax({ axis: 0 }),
    ],
    "sums and maxima over every axis": (x) => [
      x.reduceSum(),
      x.reduceSum({ axis: 0 }),
      x.reduceSum({ axis: 1 }),
      softmax(x, { axis: 0 }),
      log(softmax(x)),
    ],
  };
  for (const [name, build] of Object.entries(nets)) {
    for (const shape of [
      [1, 1],
      [3, 5],
      [40, 2],
      [7, 33],
    ]) {
      test(`${name}, [${shape.join(", ")}]`, () => {
        new Graph().asDefault();
        const x = placeholder();
        const fetch = build(x);
        const value = random(4).normal(shape);
        const wanted = new Session({ backend: "reference" }).run(fetch, [[x, value]]);
        const session = new Session({ backend: "wasm" });
        for (let turn = 0; turn < 2; turn++) {
          const got = session.run(fetch, [[x, value]]);
          for (const [i, tensor] of got.entries()) {
            assert.equal(tensor.dtype, wanted[i].dtype);
            assertClose(tensor, wanted[i], tensor.dtype === "float64" ? 1e-6 : 0);
          }
        }
      });
    }
  }
});

/** A small net with its training step. */
function net(dtype: Dtype = "float64"): { J: Node; train: Node; W: Variable } {
  new Graph({ dtype }).asDefault();
  const W = new Variable(random(1).normal([3, 4]));
  const b = new Variable(random(2).normal([4]));
  const x = random(3).normal([20, 3]);
  const p = softmax(add(matmul(x, W), b));
  const J = negative(reduceSum(log(p.add(1e-9))));
  return { J, train: new GradientDescentOptimizer({ learningRate: 0.01 }).minimize(J), W };
}

describe("variables", () => {
  test("are the same on every backend, after steps on each in turn", () => {
    const finals = (["wasm", "javascript", "reference"] as const).map((backend) => {
      const { J, train, W } = net();
      const session = new Session({ backend });
      for (let i = 0; i < 20; i++) session.run([J, train]);
      return W.value;
    });
    const { J, train, W } = net();
    const sessions = (["wasm", "javascript", "auto"] as const).map(
      (backend) => new Session({ backend }),
    );
    for (let i = 0; i < 20; i++) sessions[i % 3].run([J, train]);
    for (const value of [...finals, W.value]) assertClose(value, finals[2], 1e-12);
  });

  test("keep their values when a run throws at its end, and when one is set between runs", () => {
    new Graph().asDefault();
    const W = new Variable([1, 2]);
    const x = placeholder({ shape: [] });
    const fetch = [W.assign(add(W, x)), x.check()] as const;
    const session = new Session({ backend: "wasm" });
    session.run(fetch, [[x, 1]]);
    assert.throws(() => session.run(fetch, [[x, NaN]]), /check: .* NaN.*made at/);
    assert.deepEqual(W.value.toArray(), [2, 3]);
    W.value = [10, 20];
    session.run(fetch, [[x, 1]]);
    assert.deepEqual(W.value.toArray(), [11, 21]);
  });

  test("swap, are assigned constants and each other's values", () => {
    new Graph().asDefault();
    const [a, b, c] = [new Variable([1, 1]), new Variable([2, 2]), new Variable([3, 3])];
    const session = new Session({ backend: "wasm" });
    const fetch = [a.assign(b), b.assign(a), c.assign([7, 8]), multiply(c, 2)] as const;
    const got = session.run(fetch).map((x) => x.toArray());
    assert.deepEqual(got, [
      [2, 2],
      [1, 1],
      [7, 8],
      [6, 6],
    ]);
    const [d, e] = [new Variable([0, 0]), new Variable([0, 0])];
    const sum = add(a, b);
    session.run([d.assign(sum), e.assign(sum)]);
    assert.deepEqual(
      [a, b, c, d, e].map((x) => x.value.toArray()),
      [
        [2, 2],
        [1, 1],
        [7, 8],
        [3, 3],
        [3, 3],
      ],
    );
  });
});

test("print acts once in each run, compiled or not; an op of a notebook keeps its plan interpreted", () => {
  class Twice extends Operation {
    compute(x: Tensor): Tensor {
      return x.map((one) => 2 * one);
    }
  }
  new Graph().asDefault();
  const lines: string[] = [];
  const x = placeholder();
  const shown = print(exp(x), { write: (text) => lines.push(text) });
  const session = new Session();
  for (let i = 0; i < 8; i++) session.run([add(shown, shown), new Twice(x)], [[x, [0, 1]]]);
  assert.equal(lines.length, 8);
});

describe("in the steady state", () => {
  test("a step makes no typed arrays beyond what it returns", () => {
    const { J, train } = net();
    const session = new Session({ backend: "wasm" });
    for (let i = 0; i < 5; i++) session.run([J, train]);
    let made = 0;
    const original = globalThis.Float64Array;
    const counting = new Proxy(original, {
      construct: (target, args: [number], newTarget) => {
        made += 1;
        return Reflect.construct(target, args, newTarget) as object;
      },
    });
    globalThis.Float64Array = counting;
    try {
      for (let i = 0; i < 10; i++) session.run([J, train]);
    } finally {
      globalThis.Float64Array = original;
    }
    assert.equal(made, 0, "results are copied with slice, and nothing else is made");
  });

  test("steps on one plan need no more memory than the first", () => {
    const { J, train, W } = net();
    const compiled = new Compiled([J, train], tasksOf([J, train]), () => [], new Machine());
    const address = (): number => {
      compiled.run(new Map());
      return W.buffer.data.byteOffset;
    };
    const [first, second] = [address(), address()];
    for (let i = 0; i < 50; i++) assert.equal(address(), i % 2 === 0 ? first : second);
  });
});

test("a session keeps 64 plans, and makes the least recently used one anew", () => {
  new Graph().asDefault();
  const x = placeholder();
  const y = multiply(exp(x), 2);
  const session = new Session({ backend: "wasm" });
  const feed = (n: number): number[] => Array.from({ length: n }, (_, i) => i / n);
  const expected = (n: number): number[] => feed(n).map((v) => 2 * Math.exp(v));
  for (const n of [...Array.from({ length: 80 }, (_, i) => i + 1), 1, 80, 40, 2]) {
    const got = session.run(y, [[x, feed(n)]]);
    assertClose(got, new Tensor(Float64Array.from(expected(n)), [n]), 1e-14);
  }
});
