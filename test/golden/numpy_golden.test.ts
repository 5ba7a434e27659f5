/** Numbers computed elsewhere: NumPy's training curves, values and gradients, and printed arrays. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Tensor, type TensorLike } from "../../lib/core/tensor.ts";
import * as gradbook from "../../lib/index.ts";
import type { Node, Variable } from "../../lib/index.ts";
import { allOps } from "../laws/samples.ts";

interface Training {
  readonly points: number[][];
  readonly labels: number[][];
  readonly rate: number;
  readonly start: TensorLike[];
  readonly losses: number[];
  readonly end: TensorLike[];
}

interface OpCase {
  readonly op: string;
  readonly attrs: object;
  readonly inputs: TensorLike[];
  readonly output: TensorLike;
  readonly g: TensorLike;
  readonly gradients: TensorLike[];
}

interface Golden {
  readonly perceptron: Training;
  readonly xor: Training;
  readonly ops: OpCase[];
  readonly printed: { data: (number | string)[]; shape: number[]; text: string }[];
}

const source = new URL("../../../test/golden/numpy_golden.json", import.meta.url);
const golden = JSON.parse(readFileSync(source, "utf8")) as Golden;

/** JSON has no NaN and no infinity: the script writes them as text. */
function parse(value: number | string): number {
  return value === "inf" ? Infinity : Number(value);
}

function assertClose(got: Tensor, wanted: TensorLike, rtol: number, what: string): void {
  const expected = gradbook.tensor(wanted);
  assert.deepEqual(got.shape, expected.shape, what);
  for (let i = 0; i < got.size; i++) {
    const [x, y] = [got.data[i], expected.data[i]];
    const close = Math.abs(x - y) <= rtol * Math.max(Math.abs(y), 1e-3);
    assert.ok(close, `${what}: number ${i} is ${x}, NumPy has ${y}`);
  }
}

const { add, log, matmul, multiply, negative, reduceSum, sigmoid, softmax } = gradbook;

function affine(x: Node, w: Variable, b: Variable): Node {
  return add(matmul(x, w), b);
}

/** Trains as the course does, and compares the loss of every step and the last values. */
function follow(run: Training, layers: number, backend: gradbook.BackendName): void {
  new gradbook.Graph().asDefault();
  const [X, c] = [gradbook.placeholder(), gradbook.placeholder()];
  const variables = run.start.map((value) => new gradbook.Variable(value));
  const hidden = layers === 2 ? sigmoid(affine(X, variables[0], variables[1])) : X;
  const p = softmax(affine(hidden, variables.at(-2)!, variables.at(-1)!));
  const J = negative(reduceSum(reduceSum(multiply(c, log(p)), { axis: 1 })));
  const train = new gradbook.GradientDescentOptimizer({ learningRate: run.rate }).minimize(J);
  const session = new gradbook.Session({ backend });
  const feeds = [
    [X, run.points],
    [c, run.labels],
  ] as const;
  const losses = run.losses.map(() => session.run([J, train], feeds)[0].item());
  // Rounding differs in the last place: sums are added in another order, softmax subtracts the maximum.
  assertClose(gradbook.tensor(losses), run.losses, 1e-12, "loss");
  for (const [i, variable] of variables.entries()) {
    assertClose(variable.value, run.end[i], 1e-12, `variable ${i}`);
  }
}

describe("golden numbers", () => {
  test("perceptron: 100 losses as NumPy has them, to 12 digits", () => {
    follow(golden.perceptron, 1, "javascript");
    follow(golden.perceptron, 1, "reference");
  });

  test("XOR net: 1000 losses as NumPy has them, to 12 digits", () => {
    follow(golden.xor, 2, "javascript");
  });

  for (const { op: name, attrs, inputs, output, g, gradients } of golden.ops) {
    test(`${name} ${JSON.stringify(attrs)} of ${inputs.map((x) => `[${gradbook.tensor(x).shape.join(", ")}]`).join(" ")}`, () => {
      new gradbook.Graph().asDefault();
      const xs = inputs.map((x) => new gradbook.Variable(x));
      const op = allOps.find((each) => each.name === name) as unknown as (
        ...args: unknown[]
      ) => Node;
      const y = op(...xs, attrs);
      const back = gradbook.computeGradients(y, xs, { gradYs: g });
      const session = new gradbook.Session();
      assertClose(session.run(y), output, 1e-13, "value");
      for (const [i, x] of xs.entries()) {
        assertClose(session.run(back.get(x)!), gradients[i], 1e-13, `gradient ${i}`);
      }
    });
  }

  for (const { data, shape, text } of golden.printed) {
    test(`an array of shape [${shape.join(", ")}] prints as NumPy’s: ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.equal(String(new Tensor(Float64Array.from(data, parse), shape)), text);
    });
  }
});
