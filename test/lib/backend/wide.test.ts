import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { compilerHere, wideHere } from "../../../lib/backend/wide.ts";
import { engine, type CompileWide } from "../../../lib/backend/wasm/engine.ts";
import { Machine } from "../../../lib/backend/wasm/machine.ts";
import { threadsHere } from "../../../lib/backend/threads.ts";
import type { Data } from "../../../lib/core/dtype.ts";
import { random } from "../../../lib/core/random.ts";
import {
  add,
  computeGradients,
  exp,
  Graph,
  log,
  matmul,
  multiply,
  type Node,
  reduceSum,
  sigmoid,
  softmax,
  subtract,
  tanh,
  Variable,
} from "../../../lib/index.ts";
import { Compiled } from "../../../lib/session/compiled.ts";
import { tasksOf } from "../../../lib/session/tasks.ts";

/** The engine's own, or where it has none the plain one: then the larger tiles are made of small vectors. */
const compile: CompileWide = compilerHere() ?? ((bytes) => new engine!.Module(bytes));

function computed(fetches: readonly Node[], machine: Machine): readonly Data[] {
  const compiled = new Compiled(fetches, tasksOf(fetches), () => [], machine);
  return compiled.run(new Map(), (buffers) => buffers.map(({ data }) => data.slice()));
}

/** Whether both kinds of vectors give the same, bit by bit; threads take part. */
function assertSame(fetches: readonly Node[]): void {
  let asked = 0;
  const wide = new Machine(threadsHere(), () => {
    asked += 1;
    return compile;
  });
  const found = computed(fetches, wide);
  assert.ok(asked > 0, "the plan is too small for wide vectors");
  assert.deepEqual(found, computed(fetches, new Machine()));
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

test("where the engine can join vectors it does, and says so when asked", () => {
  if (compilerHere() === undefined) {
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
