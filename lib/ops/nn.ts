/** Ops that are kept whole for numerical stability. */
import {
  sequence,
  viewOf,
  type Backend,
  type Buffer,
  type Shared,
  type Step,
} from "../backend/backend.ts";
import { input, s } from "../core/scalar.ts";
import {
  normalizeAxis,
  reducedShape,
  ShapeError,
  show,
  type PartialShape,
  type Shape,
} from "../core/shape.ts";
import { op, type Op } from "../graph/op.ts";
import { exp, multiply, subtract } from "./elementwise.ts";
import { reduceSum } from "./structure.ts";
import type { SameShape } from "../graph/shaped.ts";

/** The axis along which the numbers are normalised, by default the last. */
export interface Along {
  readonly axis?: number;
}

const samples = [
  { shapes: [[3, 4]] },
  { shapes: [[4]] },
  { shapes: [[3, 4]], attrs: { axis: 0 } },
] as const;

/** x − log Σ eˣ along an axis, by default the last. The shape stays. Throws a `ShapeError` at a scalar. */
export const logSoftmax: Op<["x"], Along, SameShape<Along>> = op({
  name: "logSoftmax",
  inputs: ["x"],
  doc: "x − log Σ eˣ along an axis, by default the last.",
  attrs: ["axis"],
  shape: ([x], attrs) => sameAlong("logSoftmax", x, attrs),
  kernel: (backend, [x], out, attrs, shared) => {
    const { largest, steps, sum } = exponentials(backend, x, attrs, shared);
    // x − max − log Σ e^(x − max): the sum is at least 1, so its logarithm is finite.
    const logSum = backend.alloc(sum.shape, x.dtype);
    return sequence(
      ...steps,
      backend.map(s.log(input(0)), [sum], logSum),
      backend.map(s.subtract(s.subtract(input(0), input(1)), input(2)), [x, largest, logSum], out),
    );
  },
  vjp: ({ output, attrs: { axis = -1 } }, g) => [
    subtract(g, multiply(exp(output), reduceSum(g, { axis, keepDims: true }))),
  ],
  samples,
});

/** eˣ / Σ eˣ along an axis, by default the last. The shape stays. Throws a `ShapeError` at a scalar. */
export const softmax: Op<["x"], Along, SameShape<Along>> = op({
  name: "softmax",
  inputs: ["x"],
  doc: "eˣ / Σ eˣ along an axis, by default the last.",
  attrs: ["axis"],
  shape: ([x], attrs) => sameAlong("softmax", x, attrs),
  kernel: (backend, [x], out, attrs, shared) => {
    const { steps, powers, sum } = exponentials(backend, x, attrs, shared);
    return sequence(...steps, backend.map(s.divide(input(0), input(1)), [powers, sum], out));
  },
  vjp: ({ output: y, attrs: { axis = -1 } }, g) => [
    multiply(subtract(g, reduceSum(multiply(g, y), { axis, keepDims: true })), y),
  ],
  through: {
    log: {
      op: logSoftmax,
      // (g/y − Σ (g/y)·y)·y, multiplied out: nothing is divided by a y that may be 0.
      vjp: ({ output: y, attrs }, g) => {
        const { axis = -1 } = attrs as Along;
        return [subtract(g, multiply(y, reduceSum(g, { axis, keepDims: true })))];
      },
    },
  },
  samples,
});

function sameAlong(name: string, x: PartialShape, { axis = -1 }: Along): PartialShape {
  if (x?.length === 0)
    throw new ShapeError(`${name}: x is a ${show(x)}; wanted a vector or more axes`);
  if (x !== null) normalizeAxis(name, axis, x.length);
  return x;
}

interface Exponentials {
  readonly largest: Buffer;
  readonly powers: Buffer;
  readonly sum: Buffer;
  readonly steps: readonly Step[];
}

/** e^(x − max) and its sum along the axis: subtracting the maximum keeps every power in [0, 1]. */
function exponentials(
  backend: Backend,
  x: Buffer,
  { axis = -1 }: Along,
  shared: Shared,
): Exponentials {
  const axes = [normalizeAxis("softmax", axis, x.shape.length)];
  const { buffers, steps } = shared.once(x, `exponentials along ${axes[0]}`, () => {
    const kept = reducedShape(x.shape, axes, true) as Shape;
    const flat = reducedShape(x.shape, axes, false) as Shape;
    const largest = backend.alloc(kept, x.dtype);
    const powers = backend.alloc(x.shape, x.dtype);
    const sum = backend.alloc(kept, x.dtype);
    return {
      buffers: [largest, powers, sum],
      steps: [
        backend.reduce("max", x, viewOf(largest, flat), axes),
        backend.map(s.exp(s.subtract(input(0), input(1))), [x, largest], powers),
        backend.reduce("sum", powers, viewOf(sum, flat), axes),
      ],
    };
  });
  const [largest, powers, sum] = buffers as [Buffer, Buffer, Buffer];
  return { largest, powers, sum, steps };
}
