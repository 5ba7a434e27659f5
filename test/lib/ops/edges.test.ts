/** Values and gradients where formulas meet 0, NaN, infinity and nothing at all. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  abs,
  all,
  any,
  argMax,
  argMin,
  cast,
  clip,
  computeGradients,
  constant,
  cumulativeSum,
  elu,
  equal,
  erf,
  exclusiveProduct,
  expm1,
  fill,
  floor,
  gelu,
  Graph,
  greaterEqual,
  group,
  leakyRelu,
  lessEqual,
  linspace,
  log1p,
  maximum,
  minimum,
  mod,
  multiply,
  notEqual,
  power,
  range,
  reduceLogSumExp,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceSum,
  reduceVariance,
  reshape,
  round,
  rsqrt,
  Session,
  sigmoid,
  sign,
  silu,
  slice,
  softplus,
  sqrt,
  square,
  topK,
  unstack,
  Variable,
  where,
  type Node,
} from "../../../lib/index.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

function numbers(node: Node): number[] {
  return Array.from<number>(new Session().run(node).data);
}

/** The gradient of Σ f(x) at each x. */
function slopes(f: (x: Node) => Node, at: readonly number[]): number[] {
  new Graph().asDefault();
  const x = new Variable(at);
  return numbers(computeGradients(reduceSum(f(x)), [x]).get(x)!);
}

