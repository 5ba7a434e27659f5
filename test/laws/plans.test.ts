/** Differential law: on random graphs a plan computes what the nodes, one by one and without a plan, compute. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Shared, type Buffer } from "../../lib/backend/backend.ts";
import { reference } from "../../lib/backend/reference.ts";
import { random } from "../../lib/core/random.ts";
import { Tensor } from "../../lib/core/tensor.ts";
import { Constant } from "../../lib/graph/build.ts";
import { topologicalOrder } from "../../lib/graph/node.ts";
import {
  add,
  checkGradients,
  computeGradients,
  exp,
  Graph,
  log,
  matmul,
  multiply,
  Placeholder,
  placeholder,
  reduceSum,
  reshape,
  Session,
  sigmoid,
  softmax,
  subtract,
  tanh,
  transpose,
  Variable,
  type Node,
} from "../../lib/index.ts";

type Pick = <T>(items: readonly T[]) => T;

/** Every step takes earlier nodes, often the same one twice, and keeps the shape [3, 3]. */
const steps: readonly ((pick: () => Node) => Node)[] = [
  (pick) => add(pick(), pick()),
  (pick) => multiply(pick(), sigmoid(pick())),
  (pick) => subtract(pick(), multiply(0.5, pick())),
  (pick) => multiply(0.2, matmul(pick(), pick())),
  (pick) => matmul(softmax(pick()), tanh(pick())),
  (pick) => transpose(pick()),
  (pick) => add(pick(), reduceSum(tanh(pick()), { axis: 0 })),
  (pick) =>
    multiply(tanh(pick()), reduceSum(softmax(pick(), { axis: 0 }), { axis: 1, keepDims: true })),
  (pick) => multiply(0.1, log(softmax(pick()))),
  (pick) => reshape(reshape(pick(), { shape: [9] }), { shape: [3, 3] }),
  (pick) => exp(multiply(0.1, tanh(pick()))),
];

interface RandomGraph {
  readonly W: Variable;
  readonly x: Placeholder;
  readonly value: Tensor;
  readonly nodes: readonly Node[];
  readonly pick: Pick;
}

function grow(seed: number, open: boolean): RandomGraph {
  new Graph().asDefault();
  const stream = random(seed);
  const pick: Pick = (items) => items[Math.floor(stream.uniform().item() * items.length)];
  const W = new Variable(stream.normal([3, 3]));
  const x = open ? placeholder() : placeholder({ shape: [3, 3] });
  const value = stream.normal([3, 3]);
  const nodes: Node[] = [W, x];
  for (let i = 0; i < 12; i++) nodes.push(pick(steps)(() => pick(nodes.slice(-5))));
  return { W, x, value, nodes, pick };
}

/** Each node's kernel on the reference backend with buffers of its own; no order planned, nothing reused or replaced. */
function unplanned(fetch: readonly Node[], x: Placeholder, value: Tensor): Tensor[] {
  const buffers = new Map<Node, Buffer>();
  for (const node of topologicalOrder(fetch)) {
    if (node instanceof Constant) buffers.set(node, node.value);
    else if (node instanceof Variable) buffers.set(node, node.value);
    else if (node === x) buffers.set(node, value);
    else
      buffers.set(
        node,
        alone(
          node,
          node.inputs.map((input) => buffers.get(input)!),
        ),
      );
  }
  return fetch.map((node) => new Tensor(buffers.get(node)!.data, buffers.get(node)!.shape));
}

function alone({ op, attrs, dtype }: Node, inputs: readonly Buffer[]): Buffer {
  const shape = op.shape(
    inputs.map((input) => input.shape),
    attrs,
  ) as number[];
  if (op.kernel === undefined) return { shape, dtype, data: inputs[0].data.slice() };
  const out = reference.alloc(shape, dtype);
  op.kernel(reference, inputs, out, attrs, new Shared())();
  return out;
}

function assertClose(got: readonly Tensor[], wanted: readonly Tensor[], what: string): void {
  for (const [i, { data, shape }] of got.entries()) {
    assert.deepEqual(shape, wanted[i].shape, what);
    // Dozens of operations deep, each a rounding of 1e-16 away from the other order of summation.
    for (const [j, y] of wanted[i].data.entries()) {
      assert.ok(
        Math.abs(data[j] - y) <= 1e-11 * Math.max(1, Math.abs(y)),
        `${what}: ${data[j]}, ${y}`,
      );
    }
  }
}

describe("differential law: planned = unplanned, on random graphs", () => {
  for (let seed = 1; seed <= 40; seed++) {
    test(`seed ${seed}: values and gradients`, () => {
      const { W, x, value, nodes, pick } = grow(seed, seed % 2 === 0);
      const loss = reduceSum(add(nodes.at(-1)!, add(multiply(W, 0.1), x)));
      const gradients = computeGradients(loss);
      const fetch = [loss, pick(nodes), pick(nodes), gradients.get(W)!, gradients.get(x)!];
      const wanted = unplanned(fetch, x, value);
      for (const backend of ["wasm", "javascript", "reference"] as const) {
        const session = new Session({ backend });
        for (const turn of [1, 2]) {
          assertClose(
            session.run(fetch, [[x, value]]),
            wanted,
            `seed ${seed}, ${backend}, run ${turn}`,
          );
        }
      }
    });
  }

  for (let seed = 41; seed <= 50; seed++) {
    test(`seed ${seed}: gradients are what finite differences say`, () => {
      const { W, x, value, nodes } = grow(seed, true);
      const loss = reduceSum(add(tanh(nodes.at(-1)!), add(multiply(W, 0.1), x)));
      const check = checkGradients(loss, [[x, value]], { xs: [W, x], entries: 4, tolerance: 1e-6 });
      assert.ok(check.ok, String(check));
    });
  }
});
