/** Functions that keep their digits where a composition of exp and log would lose them, and the error function. */
import { s, type Scalar } from "../core/scalar.ts";
import { op, type Op } from "../graph/op.ts";
import { add, divide, exp, multiply, negative, square } from "./elementwise.ts";
import { erfScalar } from "./erf.ts";
import { positive, unary } from "./samples.ts";
import type { NoAttrs } from "../graph/op.ts";
import type { SameShape } from "../graph/shaped.ts";

/** eˣ − 1, with all its digits near 0. The shape stays. */
export const expm1: Op<["x"], NoAttrs, SameShape> = op({
  name: "expm1",
  inputs: ["x"],
  doc: "eˣ − 1, with all its digits near 0.",
  scalar: (x): Scalar => s.expm1(x),
  vjp: ({ output }, g) => [multiply(g, add(output, 1))],
  samples: unary,
});

/** log(1 + x), with all its digits near 0; NaN where x < −1. The shape stays. */
export const log1p: Op<["x"], NoAttrs, SameShape> = op({
  name: "log1p",
  inputs: ["x"],
  doc: "log(1 + x), with all its digits near 0; NaN where x < −1.",
  scalar: (x): Scalar => s.log1p(x),
  vjp: ({ inputs: [x] }, g) => [divide(g, add(x, 1))],
  samples: unary.map((sample) => ({ ...sample, domain: positive })),
});

/** The error function, 2/√π · ∫ e^(−t²) dt from 0 to x. The shape stays. */
export const erf: Op<["x"], NoAttrs, SameShape> = op({
  name: "erf",
  inputs: ["x"],
  doc: "The error function, 2/√π · ∫ e^(−t²) dt from 0 to x.",
  scalar: (x): Scalar => erfScalar(x),
  vjp: ({ inputs: [x] }, g) => [
    multiply(g, multiply(2 / Math.sqrt(Math.PI), exp(negative(square(x))))),
  ],
  samples: [...unary, { shapes: [[5]], domain: [-3, 3] }],
});
