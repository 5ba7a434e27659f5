/** exp, log and tanh of whole vectors: the argument is reduced to a small interval, where a series converges fast. */
import type { Code } from "./code.ts";
import { absolute, multiplyAdd, pattern, splat, v128, type Lanes } from "./lanes.ts";

/** What depends on the precision. */
interface Precision {
  /** ln 2 in two parts; the first has so few bits that its product with an exponent is exact. */
  readonly ln2: readonly [high: number, low: number];
  /** 1.5 · 2^bits: adding it rounds to a whole number, and leaves that in the low bits of a float. */
  readonly magic: number;
  readonly bias: number;
  /** Above and below, eˣ is infinite or 0. */
  readonly range: readonly [low: number, high: number];
  /** The highest power in the series of eʳ for |r| ≤ ln 2 / 2: the first one left out is below the last bit. */
  readonly expTerms: number;
  /** Terms of the series of artanh(s)/s for |s| ≤ 3 − 2√2. */
  readonly logTerms: number;
  /** The bits of √½; significands are brought to [√½, √2). */
  readonly rootHalf: bigint;
  readonly leastNormal: number;
  readonly tanhIsOne: number;
}

const double: Precision = {
  ln2: [0.693147180369123816, 1.90821492927058770002e-10],
  magic: 1.5 * 2 ** 52,
  bias: 1023,
  range: [-746, 710],
  expTerms: 13,
  logTerms: 10,
  rootHalf: 0x3fe6a09e00000000n,
  leastNormal: 2 ** -1022,
  tanhIsOne: 22,
};

const single: Precision = {
  ln2: [0.693359375, Math.LN2 - 0.693359375],
  magic: 1.5 * 2 ** 23,
  bias: 127,
  range: [-104, 89],
  expTerms: 7,
  logTerms: 4,
  rootHalf: 0x3f3504f3n,
  leastNormal: 2 ** -126,
  tanhIsOne: 10,
};

function precisionOf({ dtype }: Lanes): Precision {
  return dtype === "float64" ? double : single;
}

/** Replaces the vector x on the stack by eˣ. */
export function emitExp(code: Code, lanes: Lanes): void {
  const { range, magic } = precisionOf(lanes);
  const { codes } = lanes;
  // pmin and pmax keep their first operand when it is NaN.
  splat(code, lanes, range[1]).simd(codes.pmin);
  splat(code, lanes, range[0]).simd(codes.pmax);
  const x = code.local("v128");
  code.set(x);
  const { k, r } = reduce(code, lanes, x);
  exponentialLessOne(code, lanes, r);
  splat(code, lanes, 1).simd(codes.add);
  // 2^k in two steps, since 2^1024 is no float and 2^−1074 has but one bit.
  code.get(k);
  splat(code, lanes, 0.5);
  multiplyAdd(code, lanes, () => splat(code, lanes, magic)).set(r);
  code.get(r);
  powerOfTwo(code, lanes).simd(codes.mul);
  code.get(k).get(r).simd(codes.sub);
  splat(code, lanes, 2 * magic).simd(codes.add);
  powerOfTwo(code, lanes).simd(codes.mul);
  code.release("v128", x, k, r);
}

/** x = k·ln 2 + r, as locals. */
function reduce(code: Code, lanes: Lanes, x: number): { k: number; r: number } {
  const { ln2, magic } = precisionOf(lanes);
  const { codes } = lanes;
  const [k, r] = [code.local("v128"), code.local("v128")];
  // Rounded by the sum with the magic number: of two vectors, engines make one of 256 bits for sums, not for roundings.
  code.get(x);
  splat(code, lanes, Math.LOG2E);
  multiplyAdd(code, lanes, () => splat(code, lanes, magic));
  splat(code, lanes, magic).simd(codes.sub).set(k);
  code.get(k);
  splat(code, lanes, -ln2[0]);
  multiplyAdd(code, lanes, () => code.get(x)).set(r);
  code.get(k);
  splat(code, lanes, -ln2[1]);
  multiplyAdd(code, lanes, () => code.get(r)).set(r);
  return { k, r };
}

