/** Matrix products as flat loops whose innermost index has unit stride. */
import type { Data } from "../../core/dtype.ts";
import type { Buffer, GemmLayout, Step } from "../backend.ts";
import { smallProductSource, type SmallProduct } from "./small_gemm.ts";

/** Binds the products that `layout` lists. */
export function bindGemm(
  cache: Map<string, SmallProduct>,
  [a, b, out]: readonly [Buffer, Buffer, Buffer],
  layout: GemmLayout,
): Step {
  const { m, k, n, transpose, aOffsets, bOffsets, outOffsets } = layout;
  const small = compileSmall(cache, [a, b, out], layout);
  const product = transpose === "neither" ? multiply : transpose === "a" ? multiplyTa : multiplyTb;
  const open = transpose === "a" ? k : m;
  return () => {
    const [x, y, z] = [a.data, b.data, out.data];
    z.fill(0);
    for (let t = 0; t < outOffsets.length; t++) {
      if (small !== undefined) small(x, y, z, aOffsets[t], bOffsets[t], outOffsets[t], open);
      else product(x, y, z, aOffsets[t], bOffsets[t], outOffsets[t], m, k, n);
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

/** z += a·b with a [m, k], b [k, n]. */
function multiply(
  a: Data,
  b: Data,
  z: Data,
  ao: number,
  bo: number,
  zo: number,
  m: number,
  k: number,
  n: number,
): void {
  for (let i = 0; i < m; i++) {
    const row = zo + i * n;
    for (let p = 0; p < k; p++) {
      const x = a[ao + i * k + p];
      const from = bo + p * n;
      for (let j = 0; j < n; j++) z[row + j] += x * b[from + j];
    }
  }
}

/** z += aᵀ·b with a stored [k, m], b [k, n]. */
function multiplyTa(
  a: Data,
  b: Data,
  z: Data,
  ao: number,
  bo: number,
  zo: number,
  m: number,
  k: number,
  n: number,
): void {
  for (let p = 0; p < k; p++) {
    const from = bo + p * n;
    for (let i = 0; i < m; i++) {
      const x = a[ao + p * m + i];
      const row = zo + i * n;
      for (let j = 0; j < n; j++) z[row + j] += x * b[from + j];
    }
  }
}

/** z += a·bᵀ with a [m, k], b stored [n, k]. */
function multiplyTb(
  a: Data,
  b: Data,
  z: Data,
  ao: number,
  bo: number,
  zo: number,
  m: number,
  k: number,
  n: number,
): void {
  for (let i = 0; i < m; i++) {
    const row = ao + i * k;
    for (let j = 0; j < n; j++) {
      const from = bo + j * k;
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[row + p] * b[from + p];
      z[zo + i * n + j] += sum;
    }
  }
}
