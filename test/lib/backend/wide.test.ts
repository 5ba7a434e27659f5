import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { wideCompiler, wideHere } from "../../../lib/backend/told.ts";
import { engine, type Compile } from "../../../lib/backend/wasm/engine.ts";
import { Machine } from "../../../lib/backend/wasm/machine.ts";
import { threadsHere } from "../../../lib/backend/threads.ts";
import { random } from "../../../lib/core/random.ts";
import {
  abs,
  add,
  cast,
  computeGradients,
  divide,
  equal,
  exp,
  expm1,
  floor,
  Graph,
  greater,
  isNaN,
  less,
  log,
  log1p,
  matmul,
  maximum,
  minimum,
  multiply,
  negative,
  reduceSum,
  relu,
  round,
  sigmoid,
  sign,
  softmax,
  softplus,
  sqrt,
  square,
  subtract,
  tanh,
  Tensor,
  Variable,
  where,
  type Node,
} from "../../../lib/index.ts";
import { computed, inParts } from "./plans.ts";

/** The engine's own, or where it has none the plain one: then the larger tiles are made of small vectors. */
const compile: Compile = wideCompiler() ?? ((bytes) => new engine!.Module(bytes));

let asked = 0;

function counted(): Compile {
  asked += 1;
  return compile;
}

/** Plans that one thread computes, that several share, and that are cut into parts, which this one computes. */
const alone = (): Machine => new Machine(undefined, { wide: counted });
const shared = (): Machine => new Machine(threadsHere(), { wide: counted });
const cut = (): Machine => new Machine(inParts(2), { wide: counted });

/** Whether both kinds of vectors give the same, bit by bit. */
function assertSame(
  fetches: readonly Node[],
  machines: readonly (() => Machine)[] = [shared],
): void {
  const wanted = computed(fetches, new Machine());
  for (const machine of machines) {
    asked = 0;
    const found = computed(fetches, machine());
    assert.ok(asked > 0, "the plan is too small for wide vectors");
    // In words, since millions of numbers in an error are more than a terminal, or the memory, can hold.
    for (const [i, data] of found.entries()) {
      const at = data.findIndex((x, j) => !Object.is(x, wanted[i][j]));
      assert.ok(at < 0, `value ${i} at ${at}: ${data[at]}, not ${wanted[i][at]}`);
    }
  }
}

const sizes: readonly (readonly [m: number, k: number, n: number])[] = [
  [128, 128, 128],
  [97, 131, 113],
  [257, 64, 65],
  [7, 700, 301],
  [301, 700, 5],
  [64, 1030, 530],
];

for (const dtype of ["float32", "float64"] as const) {
  test(`products of any size, and those of their gradients, in wide vectors of ${dtype}`, () => {
    for (const [m, k, n] of sizes) {
      new Graph({ dtype }).asDefault();
      const draw = random(m + n);
      const a = new Variable(draw.normal([m, k]));
      const b = new Variable(draw.normal([k, n]));
      const y = matmul(a, b);
      const slopes = computeGradients(reduceSum(multiply(y, y)), [a, b]);
      assertSame([y, slopes.get(a)!, slopes.get(b)!]);
    }
  });

  test(`elementwise kernels over one axis and over several in wide vectors of ${dtype}`, () => {
    for (const [rows, columns] of [
      [1, 200_003],
      [400, 501],
      [5001, 3],
      [20_000, 9],
    ] as const) {
      new Graph({ dtype }).asDefault();
      const draw = random(rows);
      const x = new Variable(draw.normal([rows, columns]));
      const row = new Variable(draw.uniform([columns]));
      const column = new Variable(draw.uniform([rows, 1]));
      const y = multiply(tanh(add(multiply(x, row), column)), sigmoid(subtract(x, row)));
      assertSame([y, softmax(x), log(add(exp(x), column))]);
    }
  });

  test(`a layer and its gradients in wide vectors of ${dtype}`, () => {
    new Graph({ dtype }).asDefault();
    const draw = random(3);
    const X = new Variable(draw.uniform([130, 150]));
    const W = new Variable(draw.normal([150, 70]));
    const b = new Variable(draw.normal([70]));
    const J = reduceSum(sigmoid(matmul(X, W).add(b)));
    const slopes = computeGradients(J, [W, b]);
    assertSame([J, slopes.get(W)!, slopes.get(b)!]);
  });
}

/** Values with which instructions go wrong first. */
const special = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.5,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  1e-40,
  3e38,
  -1e300,
  709,
  -745,
];

const unary: readonly ((x: Node) => Node)[] = [
  abs,
  exp,
  expm1,
  floor,
  isNaN,
  log,
  log1p,
  negative,
  relu,
  round,
  sigmoid,
  sign,
  softplus,
  sqrt,
  square,
  tanh,
];
const binary: readonly ((x: Node, y: Node) => Node)[] = [
  add,
  subtract,
  multiply,
  divide,
  maximum,
  minimum,
  greater,
  equal,
  (x, y) => where(less(x, y), x, y),
  (x, y) => where(isNaN(x), y, negative(x)),
];

function numbers(seed: number, count: number, dtype: "float32" | "float64"): Variable {
  const { data } = random(seed).normal([count], { std: 3 });
  const mixed = data.map((x, i) => (i % 7 === 0 ? special[(i / 7) % special.length] : x));
  return new Variable(new Tensor(dtype === "float32" ? Float32Array.from(mixed) : mixed, [count]));
}

for (const dtype of ["float32", "float64"] as const) {
  for (const count of [3000, 3003]) {
    test(`every op in wide vectors of ${dtype}, also of operands that are read again, ${count} numbers`, () => {
      new Graph({ dtype }).asDefault();
      const [x, y] = [numbers(1, count, dtype), numbers(2, count, dtype)];
      const square100 = new Variable(random(3).normal([100, 100]));
      // Enough work for wide vectors.
      const heavy = matmul(square100, square100);
      const sum = add(x, y);
      const own = (node: Node): Node => cast(node, { dtype });
      for (const op of unary) {
        assertSame([heavy, own(op(x))], [alone, cut]);
        const again = [add(own(op(x)), x), own(op(subtract(x, y))), multiply(sum, own(op(sum)))];
        assertSame([heavy, ...again], [alone, cut]);
      }
      for (const op of binary) {
        assertSame([heavy, own(op(x, y))], [alone, cut]);
        assertSame([heavy, add(own(op(x, y)), x), own(op(y, sum)), own(op(sum, x))], [alone, cut]);
      }
    });
  }
}

test("where the engine can join vectors it does, and says so when asked", () => {
  if (wideCompiler() === undefined) {
    assert.equal(wideHere(), undefined);
    return;
  }
  const library = new URL("../../../lib/index.js", import.meta.url).href;
  const program = `
    const g = await import(${JSON.stringify(library)});
    (await import("node:v8")).setFlagsFromString("--trace-wasm-revectorize");
    new g.Graph({ dtype: "float32" }).asDefault();
    const W = new g.Variable(g.random(1).uniform([200, 200]));
    new g.Session({ backend: "wasm" }).run(g.matmul(W, W));`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", program],
    { encoding: "utf8", timeout: 120_000 },
  );
  assert.equal(status, 0, stderr);
  if (wideHere() !== undefined) assert.match(stdout, /revec/i);
});
