/** A matrix times a vector: each number of the output is the product of a row and the vector, both read along. */
import type { Cut, GemmInstruction, Slot } from "../program.ts";
import { op, type Code } from "./code.ts";
import { baseOf, begin, floatOf, overPart, PART, type Base, type Target } from "./emit.ts";
import { multiplyAdd, splat, v128 } from "./lanes.ts";
import { across, inStretches } from "./sums.ts";

/** The shortest rows that are worth it. */
const SHORTEST = 17;

/** Whether a product is one of rows with a vector. */
export function isOfRows({ layout: { k, n, transpose, outOffsets } }: GemmInstruction): boolean {
  return n === 1 && k >= SHORTEST && transpose !== "a" && outOffsets.length === 1;
}

/** An operand, and the local that goes along it. */
interface Cursor {
  readonly local: number;
  /** What is added to it. */
  readonly offset: number;
}

/** The function of a product with a vector. */
export function emitDots(target: Target, step: GemmInstruction, cut?: Cut): Code {
  const emitting = begin(target, floatOf([step.out])!);
  const { code, lanes } = emitting;
  const { layout, update } = step;
  const { m, k } = layout;
  const base = (slot: Slot, [at]: readonly number[]): Base => {
    const found = baseOf(emitting, slot);
    return { ...found, offset: found.offset + at * lanes.size };
  };
  /** A cursor at an operand; in parts, where the part begins that has so many numbers for each row. */
  const start = ({ local, offset }: Base, perRow = 0): Cursor => {
    const cursor = { local: code.local("i32"), offset };
    if (local === undefined) code.i32(0);
    else code.get(local);
    if (cut !== undefined && perRow > 0) {
      code.get(PART).i32(cut.part * perRow * lanes.size);
      code.op(op.i32Mul, op.i32Add);
    }
    code.set(cursor.local);
    return cursor;
  };
  const vector = base(step.b, layout.bOffsets);
  const row = start(base(step.a, layout.aOffsets), k);
  const out = start(base(step.out, layout.outOffsets), 1);
  const addend = update && start(base(update.addend, layout.outOffsets), 1);
  const vectors = Math.floor(k / lanes.width);
  const ways = Math.min(vectors, lanes.wide ? 8 : 4);
  const sums = Array.from({ length: ways }, () => code.local("v128"));
  const move = ({ local }: Cursor, bytes: number): void => {
    code.get(local).i32(bytes).op(op.i32Add).set(local);
  };
  const dot = (): void => {
    const along = start(vector);
    const add = (sum: number, load: number, bytes: number): void => {
      for (const { local, offset } of [row, along])
        code.get(local).simdMemory(load, offset + bytes);
      multiplyAdd(code, lanes, () => code.get(sum)).set(sum);
    };
    for (const sum of sums) splat(code, lanes, 0).set(sum);
    inStretches(code, lanes, { rounds: Math.floor(vectors / ways), sums }, () => {
      for (const [i, sum] of sums.entries()) add(sum, v128.load, i * 16);
      for (const each of [row, along]) move(each, ways * 16);
    });
    for (let i = 0; i < vectors % ways; i++) add(sums[i], v128.load, i * 16);
    const [sum, ...others] = sums;
    for (const other of others) code.get(sum).get(other).simd(lanes.codes.add).set(sum);
    across(code, lanes, sum, lanes.codes.add);
    const rest = (vectors % ways) * lanes.width;
    for (let i = 0; i < k % lanes.width; i++) {
      add(sum, lanes.codes.loadSplat, (rest + i) * lanes.size);
    }
    move(row, (rest + (k % lanes.width)) * lanes.size);
    code.release("i32", along.local);
    code.get(out.local);
    if (addend === undefined) code.get(sum);
    else {
      code.get(sum);
      splat(code, lanes, update!.scale);
      multiplyAdd(code, lanes, () => {
        code.get(addend.local).simdMemory(lanes.codes.loadSplat, addend.offset);
      });
    }
    code.simdMemory(lanes.codes.storeLane, out.offset, 0);
    for (const each of addend === undefined ? [out] : [out, addend]) move(each, lanes.size);
  };
  if (cut === undefined) code.times(m, dot);
  else overPart(code, cut.part, m, { step: 1, body: dot });
  return code;
}