const values: readonly (readonly [string, () => Node, readonly number[]])[] = [
  ["power", () => power([0, 0, -8, 2, nan], [0, -1, 1 / 3, inf, 0]), [1, inf, nan, inf, 1]],
  ["power of one", () => power([1, 1, -1, -1, -1], [nan, -inf, inf, -inf, nan]), [1, 1, 1, 1, nan]],
  ["sqrt", () => sqrt([-1, -0, inf]), [nan, -0, inf]],
  ["rsqrt", () => rsqrt([0, inf, -1]), [inf, 0, nan]],
  ["abs", () => abs([-0, -inf, nan]), [0, inf, nan]],
  ["sign", () => sign([-2, 0, nan]), [-1, 0, nan]],
  ["maximum", () => maximum([nan, 1, -inf], [1, nan, 0]), [nan, nan, 0]],
  ["minimum", () => minimum([nan, 1, inf], [1, nan, 0]), [nan, nan, 0]],
  ["clip", () => clip([-inf, nan, 3], { min: -1, max: 1 }), [-1, nan, 1]],
  ["floor", () => floor([-0.5, 1.9, -inf, nan]), [-1, 1, -inf, nan]],
  ["round", () => round([2.5, 3.5, -0.4, inf]), [2, 4, -0, inf]],
  ["mod", () => mod([5, -5, 5, 1, inf, 1], [3, 3, -3, 0, 2, inf]), [2, 1, -1, nan, nan, 1]],
  ["mod that leaves nothing", () => mod([-19, 19, 0, -0], [19, -19, -3, 3]), [0, -0, -0, 0]],
  [
    "products of whole numbers wrap",
    () => multiply(ints([2147483647, -2147483648, 65537]), ints([2147483647, 2147483647, -65537])),
    [1, -2147483648, -131073],
  ],
  ["squares of whole numbers wrap", () => square(ints([2147483647, 46341])), [1, -2147479015]],
  ["mod of whole numbers", () => mod(ints([7, -7, 7]), ints([4, 4, 0])), [3, 1, 0]],
  ["expm1", () => expm1([-inf, 1e-20, 1000]), [-1, 1e-20, inf]],
  ["log1p", () => log1p([-1, 1e-20, -2]), [-inf, 1e-20, nan]],
  ["erf", () => erf([-inf, 0, 7, nan]), [-1, 0, 1, nan]],
  ["softplus", () => softplus([-inf, -1000, 1000, nan]), [0, 0, 1000, nan]],
  ["sigmoid", () => sigmoid([-1000, 1000, nan]), [0, 1, nan]],
  ["leakyRelu", () => leakyRelu([-inf, 0, inf]), [-inf, 0, inf]],
  ["elu", () => elu([-inf, 0, inf, nan]), [-1, 0, inf, nan]],
  ["gelu", () => gelu([-40, 0, 40]), [-0, 0, 40]],
  ["silu", () => silu([-1000, 1000]), [-0, 1000]],
  ["comparisons of NaN", () => lessEqual([nan, 1], [nan, 1]), [0, 1]],
  ["not less than NaN is not greater", () => greaterEqual([nan, inf], [0, inf]), [0, 1]],
  ["NaN equals nothing", () => equal([nan, -0], [nan, 0]), [0, 1]],
  ["NaN differs from itself", () => notEqual([nan, -0], [nan, 0]), [1, 0]],
  ["where chooses without touching", () => where([true, false], [1, nan], [nan, 2]), [1, 2]],
  ["the most of nothing", () => reduceMax(nothing()), [-inf]],
  ["the least of nothing", () => reduceMin(nothing()), [inf]],
  ["the sum of nothing", () => reduceSum(nothing()), [0]],
  ["the product of nothing", () => reduceProd(nothing()), [1]],
  ["the mean of nothing", () => reduceMean(nothing()), [nan]],
  ["the logsumexp of nothing", () => reduceLogSumExp(nothing()), [-inf]],
  ["all of nothing", () => all(cast(nothing(), { dtype: "bool" })), [1]],
  ["any of nothing", () => any(cast(nothing(), { dtype: "bool" })), [0]],
  ["the most with a NaN", () => reduceMax([1, nan, 3]), [nan]],
  ["the least with a NaN", () => reduceMin([1, nan, 3]), [nan]],
  ["logsumexp of −∞", () => reduceLogSumExp([-inf, -inf]), [-inf]],
  ["logsumexp of ∞", () => reduceLogSumExp([0, inf]), [inf]],
  ["logsumexp of large numbers", () => reduceLogSumExp([1e4, 1e4]), [1e4 + Math.log(2)]],
  ["the variance of one number", () => reduceVariance([3]), [0]],
  ["the variance of nothing, corrected", () => reduceVariance(nothing(), { correction: 1 }), [nan]],
  ["the variance of one number, corrected", () => reduceVariance([3], { correction: 1 }), [nan]],
  ["argMin", () => argMin([2, 1, 1]), [1]],
  ["argMin takes a NaN first", () => argMin([2, nan, 1]), [1]],
  ["argMax of −∞", () => argMax([-inf, -inf]), [0]],
  ["topK with NaN and equals", () => topK(constant([1, nan, 3, 3]), { k: 3 }).indices, [1, 2, 3]],
  ["topK of none", () => topK(constant([1, 2]), { k: 0 }).values, []],
  ["cumulativeSum of nothing", () => cumulativeSum(nothing()), []],
  ["exclusiveProduct", () => exclusiveProduct([2, 0, 3]), [1, 2, 0]],
  ["a slice beyond the end", () => slice([1, 2, 3], { begin: 2, end: 9 }), [3]],
  ["a slice of nothing", () => slice([1, 2, 3], { begin: 2, end: 1 }), []],
  ["a slice backwards", () => slice([1, 2, 3, 4], { begin: -1, end: 0, step: -2 }), [4, 2]],
  ["range", () => range(4), [0, 1, 2, 3]],
  ["range down", () => range(3, 0, { step: -1 }), [3, 2, 1]],
  ["range of nothing", () => range(2, 1), []],
  [
    "linspace ends where it should",
    () => linspace(0, 0.7, { count: 8 }),
    [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
  ],
  ["linspace of one", () => linspace(2, 3, { count: 1 }), [2]],
  [
    "unstack",
    () =>
      unstack(
        constant([
          [1, 2],
          [3, 4],
        ]),
        { axis: 1 },
      )[1],
    [2, 4],
  ],
  ["whole numbers add up", () => reduceSum(ints([1, 2, 3])), [6]],
  ["group counts", () => group([constant(1), constant(2)]), [2]],
];

function ints(data: readonly number[]): Node {
  return constant([...data], { dtype: "int32" });
}

function nothing(): Node {
  return reshape([], { shape: [0] });
}

describe("values at the edges", () => {
  for (const [title, make, wanted] of values) {
    test(title, () => {
      new Graph().asDefault();
      const got = numbers(make());
      assert.equal(got.length, wanted.length);
      for (const [i, x] of got.entries()) {
        const close = Math.abs(x - wanted[i]) <= 1e-15 * Math.abs(wanted[i]);
        assert.ok(Object.is(x, wanted[i]) || close, `${i}: ${x}, wanted ${wanted[i]}`);
      }
    });
  }
});

const gradients: readonly (readonly [
  string,
  (x: Node) => Node,
  readonly number[],
  readonly number[],
])[] = [
  ["x⁰ is flat, at 0 too", (x) => power(x, 0), [0, 2], [0, 0]],
  ["elu far below keeps its digits", (x) => elu(x), [-40, 50], [Math.exp(-40), 1]],
  [
    "x⁰ is flat in its slope, too",
    (x) => computeGradients(power(x, fill([], 0)), [x], { gradYs: [1, 1] }).get(x)!,
    [0, 2],
    [0, 0],
  ],
  [
    "the slope of x^y where y is computed",
    (x) => computeGradients(power(x, x.stopGradient()), [x], { gradYs: [1, 1] }).get(x)!,
    [0, 2],
    [0, 2],
  ],
  ["x² at 0 and below", (x) => power(x, 2), [0, -3], [0, -6]],
  ["0^y is flat where y > 0", (y) => power(0, y), [1, 2], [0, 0]],
  ["√x is steep at 0", (x) => sqrt(x), [0, 4], [inf, 0.25]],
  ["|x| at 0", (x) => abs(x), [0, -0, -2], [0, -0, -1]],
  ["equal ones share", (x) => maximum(x, 1), [1, 2, 0], [0.5, 1, 0]],
  ["clip passes at its bounds", (x) => clip(x, { min: 0, max: 1 }), [0, 1, 2], [1, 1, 0]],
  ["elu far out", (x) => elu(x), [1000, -1000, 0], [1, 0, 1]],
  ["softplus far out", (x) => softplus(x), [1000, -1000, 0], [1, 0, 0.5]],
  ["the most, shared among equals", (x) => reduceMax(x), [3, 1, 3], [0.5, 0, 0.5]],
  ["a product with one 0", (x) => reduceProd(x), [2, 0, 3], [0, 6, 0]],
  ["logsumexp of −∞", (x) => reduceLogSumExp(x), [-inf, 0], [0, 1]],
  ["expm1 near 0", (x) => expm1(x), [0], [1]],
];

describe("gradients at the edges", () => {
  for (const [title, f, at, wanted] of gradients) {
    test(title, () => assert.deepEqual(slopes(f, at), wanted));
  }
});

test("fill has its value throughout, in any type", () => {
  new Graph({ dtype: "float32" }).asDefault();
  assert.equal(fill([2], 0.5).dtype, "float32");
  assert.deepEqual(numbers(fill([2, 1], 3, { dtype: "int32" })), [3, 3]);
});
