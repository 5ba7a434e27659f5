/** Gradient law: for every op and sample, the vjp is what finite differences say, in orders 1 and 2. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { random } from "../../lib/core/random.ts";
import { Tensor } from "../../lib/core/tensor.ts";
import {
  checkGradients,
  Graph,
  multiply,
  placeholder,
  reduceSum,
  type Node,
} from "../../lib/index.ts";
import { allCases, dtypesOf, inputsOf, type Case } from "./samples.ts";

const differentiable = allCases.filter(({ op }) => op.vjp !== "none");

/** Inputs that a gradient passes to: all but conditions and the ones that only lend their shape. */
function moving({ op }: Case): readonly number[] {
  const still = new Set(["condition", "like", "a of matmulAdjointA", "b of matmulAdjointB"]);
  return op.inputs.flatMap((name, i) =>
    still.has(name) || still.has(`${name} of ${op.name}`) ? [] : [i],
  );
}

describe("gradient law: vjp = finite differences, orders 1 and 2", () => {
  for (const law of differentiable) {
    test(law.title, () => {
      new Graph().asDefault();
      const dtypes = dtypesOf(law);
      const values = inputsOf(law, dtypes);
      const xs = values.map(({ dtype }, i) => placeholder({ name: law.op.inputs[i], dtype }));
      const y = (law.op as unknown as (...args: unknown[]) => Node)(...xs, law.attrs);
      const weights = random(7).uniform([64]).data;
      const out = law.op.shape(law.shapes, law.attrs) as number[];
      const size = out.reduce((a, b) => a * b, 1);
      // Squared, so that the second derivative of a linear op is not just 0.
      const weighted = multiply(multiply(y, y), new Tensor(weights.slice(0, size), out));
      const feeds = xs.map((x, i) => [x, new Tensor(values[i].data, values[i].shape)] as const);
      const check = checkGradients(reduceSum(weighted), feeds, {
        order: 2,
        xs: moving(law).map((i) => xs[i]),
        tolerance: 1e-7,
      });
      assert.ok(check.rows.length > 0);
      assert.ok(check.ok, check.toString());
    });
  }
});
