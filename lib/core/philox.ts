/** Philox 4×32 with 10 rounds: Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3 (2011). */

/** Four words of 32 bits. */
export type Words4 = readonly [number, number, number, number];

/** Four random words that a counter and a key decide. */
export function philox(counter: Words4, key: readonly [number, number]): Words4 {
  const words = new Uint32Array(counter);
  shuffle(words, key[0], key[1]);
  return [words[0], words[1], words[2], words[3]];
}

/** The same in place: a counter becomes four random words. */
export function shuffle(words: Uint32Array, key0: number, key1: number): void {
  let a = words[0];
  let b = words[1];
  let c = words[2];
  let d = words[3];
  let k = key0 | 0;
  let l = key1 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, a);
    const high1 = multiplyHigh(0xcd9e8d57, c);
    const low0 = Math.imul(0xd2511f53, a);
    const low1 = Math.imul(0xcd9e8d57, c);
    a = (high1 ^ b ^ k) >>> 0;
    b = low1 >>> 0;
    c = (high0 ^ d ^ l) >>> 0;
    d = low0 >>> 0;
    k = (k + 0x9e3779b9) | 0;
    l = (l + 0xbb67ae85) | 0;
  }
  words[0] = a;
  words[1] = b;
  words[2] = c;
  words[3] = d;
}

/** The upper 32 bits of a 64-bit product, from products of 16-bit halves, none of which exceeds 32 bits. */
function multiplyHigh(x: number, y: number): number {
  const xl = x & 0xffff;
  const xh = x >>> 16;
  const yl = y & 0xffff;
  const yh = y >>> 16;
  const middle = (xh * yl + ((xl * yl) >>> 16)) >>> 0;
  const other = (xl * yh + (middle & 0xffff)) >>> 0;
  return (xh * yh + (middle >>> 16) + (other >>> 16)) >>> 0;
}

/** 53 random bits as a number in [0, 1). */
export function unit(high: number, low: number): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

// 1 − u keeps the logarithm finite.
/** A normally distributed number, by Box and Muller (1958), of two evenly distributed ones; its twin has `sin`. */
export function gaussian(u: number, v: number, wave: (x: number) => number = Math.cos): number {
  return Math.sqrt(-2 * Math.log(1 - u)) * wave(2 * Math.PI * v);
}
