/** Law: the parts of a phase may be computed in any order, one wholly before the other. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fusedHere, wideCompiler } from "../../../../lib/backend/told.ts";
import { Machine } from "../../../../lib/backend/wasm/machine.ts";
import { canWait, type Job, type Take } from "../../../../lib/backend/wasm/pool.ts";
import type { Data } from "../../../../lib/core/dtype.ts";
import { random } from "../../../../lib/core/random.ts";
import {
  add,
  computeGradients,
  GradientDescentOptimizer,
  Graph,
  greater,
  log,
  matmul,
  multiply,
  negative,
  placeholder,
  reduceMax,
  reduceSum,
  reshape,
  Session,
  sigmoid,
  softmax,
  subtract,
  tanh,
  transpose,
  Variable,
  where,
  type Node,
} from "../../../../lib/index.ts";
import { compiled, computed, inParts } from "../plans.ts";

type Order = "forwards" | "backwards";

/** A machine whose threads are this one: it computes a phase part by part, in a given order. */
class Ordered extends Machine {
  readonly #order: Order;
  phases = 0;

  constructor(order: Order, count: number) {
    super(inParts(count), { fused: fusedHere(), wide: wideCompiler });
    this.#order = order;
  }

  override share({ parts }: Job, part: (index: number) => void, take?: Take): void {
    this.phases += 1;
    for (let i = 0; i < parts; i++) part(this.#order === "forwards" ? i : parts - 1 - i);
    for (let i = 0; i < parts; i += 5) take?.(i, Math.min(i + 5, parts));
  }
}

function assertNear(found: readonly Data[], wanted: readonly Data[], tolerance: number): void {
  for (const [i, data] of wanted.entries()) {
    assert.equal(found[i].length, data.length);
    const largest = Math.max(1, ...Array.from(data, Math.abs));
    for (const [j, y] of data.entries()) {
      const got = found[i][j];
      assert.ok(Math.abs(got - y) <= tolerance * largest, `value ${i}, ${j}: ${got}, not ${y}`);
    }
  }
}

const orders: readonly (readonly [Order, number])[] = [
  ["forwards", 2],
  ["backwards", 2],
  ["forwards", 3],
  ["backwards", 8],
];

function assertAnyOrder(fetches: readonly Node[], tolerance: number): void {
  const wanted = computed(fetches, new Machine());
  for (const [order, count] of orders) {
    const machine = new Ordered(order, count);
    assertNear(computed(fetches, machine), wanted, tolerance);
    assert.ok(machine.phases > 0, "nothing was shared");
  }
}

/** Steps from matrices of one shape to another of it, with what rows, columns and all of them have in common. */
const steps: readonly ((pick: () => Node, square: Node, bias: Node) => Node)[] = [
  (pick) => add(pick(), multiply(pick(), 0.5)),
  (pick) => multiply(tanh(pick()), sigmoid(pick())),
  (pick, square) => multiply(0.1, matmul(pick(), square)),
  (pick, square) => multiply(0.1, matmul(pick(), transpose(square))),
  (pick) => multiply(0.01, matmul(pick(), matmul(transpose(pick()), pick()))),
  (pick, _square, bias) => add(pick(), bias),
  (pick) => softmax(pick()),
  (pick) => softmax(pick(), { axis: 0 }),
  (pick) => subtract(pick(), reduceMax(pick(), { axis: 1, keepDims: true })),
  (pick) => multiply(0.1, add(pick(), reduceSum(tanh(pick()), { axis: 0 }))),
  (pick) => where(greater(pick(), 0.1), pick(), negative(pick())),
  (pick) => log(add(1.5, tanh(pick()))),
];

function grow(
  seed: number,
  [rows, columns]: readonly [number, number],
  dtype: "float32" | "float64",
): readonly Node[] {
  new Graph({ dtype }).asDefault();
  const draw = random(seed);
  const pick = <T>(items: readonly T[]): T =>
    items[Math.floor(draw.uniform().item() * items.length)];
  const X = new Variable(draw.normal([rows, columns]));
  const square = new Variable(draw.normal([columns, columns]));
  const bias = new Variable(draw.normal([columns]));
  const nodes: Node[] = [X, tanh(add(matmul(X, square), bias))];
  for (let i = 0; i < 9; i++) nodes.push(pick(steps)(() => pick(nodes.slice(-4)), square, bias));
  const loss = reduceSum(multiply(tanh(nodes.at(-1)!), add(nodes.at(-2)!, nodes[1])));
  const slopes = computeGradients(loss, [X, square, bias]);
  // Large enough for wide vectors.
  const large = new Variable(draw.normal([100, 100]));
  const flat = reshape(nodes.at(-1)!, { shape: [rows * columns] });
  return [
    loss,
    multiply(flat, 2),
    matmul(large, large),
    ...[X, square, bias].map((x) => slopes.get(x)!),
  ];
}

const shapes: readonly (readonly [number, number])[] = [
  [32, 16],
  [40, 24],
  [33, 7],
  [64, 10],
  [100, 3],
  [17, 65],
];

describe("parts of phases in any order", { skip: !canWait() }, () => {
  for (const [i, shape] of shapes.entries()) {
    for (const dtype of ["float32", "float64"] as const) {
      for (let seed = 1; seed <= 6; seed++) {
        test(`[${shape.join(", ")}], ${dtype}, seed ${seed}`, () => {
          // A dozen operations deep, each rounded.
          assertAnyOrder(grow(100 * i + seed, shape, dtype), dtype === "float32" ? 1e-3 : 1e-11);
        });
      }
    }
  }

  for (const dtype of ["float32", "float64"] as const) {
    test(`a net in training, ${dtype}: a step is two phases`, () => {
      new Graph({ dtype }).asDefault();
      const draw = random(5);
      const [X, c] = [new Variable(draw.uniform([64, 48])), new Variable(draw.uniform([64, 10]))];
      const [W, V] = [new Variable(draw.normal([48, 32])), new Variable(draw.normal([32, 10]))];
      const [b, d] = [new Variable(draw.normal([32])), new Variable(draw.normal([10]))];
      const p = softmax(sigmoid(X.matmul(W).add(b)).matmul(V).add(d));
      const J = negative(reduceSum(reduceSum(multiply(c, log(p)), { axis: 1 })));
      const train = new GradientDescentOptimizer({ learningRate: 0.01 });
      const fetches = [J, ...computeGradients(J, [W, b, V, d]).values()];
      assertAnyOrder(fetches, dtype === "float64" ? 1e-12 : 1e-5);
      const machine = new Ordered("backwards", 2);
      const step = compiled([train.minimize(J, { variables: [W, b, V, d] })], machine);
      step.run(new Map());
      const shared = step.program.phases.filter(({ parts }) => parts > 1);
      assert.equal(shared.length, 2);
      assert.equal(machine.phases, 2);
    });
  }
});

test("a graph too small to be shared is computed by one thread, and none is started", () => {
  new Graph().asDefault();
  let started = 0;
  const spawn = () => {
    started += 1;
    return { terminate: () => undefined };
  };
  const x = new Variable(random(1).normal([8, 8]));
  const plan = compiled([tanh(matmul(x, x))], new Machine({ count: 2, spawn }));
  plan.run(new Map());
  assert.equal(plan.program.phases.length, 1);
  assert.equal(started, 0);
});

test("a session gives the same with threads and without, for batches of every size", () => {
  new Graph({ dtype: "float32" }).asDefault();
  const draw = random(9);
  const X = placeholder({ shape: [null, 300] });
  const W = new Variable(draw.normal([300, 200]));
  const y = softmax(sigmoid(X.matmul(W)));
  const slope = computeGradients(reduceSum(log(y)), [W]).get(W)!;
  const [wasm, javascript] = [
    new Session({ backend: "wasm" }),
    new Session({ backend: "javascript" }),
  ];
  for (const rows of [1, 2, 15, 16, 17, 50, 131]) {
    const feeds = [[X, draw.uniform([rows, 300])]] as const;
    const [found, wanted] = [wasm, javascript].map((session) =>
      session.run([y, slope], feeds).map(({ data }) => data),
    );
    assertNear(found, wanted, 1e-4);
  }
});