/** Of k plus the magic number on the stack, 2^k, by writing the exponent of a float. */
function powerOfTwo(code: Code, lanes: Lanes): Code {
  const { bias } = precisionOf(lanes);
  const { codes, bits } = lanes;
  code.i32(bits).simd(codes.shl);
  return pattern(code, lanes, BigInt(bias) << BigInt(bits)).simd(codes.intAdd);
}

/** Pushes eʳ − 1 = r + r²·(1/2! + r/3! + …), whose large term is exact. */
function exponentialLessOne(code: Code, lanes: Lanes, r: number): void {
  const square = code.local("v128");
  code.get(r).get(r).simd(lanes.codes.mul).set(square);
  let factorial = 1;
  const coefficients = Array.from({ length: precisionOf(lanes).expTerms - 1 }, (_, i) => {
    factorial *= i + 2;
    return 1 / factorial;
  });
  polynomial(code, lanes, { x: r, square }, coefficients).get(square);
  multiplyAdd(code, lanes, () => code.get(r));
  code.release("v128", square);
}

/**
 * Pushes the polynomial in x with these coefficients, that of x⁰ first: the even powers and the odd ones by themselves,
 * since each step of one series waits for the step before.
 */
function polynomial(
  code: Code,
  lanes: Lanes,
  { x, square }: { readonly x: number; readonly square: number },
  coefficients: readonly number[],
): Code {
  const powers = (first: number): number[] => coefficients.filter((_, i) => i % 2 === first);
  horner(code, lanes, square, powers(1)).get(x);
  return multiplyAdd(code, lanes, () => horner(code, lanes, square, powers(0)));
}

/** Pushes the polynomial in the local x with these coefficients, that of x⁰ first, power by power. */
function horner(code: Code, lanes: Lanes, x: number, coefficients: readonly number[]): Code {
  splat(code, lanes, coefficients.at(-1)!);
  for (const c of coefficients.slice(0, -1).toReversed()) {
    code.get(x);
    multiplyAdd(code, lanes, () => splat(code, lanes, c));
  }
  return code;
}

/** Replaces the vector x on the stack by its natural logarithm. */
export function emitLog(code: Code, lanes: Lanes): void {
  const { codes } = lanes;
  const x = code.local("v128");
  code.set(x);
  const [k, f] = split(code, lanes, x);
  logOfParts(code, lanes, k, f);
  // ∞ stays, 0 gives −∞, and what is not ≥ 0 gives NaN, which is what all bits set mean.
  const result = code.local("v128");
  code.set(result);
  code.get(x).get(result).get(x);
  splat(code, lanes, Infinity).simd(codes.eq).simd(v128.bitselect).set(result);
  splat(code, lanes, -Infinity).get(result).get(x);
  splat(code, lanes, 0).simd(codes.eq).simd(v128.bitselect);
  code.get(x);
  splat(code, lanes, 0).simd(codes.ge).simd(v128.not).simd(v128.or);
  code.release("v128", x, k, f, result);
}

