/** The vector instructions for one float type: two lanes of float64, or four of float32. */
import type { Code } from "./code.ts";

/** The instructions that do not care for the type of lanes. */
export const v128 = {
  load: 0x00,
  store: 0x0b,
  store32Lane: 0x5a,
  store64Lane: 0x5b,
  shuffle: 0x0d,
  not: 0x4d,
  and: 0x4e,
  andnot: 0x4f,
  or: 0x50,
  xor: 0x51,
  bitselect: 0x52,
} as const;

/** The types that vectors are made of. */
export type Float = "float64" | "float32";

/** What the engine makes of vectors. */
export interface Abilities {
  /** A product and a sum are one instruction: relaxed SIMD. */
  readonly fused: boolean;
  /** All that a loop reads is read first: see `Told`. */
  readonly hoists: boolean;
  /** Two neighbouring vectors become one of 256 bits. */
  readonly wide: boolean;
}

/** One float type: its sizes, its instructions, and what the engine makes of them. */
export interface Lanes extends Abilities {
  readonly dtype: Float;
  readonly type: "f64" | "f32";
  /** Lanes in a vector, bytes in a lane. */
  readonly width: number;
  readonly size: number;
  /** Bits of the significand after the point. */
  readonly bits: number;
  readonly codes: Readonly<Record<Instruction, number>>;
  /** Scalar instructions. */
  readonly scalar: {
    readonly load: number;
    readonly store: number;
    readonly add: number;
    readonly mul: number;
  };
}

type Instruction =
  | "splat"
  | "loadSplat"
  | "extract"
  | "replace"
  | "loadLane"
  | "storeLane"
  | "eq"
  | "ne"
  | "lt"
  | "gt"
  | "le"
  | "ge"
  | "sqrt"
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "min"
  | "max"
  | "pmin"
  | "pmax"
  | "madd"
  | "nmadd"
  | "shl"
  | "shrU"
  | "intAdd";

const double: Readonly<Record<Instruction, number>> = {
  splat: 0x14,
  loadSplat: 0x0a,
  extract: 0x21,
  replace: 0x22,
  loadLane: 0x57,
  storeLane: 0x5b,
  eq: 0x47,
  ne: 0x48,
  lt: 0x49,
  gt: 0x4a,
  le: 0x4b,
  ge: 0x4c,
  sqrt: 0xef,
  add: 0xf0,
  sub: 0xf1,
  mul: 0xf2,
  div: 0xf3,
  min: 0xf4,
  max: 0xf5,
  pmin: 0xf6,
  pmax: 0xf7,
  madd: 0x107,
  nmadd: 0x108,
  shl: 0xcb,
  shrU: 0xcd,
  intAdd: 0xce,
};

const single: Readonly<Record<Instruction, number>> = {
  splat: 0x13,
  loadSplat: 0x09,
  extract: 0x1f,
  replace: 0x20,
  loadLane: 0x56,
  storeLane: 0x5a,
  eq: 0x41,
  ne: 0x42,
  lt: 0x43,
  gt: 0x44,
  le: 0x45,
  ge: 0x46,
  sqrt: 0xe3,
  add: 0xe4,
  sub: 0xe5,
  mul: 0xe6,
  div: 0xe7,
  min: 0xe8,
  max: 0xe9,
  pmin: 0xea,
  pmax: 0xeb,
  madd: 0x105,
  nmadd: 0x106,
  shl: 0xab,
  shrU: 0xad,
  intAdd: 0xae,
};

/** The instructions for a float type. */
export function lanesOf(dtype: Float, { fused, hoists, wide }: Abilities): Lanes {
  const common = { dtype, fused, hoists, wide };
  return dtype === "float64"
    ? {
        ...common,
        type: "f64",
        width: 2,
        size: 8,
        bits: 52,
        codes: double,
        scalar: { load: 0x2b, store: 0x39, add: 0xa0, mul: 0xa2 },
      }
    : {
        ...common,
        type: "f32",
        width: 4,
        size: 4,
        bits: 23,
        codes: single,
        scalar: { load: 0x2a, store: 0x38, add: 0x92, mul: 0x94 },
      };
}

/** Pushes a number in every lane. */
export function splat(code: Code, { dtype }: Lanes, value: number): Code {
  const key = `${dtype} ${Object.is(value, -0) ? "-0" : value}`;
  return code.constant(key, () => {
    const data = dtype === "float64" ? new Float64Array(2) : new Float32Array(4);
    return new Uint8Array(data.fill(value).buffer);
  });
}

/** Pushes a pattern of bits in every lane; for float32, the low word. */
export function pattern(code: Code, { dtype }: Lanes, bits: bigint): Code {
  return code.constant(`${dtype} bits ${bits}`, () => {
    const data =
      dtype === "float64"
        ? new BigUint64Array(2).fill(bits)
        : new Uint32Array(4).fill(Number(bits));
    return new Uint8Array(data.buffer);
  });
}

/** Of a, b, c on the stack, a·b + c. */
export function multiplyAdd(code: Code, { codes, type, fused }: Lanes, c: () => void): Code {
  if (fused) {
    c();
    return code.simd(codes.madd);
  }
  code.simd(codes.mul);
  c();
  return code.simd(type === "f64" ? double.add : single.add);
}

/**
 * Of x on the stack, −x, and |x|, by the bit of the sign. There are instructions for both, but the engine gets the first
 * wrong where it makes one vector of 256 bits of two (it turns another bit of a float64 when x is needed again).
 */
export function negate(code: Code, lanes: Lanes): Code {
  return splat(code, lanes, -0).simd(v128.xor);
}

export function absolute(code: Code, lanes: Lanes): Code {
  return splat(code, lanes, -0).simd(v128.andnot);
}
