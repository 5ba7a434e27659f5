/** Origin law: whatever a call of the library makes, in however many functions of its own, belongs to the line of the call. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  AdamOptimizer,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  computeGradients,
  exp,
  Graph,
  hessianVectorProduct,
  jacobian,
  nn,
  placeholder,
  reduceSum,
  relu,
  softmax,
  square,
  Variable,
  type Node,
} from "../../lib/index.ts";
import { allCases, allComposed, apply, build, type Case } from "./samples.ts";

const OWN = /laws\/(origins|samples)\.[^/]+$/;

function assertAllHere(graph: { readonly nodes: readonly Node[] }): void {
  for (const node of graph.nodes) assert.match(node.origin.place, OWN, node.toString());
}

/** The call as a method, from a function that a function calls. */
function asMethod({ op, attrs }: Case, [x, ...rest]: readonly Node[]): void {
  const method = (x as unknown as Record<string, unknown>)[op.name];
  if (typeof method === "function") Reflect.apply(method, x, [...rest, attrs]);
}

describe("origin law: the line of the call", () => {
  for (const law of [...allCases, ...allComposed]) {
    test(law.title, () => {
      const { xs, y } = build(law);
      asMethod(law, xs);
      apply(law, xs);
      assertAllHere(y.graph);
    });
  }

  test("functions that are made of ops", () => {
    new Graph({ seed: 1 }).asDefault();
    const x = placeholder({ shape: [2, 3] });
    const w = new Variable([1, 2]);
    clipByGlobalNorm([clipByNorm(x, 1), clipByValue(x, 1)], 1);
    jacobian(exp(x), x);
    hessianVectorProduct(reduceSum(exp(x)), [x], [x]);
    w.assignAdd([1, 1]);
    new AdamOptimizer({ learningRate: 0.1, clipGlobalNorm: 1 }).minimize(reduceSum(square(w)));
    nn.sequential(
      nn.sequential(nn.sequential(relu, nn.flatten), (z) => z.exp()),
      softmax,
    )(x);
    assertAllHere(x.graph);
  });

  test("layers, and gradients of what they make", () => {
    new Graph({ seed: 1 }).asDefault();
    const x = placeholder({ shape: [2, 8, 8, 1] });
    const net = nn.sequential(nn.conv2d(2, { size: 3 }), nn.sequential(nn.flatten), nn.dense(3));
    const y = reduceSum(net(x));
    computeGradients(y);
    assertAllHere(y.graph);
  });
});
