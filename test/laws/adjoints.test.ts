/** Adjoint law: ⟨A x, y⟩ = ⟨x, Aᵀ y⟩ for ops that are linear in an input. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { random } from "../../lib/core/random.ts";
import { Tensor } from "../../lib/core/tensor.ts";
import { computeGradients, constant, Graph, Session, Variable } from "../../lib/index.ts";
import type { AnyOp } from "../../lib/graph/op.ts";
import { allCases, apply, ruledShape, type Case } from "./samples.ts";

/** The inputs in which each op is linear, the others held. */
const linear: Readonly<Record<string, readonly number[]>> = {
  negative: [0],
  multiply: [0, 1],
  matmul: [0, 1],
  matmulAdjointA: [0, 1],
  matmulAdjointB: [0, 1],
  reduceSum: [0],
  repeatLike: [0],
  broadcastLike: [0],
  sumLike: [0],
  transpose: [0],
  reshape: [0],
  reshapeLike: [0],
};

function inner(a: Tensor, b: Tensor): number {
  return Array.from<number>(a.data).reduce((sum, x, i) => sum + x * b.data[i], 0);
}

function checkAdjoint(law: Case<AnyOp>, position: number, seed: number): void {
  new Graph().asDefault();
  const stream = random(seed);
  const values = law.shapes.map((shape) => stream.normal(shape));
  const nodes = values.map((value, i) => (i === position ? new Variable(value) : constant(value)));
  const output = apply(law, nodes);
  const y = stream.normal(ruledShape(law.op, law.shapes, law.attrs));
  const back = computeGradients(output, [nodes[position]], { gradYs: y }).get(nodes[position])!;
  const [ax, aty] = new Session().run([output, back]);
  const [left, right] = [inner(ax, y), inner(values[position], aty)];
  assert.ok(Math.abs(left - right) <= 1e-12 * Math.max(1, Math.abs(left)), `${left} and ${right}`);
}

describe("adjoint law: ⟨A x, y⟩ = ⟨x, Aᵀ y⟩", () => {
  for (const law of allCases) {
    for (const position of linear[law.op.name] ?? []) {
      test(`${law.title}, in ${law.op.inputs[position]}`, () => {
        for (const seed of [1, 2, 3]) checkAdjoint(law, position, seed);
      });
    }
  }
});
