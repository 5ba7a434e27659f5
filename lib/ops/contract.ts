/** Products of two tensors summed over letters that name their axes, and diagonals: what einsum is made of. */
import {
  sequence,
  type Backend,
  type Buffer,
  type CopyLayout,
  type Step,
} from "../backend/backend.ts";
import { s } from "../core/scalar.ts";
import {
  ShapeError,
  show,
  sizeOf,
  stridesOf,
  type PartialShape,
  type Shape,
} from "../core/shape.ts";
import { op, type Op } from "../graph/op.ts";

/** The letters of a's axes, of b's, and of the result's; none twice in one of them. */
export interface Letters {
  readonly a: string;
  readonly b: string;
  readonly out: string;
}

/**
 * a·b, summed over the letters that are in both and not in the result; each letter of one alone is in the result.
 * Throws a `ShapeError` where a letter stands for two sizes.
 */
export const contract: Op<["a", "b"], Letters> = op({
  name: "contract",
  inputs: ["a", "b"],
  doc: "a·b, summed over the letters that are in both and not in the result; each letter of one alone is in the result.",
  attrs: ["a", "b", "out"],
  shape: ([a, b], { a: lettersA, b: lettersB, out }) => {
    const sizes = sizesOf([
      ["a", a, lettersA],
      ["b", b, lettersB],
    ]);
    return out.split("").map((letter) => sizes.get(letter) ?? null);
  },
  kernel: (backend, [a, b], out, letters) => bindContract(backend, a, b, out, letters),
  vjp: ({ inputs: [a, b], attrs: letters }, g) => [
    contract(g, b, { a: letters.out, b: letters.b, out: letters.a }),
    contract(a, g, { a: letters.a, b: letters.out, out: letters.b }),
  ],
  samples: [
    {
      shapes: [
        [3, 2],
        [2, 4],
      ],
      attrs: { a: "ij", b: "jk", out: "ik" },
    },
    {
      shapes: [
        [2, 3, 2],
        [4, 2, 2],
      ],
      attrs: { a: "bij", b: "kjb", out: "kbi" },
    },
    { shapes: [[2], [3]], attrs: { a: "i", b: "j", out: "ji" } },
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      attrs: { a: "ij", b: "ij", out: "" },
    },
    {
      shapes: [
        [3, 2],
        [3, 4],
      ],
      attrs: { a: "ki", b: "kj", out: "ij" },
    },
    {
      shapes: [
        [2, 3],
        [4, 3],
      ],
      attrs: { a: "ik", b: "jk", out: "ij" },
    },
  ],
});

type Operand = readonly [name: string, shape: PartialShape, letters: string];

/** The size that each letter stands for; throws where two axes of one letter differ. */
function sizesOf(operands: readonly Operand[]): Map<string, number | null> {
  const sizes = new Map<string, number | null>();
  for (const [name, shape, letters] of operands) {
    if (shape === null) continue;
    if (shape.length !== letters.length) {
      throw new ShapeError(
        `einsum: ${name} ${show(shape)} has ${shape.length} axes, "${letters}" names ${letters.length}`,
      );
    }
    for (const [axis, letter] of letters.split("").entries()) {
      const [before, size] = [sizes.get(letter) ?? null, shape[axis]];
      if (before !== null && size !== null && before !== size) {
        const all = operands.map(([other, its, names]) => `${other} ${show(its)} "${names}"`);
        throw new ShapeError(
          `einsum: letter ${letter} is ${before} and ${size} in ${all.join(" and ")}; sizes must be equal`,
        );
      }
      sizes.set(letter, size ?? before);
    }
  }
  return sizes;
}

/** Letters by the part they play in a product of stacks of matrices. */
interface Roles {
  readonly batch: string;
  readonly left: string;
  readonly inner: string;
  readonly right: string;
}

function rolesOf({ a, b, out }: Letters): Roles {
  const pick = (letters: string, keep: (letter: string) => boolean): string =>
    letters.split("").filter(keep).join("");
  return {
    batch: pick(a, (x) => b.includes(x) && out.includes(x)),
    inner: pick(a, (x) => b.includes(x) && !out.includes(x)),
    left: pick(a, (x) => !b.includes(x)),
    right: pick(b, (x) => !a.includes(x)),
  };
}

