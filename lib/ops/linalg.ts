/** Matrix products of vectors, matrices and stacks of matrices, with the two adjoints. */
import type { GemmLayout } from "../backend/backend.ts";
import {
  broadcastShapes,
  broadcastStrides,
  ShapeError,
  show,
  sizeOf,
  stridesOf,
  type PartialShape,
  type Shape,
} from "../core/shape.ts";
import { op, type Op } from "../graph/op.ts";
import type { NoAttrs } from "../graph/op.ts";
import type { Multiplies } from "../graph/shaped.ts";

/**
 * Matrix product: a [m, k] · b [k, n] → [m, n]; of two vectors, their dot product. Stacks [..., m, k] · [..., k, n]
 * broadcast as in NumPy. Throws a `ShapeError` where inner sizes differ.
 */
export const matmul: Op<["a", "b"], NoAttrs, Multiplies> = op({
  name: "matmul",
  inputs: ["a", "b"],
  doc: "Matrix product: a [m, k] · b [k, n] → [m, n]; of two vectors, their dot product.",
  shape: ([a, b]) => matmulShape(a, b),
  kernel: (backend, [a, b], out) => backend.gemm(a, b, out, forward(a.shape, b.shape)),
  vjp: ({ inputs: [a, b], wanted }, g) => [
    wanted[0] ? matmulAdjointA(g, b, a) : null,
    wanted[1] ? matmulAdjointB(a, g, b) : null,
  ],
  samples: [
    {
      shapes: [
        [5, 6],
        [6, 7],
      ],
    },
    {
      shapes: [
        [3, 4],
        [4, 2],
      ],
    },
    { shapes: [[4], [4, 2]] },
    { shapes: [[3, 4], [4]] },
    { shapes: [[4], [4]] },
    {
      shapes: [
        [2, 3, 4],
        [4, 2],
      ],
    },
    {
      shapes: [
        [2, 1, 3, 4],
        [5, 4, 2],
      ],
    },
    { shapes: [[2, 3, 4], [4]] },
  ],
});

/** Adjoint of `matmul` in its left factor: g·bᵀ in the shape of `a`. */
export const matmulAdjointA: Op<["g", "b", "a"]> = op({
  name: "matmulAdjointA",
  inputs: ["g", "b", "a"],
  doc: "g·bᵀ in the shape of a: the cotangent of a in matmul(a, b).",
  shape: ([, , a]) => a,
  kernel: (backend, [g, b, a], out) => backend.gemm(g, b, out, adjointA(a.shape, b.shape)),
  // ⟨h, g·bᵀ⟩ = ⟨h·b, g⟩ = ⟨hᵀ·g, b⟩
  vjp: ({ inputs: [g, b] }, h) => [matmul(h, b), matmulAdjointB(h, g, b), null],
  samples: [
    {
      shapes: [
        [5, 7],
        [6, 7],
        [5, 6],
      ],
    },
    {
      shapes: [
        [3, 2],
        [4, 2],
        [3, 4],
      ],
    },
    { shapes: [[2], [4, 2], [4]] },
    {
      shapes: [
        [2, 3, 2],
        [4, 2],
        [2, 3, 4],
      ],
    },
  ],
});

/** Adjoint of `matmul` in its right factor: aᵀ·g in the shape of `b`. */
export const matmulAdjointB: Op<["a", "g", "b"]> = op({
  name: "matmulAdjointB",
  inputs: ["a", "g", "b"],
  doc: "aᵀ·g in the shape of b: the cotangent of b in matmul(a, b).",
  shape: ([, , b]) => b,
  kernel: (backend, [a, g, b], out) => backend.gemm(a, g, out, adjointB(a.shape, b.shape)),
  // ⟨h, aᵀ·g⟩ = ⟨g·hᵀ, a⟩ = ⟨a·h, g⟩
  vjp: ({ inputs: [a, g] }, h) => [matmulAdjointA(g, h, a), matmul(a, h), null],
  samples: [
    {
      shapes: [
        [5, 6],
        [5, 7],
        [6, 7],
      ],
    },
    {
      shapes: [
        [3, 4],
        [3, 2],
        [4, 2],
      ],
    },
    { shapes: [[4], [2], [4, 2]] },
    {
      shapes: [
        [2, 3, 4],
        [2, 3, 2],
        [4, 2],
      ],
    },
  ],
});

/** The shape of a·b as far as it is known; throws if the inner sizes differ. */
function matmulShape(a: PartialShape, b: PartialShape): PartialShape {
  const [first, second] = [a, b].map((shape) => shape?.length === 0);
  if (first || second) {
    const rest = first ? `b ${show(b)}` : `a ${show(a)}`;
    const what =
      first && second ? "a and b are scalars" : `${first ? "a" : "b"} is a scalar, ${rest}`;
    throw new ShapeError(`matmul: ${what}; wanted vectors or matrices; use multiply`);
  }
  if (a === null || b === null) return null;
  const inner = [a.at(-1)!, b.length === 1 ? b[0]! : b.at(-2)!] as const;
  if (inner[0] !== null && inner[1] !== null && inner[0] !== inner[1]) {
    throw new ShapeError(
      `matmul: a ${show(a)} · b ${show(b)}: inner sizes ${inner[0]} and ${inner[1]} differ; transpose one?`,
    );
  }
  const stacks = broadcastShapes("matmul: stacks", [a.slice(0, -2), b.slice(0, -2)])!;
  return [
    ...stacks,
    ...(a.length === 1 ? [] : [a.at(-2)!]),
    ...(b.length === 1 ? [] : [b.at(-1)!]),
  ];
}

/** The sizes of a product, and where the matrices of each pair, and of their product, begin. */
interface Pairs {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly out: readonly number[];
}

function pairs(a: Shape, b: Shape): Pairs {
  const [m, k] = a.length === 1 ? [1, a[0]] : [a.at(-2)!, a.at(-1)!];
  const n = b.length === 1 ? 1 : b.at(-1)!;
  const stackA = a.slice(0, -2);
  const stackB = b.slice(0, -2);
  const stacks = broadcastShapes("matmul", [stackA, stackB]) as Shape;
  return {
    m,
    k,
    n,
    a: offsets(stackA, stacks, m * k),
    b: offsets(stackB, stacks, k * n),
    out: offsets(stacks, stacks, m * n),
  };
}

/** For each index of `stacks`, where the matrix of `stack` that is broadcast to it begins. */
function offsets(stack: Shape, stacks: Shape, size: number): number[] {
  const steps = broadcastStrides(stack, stacks);
  const strides = stridesOf(stacks);
  return Array.from({ length: sizeOf(stacks) }, (_, i) => {
    const index = stacks.map((length, axis) => Math.floor(i / strides[axis]) % length);
    return size * index.reduce((sum, position, axis) => sum + position * steps[axis], 0);
  });
}

function forward(a: Shape, b: Shape): GemmLayout {
  const { m, k, n, ...at } = pairs(a, b);
  return { m, k, n, transpose: "neither", aOffsets: at.a, bOffsets: at.b, outOffsets: at.out };
}

function adjointA(a: Shape, b: Shape): GemmLayout {
  const { m, k, n, ...at } = pairs(a, b);
  return { m, k: n, n: k, transpose: "b", aOffsets: at.out, bOffsets: at.b, outOffsets: at.a };
}

function adjointB(a: Shape, b: Shape): GemmLayout {
  const { m, k, n, ...at } = pairs(a, b);
  return { m: k, k: m, n, transpose: "a", aOffsets: at.a, bOffsets: at.out, outOffsets: at.b };
}
