/** Matrix products as flat loops whose innermost index has unit stride. */
import type { Data } from "../../core/dtype.ts";
import type { Buffer, GemmLayout, Step } from "../backend.ts";
import { smallProductSource, type SmallProduct } from "./small_gemm.ts";

/** Where the matrices of one product begin. */
interface Offsets {
  readonly a: number;
  readonly b: number;
  readonly z: number;
}

/** Binds the products that `layout` lists. */
export function bindGemm(
  cache: Map<string, SmallProduct>,
  [a, b, out]: readonly [Buffer, Buffer, Buffer],
  layout: GemmLayout,
): Step {
  const { m, k, n, transpose } = layout;
  const small = compileSmall(cache, [a, b, out], layout);
  const row = out.dtype === "float32" ? new Float64Array(n) : undefined;
  const open = transpose === "a" ? k : m;
  const offsets = layout.outOffsets.map((z, t): Offsets => ({
    a: layout.aOffsets[t],
    b: layout.bOffsets[t],
    z,
  }));
  return () => {
    const [x, y, z] = [a.data, b.data, out.data];
    z.fill(0);
    for (const at of offsets) {
      if (small !== undefined) small(x, y, z, at.a, at.b, at.z, open);
      else if (transpose === "b") addDots(x, y, z, at, layout);
      else addRows(x, y, { z, row }, at, layout);
    }
  };
}

function compileSmall(
  cache: Map<string, SmallProduct>,
  buffers: readonly Buffer[],
  layout: GemmLayout,
): SmallProduct | undefined {
  const source = smallProductSource(layout);
  if (source === undefined) return undefined;
  const key = `${buffers.map((x) => x.dtype).join()}\n${source}`;
  const found = cache.get(key);
  if (found !== undefined) return found;
  // The source holds sizes and loop counters, nothing from outside.
  // oxlint-disable-next-line typescript/no-implied-eval -- generated code is this backend's way to unroll
  const made = new Function("a", "b", "z", "ao", "bo", "zo", "length", source) as SmallProduct;
  cache.set(key, made);
  return made;
}

/** Where the rows of a product are added up: in z itself, or in a row of float64, where each sum would be rounded. */
interface Sums {
  readonly z: Data;
  readonly row: Float64Array | undefined;
}

/**
 * z [m, n] += a·b or aᵀ·b: rows of b, four at a time, are added to a row of sums, which is read and written once for the
 * four.
 */
function addRows(
  a: Data,
  b: Data,
  { z, row: wide }: Sums,
  at: Offsets,
  { m, k, n, transpose }: GemmLayout,
): void {
  const down = transpose === "a" ? 1 : k;
  const along = transpose === "a" ? m : 1;
  const whole = k - (k % 4);
  for (let i = 0; i < m; i++) {
    const to = at.z + i * n;
    const [sums, row] = wide === undefined ? [z, to] : [wide.fill(0), 0];
    const first = at.a + i * down;
    for (let p = 0; p < whole; p += 4) {
      const x0 = a[first + p * along];
      const x1 = a[first + (p + 1) * along];
      const x2 = a[first + (p + 2) * along];
      const x3 = a[first + (p + 3) * along];
      const b0 = at.b + p * n;
      const [b1, b2, b3] = [b0 + n, b0 + 2 * n, b0 + 3 * n];
      for (let j = 0; j < n; j++) {
        const sum = x0 * b[(b0 + j) | 0] + x1 * b[(b1 + j) | 0];
        sums[(row + j) | 0] += sum + (x2 * b[(b2 + j) | 0] + x3 * b[(b3 + j) | 0]);
      }
    }
    for (let p = whole; p < k; p++) {
      const x = a[first + p * along];
      const from = at.b + p * n;
      for (let j = 0; j < n; j++) sums[(row + j) | 0] += x * b[(from + j) | 0];
    }
    if (wide !== undefined) for (let j = 0; j < n; j++) z[(to + j) | 0] += wide[j];
  }
}

/** z [m, n] += a·bᵀ with b stored [n, k]: dot products of rows, four at a time, so that a's row is read once for the four. */
function addDots(a: Data, b: Data, z: Data, at: Offsets, { m, k, n }: GemmLayout): void {
  const whole = n - (n % 4);
  for (let i = 0; i < m; i++) {
    const row = at.a + i * k;
    const to = at.z + i * n;
    for (let j = 0; j < whole; j += 4) {
      const b0 = at.b + j * k;
      const [b1, b2, b3] = [b0 + k, b0 + 2 * k, b0 + 3 * k];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let p = 0; p < k; p++) {
        const x = a[(row + p) | 0];
        s0 += x * b[(b0 + p) | 0];
        s1 += x * b[(b1 + p) | 0];
        s2 += x * b[(b2 + p) | 0];
        s3 += x * b[(b3 + p) | 0];
      }
      z[to + j] += s0;
      z[to + j + 1] += s1;
      z[to + j + 2] += s2;
      z[to + j + 3] += s3;
    }
    for (let j = whole; j < n; j++) {
      const from = at.b + j * k;
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[(row + p) | 0] * b[(from + p) | 0];
      z[to + j] += sum;
    }
  }
}
