/** Products with a tiny matrix, which stays in registers: written out, with no packing. */
import type { GemmInstruction, Slot } from "../program.ts";
import { op, type Code } from "./code.ts";
import { address, baseOf, begin, floatOf, type Base, type Emitting, type Target } from "./emit.ts";
import { splat, v128 } from "./lanes.ts";
import { inStretches } from "./sums.ts";

/** The strides of a product's operands in numbers: a[i, p], b[p, j], out[i, j]. */
export interface Strides {
  readonly aI: number;
  readonly aP: number;
  readonly bP: number;
  readonly bJ: number;
}

/** The strides of a gemm's layout. */
export function stridesOfGemm({ layout: { m, k, n, transpose } }: GemmInstruction): Strides {
  return {
    aI: transpose === "a" ? 1 : k,
    aP: transpose === "a" ? m : 1,
    bP: transpose === "b" ? 1 : n,
    bJ: transpose === "b" ? k : 1,
  };
}

/** Which of the two ways fits, if any: the right factor in registers, or the output. */
export function tinyKind(step: GemmInstruction, width: number): "right" | "output" | undefined {
  const { m, k, n, outOffsets, transpose } = step.layout;
  if (outOffsets.length !== 1) return undefined;
  const vectors = Math.ceil(n / width);
  if (k * vectors <= 16) return "right";
  return m * vectors <= 12 && transpose !== "b" ? "output" : undefined;
}

interface Multiplying {
  readonly emitting: Emitting;
  readonly step: GemmInstruction;
  readonly strides: Strides;
  readonly a: Base;
  readonly b: Base;
  readonly out: Base;
  readonly addend: Base | undefined;
  readonly vectors: number;
}

/** The function of a product with a tiny matrix. */
export function emitTinyGemm(target: Target, step: GemmInstruction): Code {
  const emitting = begin(target, floatOf([step.out])!);
  const { layout, update } = step;
  const shifted = (slot: Slot, offset: number): Base => {
    const base = baseOf(emitting, slot);
    return { ...base, offset: base.offset + offset * emitting.lanes.size };
  };
  const multiplying: Multiplying = {
    emitting,
    step,
    strides: stridesOfGemm(step),
    a: shifted(step.a, layout.aOffsets[0]),
    b: shifted(step.b, layout.bOffsets[0]),
    out: shifted(step.out, layout.outOffsets[0]),
    addend: update && shifted(update.addend, layout.outOffsets[0]),
    vectors: Math.ceil(layout.n / emitting.lanes.width),
  };
  if (tinyKind(step, emitting.lanes.width) === "right") right(multiplying);
  else output(multiplying);
  return emitting.code;
}

/** Pushes b[p, j…] as a vector, with whatever lies behind the last column. */
function pushB(
  { emitting, strides, b, step }: Multiplying,
  p: number,
  v: number,
  at?: number,
): void {
  const { code, lanes } = emitting;
  const first = (p * strides.bP + v * lanes.width * strides.bJ) * lanes.size;
  if (strides.bJ === 1) {
    code.simdMemory(v128.load, address(code, b, at) + first);
    return;
  }
  const vector = code.local("v128");
  code.simdMemory(lanes.codes.loadSplat, address(code, b, at) + first).set(vector);
  const count = Math.min(lanes.width, step.layout.n - v * lanes.width);
  for (let i = 1; i < count; i++) {
    const offset = address(code, b, at) + first + i * strides.bJ * lanes.size;
    code.get(vector).simdMemory(lanes.codes.loadLane, offset, i).set(vector);
  }
  code.get(vector);
  code.release("v128", vector);
}

/** Adds the product of the two vectors that are pushed to a local. */
function accumulate(
  { emitting: { code, lanes } }: Multiplying,
  sum: number,
  push: () => void,
): void {
  if (lanes.fused) {
    push();
    code.get(sum).simd(lanes.codes.madd).set(sum);
    return;
  }
  code.get(sum);
  push();
  code.simd(lanes.codes.mul).simd(lanes.codes.add).set(sum);
}

