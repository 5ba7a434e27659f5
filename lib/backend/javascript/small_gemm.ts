/** Products with a tiny matrix: its loops are written out, its entries stay in registers. */
import type { Data } from "../../core/dtype.ts";
import type { GemmLayout } from "../backend.ts";

/** A product that is added to z, all matrices beginning at the given offsets; `length` is the one size left open. */
export type SmallProduct = (
  a: Data,
  b: Data,
  z: Data,
  ao: number,
  bo: number,
  zo: number,
  length: number,
) => void;

const upTo = 16;

/** Source text for a layout with one tiny operand or output, or nothing if there is none. */
export function smallProductSource({ m, k, n, transpose }: GemmLayout): string | undefined {
  if (transpose === "a") return m * n <= upTo ? tinyOutput(m, n) : undefined;
  return k * n <= upTo ? tinyRight(k, n, transpose === "b") : undefined;
}

/** z [length, n] += a [length, k] · b, of which every entry is kept. */
function tinyRight(k: number, n: number, transposed: boolean): string {
  const row = Array.from({ length: n }, (_, j) => {
    const terms = Array.from({ length: k }, (_unused, p) => `a${p} * b${p}_${j}`);
    return `z[(to + ${j}) | 0] += ${terms.join(" + ") || "0"};`;
  });
  return [
    ...pairsOf(k, n).map(
      ([p, j]) => `const b${p}_${j} = b[bo + ${transposed ? j * k + p : p * n + j}];`,
    ),
    "let from = ao, to = zo;",
    "for (let i = 0; i < length; i++) {",
    ...Array.from({ length: k }, (_, p) => `const a${p} = a[(from + ${p}) | 0];`),
    ...row,
    `from = (from + ${k}) | 0; to = (to + ${n}) | 0;`,
    "}",
  ].join("\n");
}

/** z [m, n] += aᵀ · b with a stored [length, m], b [length, n]; every entry of z is kept. */
function tinyOutput(m: number, n: number): string {
  const all = pairsOf(m, n);
  return [
    ...all.map(([i, j]) => `let z${i}_${j} = 0;`),
    "let left = ao, right = bo;",
    "for (let p = 0; p < length; p++) {",
    ...Array.from({ length: m }, (_, i) => `const a${i} = a[(left + ${i}) | 0];`),
    ...Array.from({ length: n }, (_, j) => `const b${j} = b[(right + ${j}) | 0];`),
    ...all.map(([i, j]) => `z${i}_${j} += a${i} * b${j};`),
    `left = (left + ${m}) | 0; right = (right + ${n}) | 0;`,
    "}",
    ...all.map(([i, j]) => `z[zo + ${i * n + j}] += z${i}_${j};`),
  ].join("\n");
}

function pairsOf(rows: number, columns: number): (readonly [number, number])[] {
  return Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns]);
}