function bindContract(backend: Backend, a: Buffer, b: Buffer, out: Buffer, letters: Letters): Step {
  const { batch, left, inner, right } = rolesOf(letters);
  const transposed = letters.b === batch + right + inner && letters.a === batch + left + inner;
  const flipped = letters.a === batch + inner + left && letters.b === batch + inner + right;
  const first = arrange(backend, a, letters.a, flipped ? letters.a : batch + left + inner);
  const second = arrange(backend, b, letters.b, transposed ? letters.b : batch + inner + right);
  const product = batch + left + right;
  const sizes = sizesOf([
    ["a", a.shape, letters.a],
    ["b", b.shape, letters.b],
  ]) as Map<string, number>;
  const sizeFor = (group: string): number => sizeOf(group.split("").map((x) => sizes.get(x)!));
  const direct = product === letters.out;
  const target = direct
    ? out
    : backend.alloc(
        product.split("").map((x) => sizes.get(x)!),
        out.dtype,
      );
  const [m, k, n] = [left, inner, right].map(sizeFor);
  const starts = (size: number): number[] =>
    Array.from({ length: sizeFor(batch) }, (_, i) => i * size);
  const multiply = backend.gemm(first.buffer, second.buffer, target, {
    m,
    k,
    n,
    transpose:
      flipped && !transposed && left !== "" ? "a" : transposed && right !== "" ? "b" : "neither",
    aOffsets: starts(m * k),
    bOffsets: starts(k * n),
    outOffsets: starts(m * n),
  });
  const order = letters.out.split("").map((x) => product.indexOf(x));
  const last = direct ? [] : [backend.permute(target, out, order)];
  return sequence(...first.steps, ...second.steps, multiply, ...last);
}

/** x with its axes in the order of `wanted`: itself if they are, else a copy and the step that makes it. */
function arrange(
  backend: Backend,
  x: Buffer,
  letters: string,
  wanted: string,
): { buffer: Buffer; steps: readonly Step[] } {
  if (letters === wanted) return { buffer: x, steps: [] };
  const axes = wanted.split("").map((letter) => letters.indexOf(letter));
  const buffer = backend.alloc(
    axes.map((axis) => x.shape[axis]),
    x.dtype,
  );
  return { buffer, steps: [backend.permute(x, buffer, axes)] };
}

/** Letters of which some are repeated: "ii" is the diagonal of a matrix. */
export interface Repeated {
  readonly letters: string;
}

/**
 * x where axes of one letter agree, each letter once: of letters "ii", the diagonal of a matrix. Throws a `ShapeError`
 * where a letter stands for two sizes.
 */
export const diagonal: Op<["x"], Repeated> = op({
  name: "diagonal",
  inputs: ["x"],
  doc: 'x where axes of one letter agree, each letter once: of letters "ii", the diagonal of a matrix.',
  attrs: ["letters"],
  shape: ([x], { letters }) => {
    const sizes = sizesOf([["x", x, letters]]);
    return [...new Set(letters)].map((letter) => sizes.get(letter) ?? null);
  },
  dtype: ([x]) => x,
  kernel: (backend, [x], out, { letters }) => {
    const { sizes, from, to } = diagonalOf(x.shape, out.shape, letters);
    return backend.copy(x, out, { sizes, from, to });
  },
  vjp: ({ inputs: [x], attrs }, g) => [diagonalInto(g, x, attrs)],
  samples: [
    { shapes: [[3, 3]], attrs: { letters: "ii" } },
    { shapes: [[2, 3, 2]], attrs: { letters: "iji" } },
  ],
});

/** Adjoint of `diagonal`: zeros in the shape of `like`, with x on that diagonal. */
export const diagonalInto: Op<["x", "like"], Repeated> = op({
  name: "diagonalInto",
  inputs: ["x", "like"],
  doc: "Zeros in the shape of `like`, with x where diagonal would read.",
  attrs: ["letters"],
  shape: ([, like]) => like,
  dtype: ([x]) => x,
  kernel: (backend, [x], out, { letters }) => {
    const { sizes, from, to } = diagonalOf(out.shape, x.shape, letters);
    const copy = backend.copy(x, out, { sizes, from: to, to: from });
    return sequence(backend.map(s.add(0, 0), [], out), copy);
  },
  vjp: ({ attrs }, g) => [diagonal(g, attrs), null],
  samples: [{ shapes: [[3], [3, 3]], attrs: { letters: "ii" } }],
});

function diagonalOf(whole: Shape, part: Shape, letters: string): CopyLayout {
  const strides = stridesOf(whole);
  const steps = [...new Set(letters)].map((letter) =>
    letters
      .split("")
      .reduce((sum, other, axis) => (other === letter ? sum + strides[axis] : sum), 0),
  );
  return {
    sizes: part,
    from: { offset: 0, strides: steps },
    to: { offset: 0, strides: stridesOf(part) },
  };
}
