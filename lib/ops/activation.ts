/** Activation functions; sigmoid, tanh and relu are in elementwise.ts. */
import { input, s } from "../core/scalar.ts";
import { composition, type Composition } from "../graph/composition.ts";
import { op, type Op } from "../graph/op.ts";
import { less } from "./comparison.ts";
import { add, exp, greater, multiply, sigmoid, square, tanh, where } from "./elementwise.ts";
import { unary } from "./samples.ts";
import { erf } from "./transcendental.ts";
import type { NoAttrs } from "../graph/op.ts";
import type { SameShape } from "../graph/shaped.ts";

/** log(1 + eˣ), without overflow; its derivative is σ(x). The shape stays. */
export const softplus: Op<["x"], NoAttrs, SameShape> = op({
  name: "softplus",
  inputs: ["x"],
  doc: "log(1 + eˣ), without overflow; its derivative is σ(x).",
  // max(x, 0) + log1p(e^−|x|): no power is above 1.
  scalar: (x) => s.add(s.maximum(x, 0), s.log1p(s.exp(s.negative(s.abs(x))))),
  vjp: ({ inputs: [x] }, g) => [multiply(g, sigmoid(x))],
  samples: unary,
});

/** x where it is positive, else α·x, with α = 0.01 by default. The shape stays. */
export const leakyRelu: Composition<
  ["x"],
  { readonly alpha?: number },
  SameShape<{ readonly alpha?: number }>
> = composition({
  name: "leakyRelu",
  inputs: ["x"],
  doc: "x where it is positive, else α·x, with α = 0.01 by default.",
  attrs: ["alpha"],
  compose: ([x], { alpha = 0.01 }) => where(greater(x, 0), x, multiply(x, alpha)),
  samples: [{ shapes: [[3, 2]] }, { shapes: [[4]], attrs: { alpha: 0.2 } }],
});

/** x where it is positive, else α·(eˣ − 1), with α = 1 by default. The shape stays. */
export const elu: Op<
  ["x"],
  { readonly alpha?: number },
  SameShape<{ readonly alpha?: number }>
> = op({
  name: "elu",
  inputs: ["x"],
  doc: "x where it is positive, else α·(eˣ − 1), with α = 1 by default.",
  attrs: ["alpha"],
  shape: ([x]) => x,
  kernel: (backend, [x], out, { alpha = 1 }) => {
    const negative = s.multiply(alpha, s.expm1(input(0)));
    return backend.map(s.where(s.less(0, input(0)), input(0), negative), [x], out);
  },
  // α·eˣ anew: the output plus α has lost its digits where eˣ is small. Where x > 0, e⁰ keeps ∞ out of the other branch.
  vjp: ({ inputs: [x], attrs: { alpha = 1 } }, g) => [
    where(greater(x, 0), g, multiply(g, multiply(alpha, exp(where(less(x, 0), x, 0))))),
  ],
  samples: [{ shapes: [[3, 2]] }, { shapes: [[4]], attrs: { alpha: 0.5 } }],
});

/**
 * x·Φ(x) with the normal distribution function Φ; { approximate: true } is the form with tanh (Hendrycks, Gimpel
 * 2016). The shape stays.
 */
export const gelu: Composition<
  ["x"],
  { readonly approximate?: boolean },
  SameShape<{ readonly approximate?: boolean }>
> = composition({
  name: "gelu",
  inputs: ["x"],
  doc: "x·Φ(x) with the normal distribution function Φ; { approximate: true } is the form with tanh (Hendrycks, Gimpel 2016).",
  attrs: ["approximate"],
  compose: ([x], { approximate = false }) => {
    const half = multiply(x, 0.5);
    if (!approximate) return multiply(half, add(erf(multiply(x, Math.SQRT1_2)), 1));
    // √(2/π)·(x + 0.044715·x³)
    const cubic = multiply(x, add(multiply(square(x), 0.044715), 1));
    return multiply(half, add(tanh(multiply(cubic, Math.sqrt(2 / Math.PI))), 1));
  },
  samples: [{ shapes: [[3, 2]] }, { shapes: [[4]], attrs: { approximate: true } }],
});

/** x·σ(x), also called swish. The shape stays. */
export const silu: Composition<["x"], NoAttrs, SameShape> = composition({
  name: "silu",
  inputs: ["x"],
  doc: "x·σ(x), also called swish.",
  compose: ([x]) => multiply(x, sigmoid(x)),
  samples: unary,
});
