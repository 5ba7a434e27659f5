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
  const lines: string[] = [];
  for (const [p, j] of pairsOf(k, n)) {
    lines.push(`const b${p}_${j} = b[bo + ${transposed ? j * k + p : p * n + j}];`);
  }
  lines.push("for (let i = 0; i < length; i++) {");
  for (let p = 0; p < k; p++) lines.push(`const a${p} = a[ao + i * ${k} + ${p}];`);
  for (let j = 0; j < n; j++) {
    const terms = Array.from({ length: k }, (_, p) => `a${p} * b${p}_${j}`);
    lines.push(`z[zo + i * ${n} + ${j}] += ${terms.join(" + ") || "0"};`);
  }
  return [...lines, "}"].join("\n");
}

/** z [m, n] += aᵀ · b with a stored [length, m], b [length, n]; every entry of z is kept. */
function tinyOutput(m: number, n: number): string {
  const all = pairsOf(m, n);
  return [
    ...all.map(([i, j]) => `let z${i}_${j} = 0;`),
    "for (let p = 0; p < length; p++) {",
    ...Array.from({ length: m }, (_, i) => `const a${i} = a[ao + p * ${m} + ${i}];`),
    ...Array.from({ length: n }, (_, j) => `const b${j} = b[bo + p * ${n} + ${j}];`),
    ...all.map(([i, j]) => `z${i}_${j} += a${i} * b${j};`),
    "}",
    ...all.map(([i, j]) => `z[zo + ${i * n + j}] += z${i}_${j};`),
  ].join("\n");
}

function pairsOf(rows: number, columns: number): (readonly [number, number])[] {
  return Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns]);
}
