/** Ten small networks of the kinds that people train, step by step as PyTorch trains them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import * as g from "../../lib/index.ts";
import type { Node, Optimizer, TensorLike, Variable } from "../../lib/index.ts";

interface Case {
  readonly name: keyof typeof networks;
  readonly inputs: TensorLike;
  readonly targets: TensorLike;
  readonly start: readonly TensorLike[];
  readonly optimizer: string;
  readonly options: object;
  readonly losses: readonly number[];
  readonly end: readonly TensorLike[];
}

const { add, matmul, reshape, softmaxCrossEntropy } = g;

function affine(x: Node, W: Node, b: Node): Node {
  return add(matmul(x, W), b);
}

function flat(x: Node, width: number): Node {
  return reshape(x, { shape: [-1, width] });
}

/** The networks of networks_golden.py, by its names. */
const networks = {
  logistic: (x: Node, y: Node, [W, b]: readonly Variable[]) =>
    g.sigmoidCrossEntropy(affine(x, W, b), y),
  robust: (x: Node, y: Node, [W, b]: readonly Variable[]) =>
    g.huber(affine(x, W, b), y, { delta: 0.5 }),
  tanhNet: (x: Node, y: Node, [W, b, V, c]: readonly Variable[]) =>
    softmaxCrossEntropy(affine(g.tanh(affine(x, W, b)), V, c), y),
  reluNet: (x: Node, y: Node, [W, b, V, c]: readonly Variable[]) =>
    softmaxCrossEntropy(affine(g.relu(affine(x, W, b)), V, c), y),
  geluNet: (x: Node, y: Node, [W, gamma, beta, V]: readonly Variable[]) =>
    softmaxCrossEntropy(matmul(g.layerNorm(g.gelu(matmul(x, W)), { gamma, beta }), V), y),
  normedNet: (
    x: Node,
    y: Node,
    [W, gamma, beta, V, runningMean, runningVariance]: readonly Variable[],
  ) => {
    const options = { training: true, gamma, beta, runningMean, runningVariance };
    return softmaxCrossEntropy(matmul(g.silu(g.batchNorm(matmul(x, W), options)), V), y);
  },
  digitNet: (x: Node, y: Node, [K, b, V]: readonly Variable[]) => {
    const hidden = g.relu(add(g.conv2d(x, K, { padding: "same" }), b));
    return softmaxCrossEntropy(matmul(flat(g.maxPool(hidden, { size: 2 }), 36), V), y);
  },
  stridedNet: (x: Node, y: Node, [K, L, V]: readonly Variable[]) => {
    const hidden = g.tanh(g.conv2d(x, K, { strides: 2 }));
    const pooled = g.avgPool(g.conv2d(hidden, L, { dilation: 2, padding: 2 }), { size: 2 });
    return softmaxCrossEntropy(matmul(flat(pooled, 8), V), y);
  },
  autoencoder: (x: Node, y: Node, [W, V]: readonly Variable[]) =>
    g.meanSquaredError(matmul(g.elu(matmul(x, W)), V), y),
  attention: (x: Node, y: Node, [Q, K, V, gamma, beta, O]: readonly Variable[]) => {
    const scores = g.einsum("nid,njd->nij", matmul(x, Q), matmul(x, K)).multiply(0.5);
    const mixed = add(x, matmul(g.softmax(scores), matmul(x, V)));
    const pooled = g.reduceMean(g.layerNorm(mixed, { gamma, beta }), { axis: 1 });
    return softmaxCrossEntropy(matmul(pooled, O), y);
  },
};

const source = new URL("../../../test/golden/networks_golden.json", import.meta.url);
const cases = JSON.parse(readFileSync(source, "utf8")) as readonly Case[];

interface Trained {
  readonly losses: readonly number[];
  readonly end: readonly g.Tensor[];
}

function train(run: Case, backend: g.BackendName): Trained {
  new g.Graph().asDefault();
  // Class numbers are a list, one-hot rows and numbers to be met are lists of lists.
  const isSparse = g.tensor(run.targets).rank === 1;
  const variables = run.start.map((value) => new g.Variable(value));
  const x = g.constant(run.inputs);
  const y = g.constant(run.targets, { dtype: isSparse ? "int32" : "float64" });
  // Running statistics are moved by the updates of batchNorm.
  const trained = run.name === "normedNet" ? variables.slice(0, -2) : variables;
  const loss = networks[run.name](x, y, variables);
  const Kind = g[run.optimizer as "AdamOptimizer"] as unknown as new (options: object) => Optimizer;
  const step = new Kind(run.options).minimize(loss, { variables: trained });
  const session = new g.Session({ backend });
  const losses = run.losses.map(() => +session.run([loss, step])[0]);
  return { losses, end: variables.map(({ value }) => value) };
}

describe("small networks", () => {
  test("there are ten", () => {
    assert.deepEqual(
      cases.map(({ name }) => name),
      Object.keys(networks),
    );
    assert.equal(cases.length, 10);
  });

  for (const run of cases) {
    test(`${run.name} learns as in PyTorch, to twelve digits`, () => {
      const { losses, end } = train(run, "javascript");
      // The script has checked that rounding explains at most a tenth of this tolerance.
      for (const [i, wanted] of run.losses.entries()) {
        const far = Math.abs(losses[i] - wanted) / Math.abs(wanted);
        assert.ok(far <= 1e-12, `loss ${i} is ${losses[i]}, PyTorch has ${wanted}`);
      }
      for (const [i, value] of run.end.entries()) {
        const { data } = g.tensor(value);
        const largest = Math.max(...Array.from<number>(data).map(Math.abs));
        const far = Array.from<number>(data).map((w, k) => Math.abs(end[i].data[k] - w) / largest);
        assert.ok(Math.max(...far) <= 1e-12, `variable ${i} is ${Math.max(...far)} away`);
      }
    });
  }
});