/** Every vector of b in a local; each row of a makes a row of the output. */
function right(multiplying: Multiplying): void {
  const { emitting, step, strides, a, vectors } = multiplying;
  const { code, lanes } = emitting;
  const { m, k, n } = step.layout;
  const b = Array.from({ length: k * vectors }, (_, i) => {
    const local = code.local("v128");
    pushB(multiplying, Math.floor(i / vectors), i % vectors);
    code.set(local);
    return local;
  });
  const [from, to] = [code.local("i32"), code.local("i32")];
  code.i32(0).set(from).i32(0).set(to);
  const sums = Array.from({ length: vectors }, () => code.local("v128"));
  code.times(m, () => {
    for (const sum of sums) splat(code, lanes, 0).set(sum);
    for (let p = 0; p < k; p++) {
      const x = code.local("v128");
      const offset = address(code, a, from) + p * strides.aP * lanes.size;
      code.simdMemory(lanes.codes.loadSplat, offset).set(x);
      for (const [v, sum] of sums.entries()) {
        accumulate(multiplying, sum, () => code.get(x).get(b[p * vectors + v]));
      }
      code.release("v128", x);
    }
    for (const [v, sum] of sums.entries()) put(multiplying, sum, to, v * lanes.width);
    code
      .get(from)
      .i32(strides.aI * lanes.size)
      .op(op.i32Add)
      .set(from);
    code
      .get(to)
      .i32(n * lanes.size)
      .op(op.i32Add)
      .set(to);
  });
}

/** Every vector of the output in a local, to which the outer product of a column and a row is added. */
function output(multiplying: Multiplying): void {
  const { emitting, step, strides, a, vectors } = multiplying;
  const { code, lanes } = emitting;
  const { m, k, n } = step.layout;
  const [left, below] = [code.local("i32"), code.local("i32")];
  code.i32(0).set(left).i32(0).set(below);
  const ways = m * vectors <= 4 && k >= 8 ? 2 : 1;
  const sums = Array.from({ length: m * vectors * ways }, () => code.local("v128"));
  for (const sum of sums) splat(code, lanes, 0).set(sum);
  const outer = (way: number): void => {
    for (let v = 0; v < vectors; v++) {
      const y = code.local("v128");
      pushB(multiplying, way, v, below);
      code.set(y);
      for (let i = 0; i < m; i++) {
        accumulate(multiplying, sums[(way * m + i) * vectors + v], () => {
          const offset = address(code, a, left) + (way * strides.aP + i * strides.aI) * lanes.size;
          code.simdMemory(lanes.codes.loadSplat, offset).get(y);
        });
      }
      code.release("v128", y);
    }
  };
  inStretches(code, lanes, { rounds: Math.floor(k / ways), sums }, () => {
    for (let way = 0; way < ways; way++) outer(way);
    code
      .get(left)
      .i32(ways * strides.aP * lanes.size)
      .op(op.i32Add)
      .set(left);
    code
      .get(below)
      .i32(ways * strides.bP * lanes.size)
      .op(op.i32Add)
      .set(below);
  });
  if (k % ways > 0) outer(0);
  const count = m * vectors;
  for (let i = count; i < sums.length; i++) {
    code
      .get(sums[i - count])
      .get(sums[i])
      .simd(lanes.codes.add)
      .set(sums[i - count]);
  }
  for (let i = 0; i < m; i++) {
    for (let v = 0; v < vectors; v++) {
      put(multiplying, sums[i * vectors + v], undefined, i * n + v * lanes.width, v * lanes.width);
    }
  }
}

/** Writes a vector of the output, of its last column only the lanes that are there. */
function put(
  multiplying: Multiplying,
  sum: number,
  at: number | undefined,
  position: number,
  column = position,
): void {
  const { emitting, step, out, addend } = multiplying;
  const { code, lanes } = emitting;
  const bytes = position * lanes.size;
  if (addend !== undefined) {
    accumulateUpdate(multiplying, sum, address(code, addend, at) + bytes);
  }
  const count = Math.min(lanes.width, step.layout.n - column);
  if (count === lanes.width) {
    const offset = address(code, out, at) + bytes;
    code.get(sum).simdMemory(v128.store, offset);
    return;
  }
  for (let lane = 0; lane < count; lane++) {
    const offset = address(code, out, at) + bytes + lane * lanes.size;
    code.get(sum).simdMemory(lanes.codes.storeLane, offset, lane);
  }
}

/** sum ← addend + scale · sum; the addend's address is on the stack. */
function accumulateUpdate({ emitting, step }: Multiplying, sum: number, offset: number): void {
  const { code, lanes } = emitting;
  code.simdMemory(v128.load, offset).get(sum);
  splat(code, lanes, step.update!.scale).simd(lanes.codes.mul).simd(lanes.codes.add).set(sum);
}
