/** Gradient law: for every op and sample, the vjp is what finite differences say, in orders 1 and 2. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { random } from "../../lib/core/random.ts";
import { sizeOf } from "../../lib/core/shape.ts";
import { Tensor } from "../../lib/core/tensor.ts";
import { checkGradients, multiply, reduceSum, Session } from "../../lib/index.ts";
import { allCases, allComposed, build, dtypesOf, has, type Case } from "./samples.ts";

const differentiable: readonly Case[] = [
  ...allCases.filter(({ op }) => op.vjp !== "none"),
  ...allComposed.filter((law) => !has(law, "no gradient") && !has(law, "random")),
];

/** Inputs that a gradient passes to: all but integers, labels, conditions and those that only lend their shape. */
function moving(law: Case): readonly number[] {
  const { op, shapes } = law;
  const dtypes = dtypesOf(law);
  const still = new Set(["like", "labels", "a of matmulAdjointA", "b of matmulAdjointB"]);
  return shapes.flatMap((_, i) => {
    const name = op.inputs[i] ?? "";
    const isStill = still.has(name) || still.has(`${name} of ${op.name}`);
    return isStill || dtypes[i] !== "float64" ? [] : [i];
  });
}

describe("gradient law: vjp = finite differences, orders 1 and 2", () => {
  for (const law of differentiable) {
    test(law.title, () => {
      const { xs, y, feeds } = build(law);
      const out = new Session().run(y, feeds).shape;
      const weights = random(7).uniform([256]).data.slice(0, sizeOf(out));
      // Squared, so that the second derivative of a linear op is not just 0.
      const weighted = multiply(multiply(y, y), new Tensor(weights, out));
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
