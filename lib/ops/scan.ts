/** Running sums and products along an axis, closed under differentiation by one linear recurrence. */
import type { Buffer, ScanLayout } from "../backend/backend.ts";
import {
  isKnown,
  normalizeAxis,
  sameShape,
  ShapeError,
  show,
  sizeOf,
  type PartialShape,
} from "../core/shape.ts";
import { commonNumber, op, type Op } from "../graph/op.ts";
import { multiply } from "./elementwise.ts";

/** Along which axis, by default the last, and from which end. */
export interface Scan {
  readonly axis?: number;
  readonly reverse?: boolean;
}

const directions = [
  { shapes: [[3, 4]] },
  { shapes: [[3, 4]], attrs: { axis: 0, reverse: true } },
] as const;

/**
 * Running sums along an axis, by default the last: with `exclusive` of what comes before, with `reverse` from the end.
 * The shape stays. Throws a `ShapeError` at an axis there is not.
 */
export const cumulativeSum: Op<["x"], Scan & { readonly exclusive?: boolean }> = op({
  name: "cumulativeSum",
  inputs: ["x"],
  doc: "Running sums along an axis, by default the last: with `exclusive` of what comes before, with `reverse` from the end.",
  attrs: ["axis", "reverse", "exclusive"],
  shape: ([x], attrs) => along("cumulativeSum", x, attrs),
  dtype: (dtypes) => commonNumber("cumulativeSum", dtypes),
  kernel: (backend, [x], out, { exclusive = false, ...scan }) =>
    backend.scan({ b: x }, out, { ...layoutOf(out, scan), exclusive, start: 0 }),
  vjp: ({ attrs }, g) => [cumulativeSum(g, { ...attrs, reverse: attrs.reverse !== true })],
  samples: [...directions, { shapes: [[2, 3, 2]], attrs: { axis: 1, exclusive: true } }],
});

/** The product of what comes before along an axis. */
export const exclusiveProduct: Op<["x"], Scan> = op({
  name: "exclusiveProduct",
  inputs: ["x"],
  doc: "The product of what comes before along an axis, by default the last; with `reverse`, of what comes after.",
  attrs: ["axis", "reverse"],
  shape: ([x], attrs) => along("exclusiveProduct", x, attrs),
  kernel: (backend, [x], out, scan) =>
    backend.scan({ a: x }, out, { ...layoutOf(out, scan), exclusive: true, start: 1 }),
  // y₀ = 1, yᵢ₊₁ = xᵢ·yᵢ. With λᵢ = gᵢ + xᵢ·λᵢ₊₁, the cotangent of yᵢ, that of xᵢ is yᵢ·λᵢ₊₁.
  vjp: ({ inputs: [x], output, attrs }, g) => [multiply(output, carry(x, g, opposite(attrs)))],
  samples: directions,
});

/** The recurrence s ← a·s + b. */
export const carry: Op<["a", "b"], Scan> = op({
  name: "carry",
  inputs: ["a", "b"],
  doc: "s₀ = 0, sᵢ₊₁ = aᵢ·sᵢ + bᵢ along an axis, by default the last; with `reverse`, from the end.",
  attrs: ["axis", "reverse"],
  shape: ([a, b], attrs) => {
    if (isKnown(a) && isKnown(b) && !sameShape(a, b)) {
      throw new ShapeError(`carry: a ${show(a)} and b ${show(b)}: shapes must be equal`);
    }
    return along("carry", a ?? b, attrs);
  },
  kernel: (backend, [a, b], out, scan) =>
    backend.scan({ a, b }, out, { ...layoutOf(out, scan), exclusive: true, start: 0 }),
  // λᵢ = gᵢ + aᵢ·λᵢ₊₁ is the cotangent of sᵢ, so λᵢ₊₁, another recurrence, is that of bᵢ.
  vjp: ({ inputs: [a], output, attrs }, g) => {
    const after = carry(a, g, opposite(attrs));
    return [multiply(output, after), after];
  },
  samples: [
    {
      shapes: [
        [3, 4],
        [3, 4],
      ],
    },
    {
      shapes: [
        [3, 2],
        [3, 2],
      ],
      attrs: { axis: 0, reverse: true },
    },
  ],
});

function opposite({ reverse = false, ...scan }: Scan): Scan {
  return { ...scan, reverse: !reverse };
}

function along(name: string, x: PartialShape, { axis = -1 }: Scan): PartialShape {
  if (x !== null) normalizeAxis(name, axis, x.length);
  return x;
}

function layoutOf(
  { shape }: Buffer,
  { axis = -1, reverse = false }: Scan,
): Omit<ScanLayout, "exclusive" | "start"> {
  const at = normalizeAxis("scan", axis, shape.length);
  return {
    before: sizeOf(shape.slice(0, at)),
    length: shape[at],
    after: sizeOf(shape.slice(at + 1)),
    reverse,
  };
}