/** x = 2^k·(1 + f) with 1 + f in [√½, √2), as locals. */
function split(code: Code, lanes: Lanes, x: number): [k: number, f: number] {
  const { bias, rootHalf, leastNormal } = precisionOf(lanes);
  const { codes, bits, type } = lanes;
  const up = bits + 2;
  const [k, f, small] = [code.local("v128"), code.local("v128"), code.local("v128")];
  const one = BigInt(bias) << BigInt(bits);
  code.get(x);
  splat(code, lanes, leastNormal).simd(codes.lt).set(small);
  code.get(x);
  splat(code, lanes, 2 ** up)
    .simd(codes.mul)
    .get(x)
    .get(small)
    .simd(v128.bitselect);
  pattern(code, lanes, one - rootHalf)
    .simd(codes.intAdd)
    .tee(f);
  code.i32(bits).simd(codes.shrU);
  if (type === "f64") {
    // There is no conversion of 64-bit integers: 2^52 + e has e in its low bits.
    pattern(code, lanes, 0x4330000000000000n).simd(v128.or);
    splat(code, lanes, 2 ** 52 + bias).simd(codes.sub);
  } else {
    code.simd(0xfa);
    splat(code, lanes, bias).simd(codes.sub);
  }
  code.get(small);
  splat(code, lanes, up).simd(v128.and).simd(codes.sub).set(k);
  code.get(f);
  pattern(code, lanes, (1n << BigInt(bits)) - 1n).simd(v128.and);
  pattern(code, lanes, rootHalf).simd(codes.intAdd);
  splat(code, lanes, 1).simd(codes.sub).set(f);
  code.release("v128", small);
  return [k, f];
}

/**
 * k·ln 2 + ln(1 + f). With s = f/(2 + f), ln(1 + f) = 2·artanh(s) = 2s + s·R, R = 2s²/3 + 2s⁴/5 + …, and
 * 2s = f − s·f, so ln(1 + f) = f − (f²/2 − s·(f²/2 + R)), whose large term is exact.
 */
function logOfParts(code: Code, lanes: Lanes, k: number, f: number): void {
  const { ln2, logTerms } = precisionOf(lanes);
  const { codes } = lanes;
  const [s, z, square, half] = Array.from({ length: 4 }, () => code.local("v128"));
  code.get(f).get(f);
  splat(code, lanes, 2).simd(codes.add).simd(codes.div).set(s);
  code.get(s).get(s).simd(codes.mul).set(z);
  code.get(z).get(z).simd(codes.mul).set(square);
  code.get(f).get(f).simd(codes.mul);
  splat(code, lanes, 0.5).simd(codes.mul).set(half);
  const series = Array.from({ length: logTerms }, (_, i) => 2 / (2 * i + 3));
  code.get(k);
  splat(code, lanes, ln2[0]).simd(codes.mul);
  code.get(half);
  code.get(s);
  polynomial(code, lanes, { x: z, square }, series).get(z);
  multiplyAdd(code, lanes, () => code.get(half));
  code.simd(codes.mul);
  code.get(k);
  splat(code, lanes, ln2[1]).simd(codes.mul).simd(codes.add);
  code.simd(codes.sub).get(f).simd(codes.sub).simd(codes.sub);
  code.release("v128", s, z, square, half);
}

/** Replaces the vector x on the stack by its hyperbolic tangent: (e^2|x| − 1) / (e^2|x| + 1) with the sign of x. */
export function emitTanh(code: Code, lanes: Lanes): void {
  const { tanhIsOne, magic } = precisionOf(lanes);
  const { codes } = lanes;
  const [sign, y, t] = [code.local("v128"), code.local("v128"), code.local("v128")];
  code.tee(y);
  splat(code, lanes, -0).simd(v128.and).set(sign);
  absolute(code.get(y), lanes);
  splat(code, lanes, tanhIsOne).simd(codes.pmin);
  splat(code, lanes, 2).simd(codes.mul).set(y);
  const { k, r } = reduce(code, lanes, y);
  code.get(k);
  splat(code, lanes, magic).simd(codes.add);
  powerOfTwo(code, lanes).set(t);
  // e^y − 1 = 2^k·(eʳ − 1) + (2^k − 1); for a small y that is the series alone, to the last bit.
  exponentialLessOne(code, lanes, r);
  code.get(t);
  multiplyAdd(code, lanes, () => {
    code.get(t);
    splat(code, lanes, 1).simd(codes.sub);
  });
  code.tee(y).get(y);
  splat(code, lanes, 2).simd(codes.add).simd(codes.div);
  code.get(sign).simd(v128.or);
  code.release("v128", sign, y, t, k, r);
}
