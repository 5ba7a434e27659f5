/** A matrix times a vector: each number of the output is the product of a row and the vector, both read along. */
import type { Cut, GemmInstruction, Slot } from "../program.ts";
import { op, type Code } from "./code.ts";
import { baseOf, begin, floatOf, overPart, PART, type Emitting, type Target } from "./emit.ts";
import { multiplyAdd, splat, v128 } from "./lanes.ts";
import { across, inStretches } from "./sums.ts";

/** The shortest rows that are worth it. */
const SHORTEST = 17;

/** Whether a product is one of rows with a vector. */
export function isOfRows({ layout: { k, n, transpose, outOffsets } }: GemmInstruction): boolean {
  return n === 1 && k >= SHORTEST && transpose !== "a" && outOffsets.length === 1;
}

/** A local that goes along an operand, and what is added to it. */
interface Cursor {
  readonly local: number;
  readonly offset: number;
}

interface Multiplying {
  readonly emitting: Emitting;
  readonly step: GemmInstruction;
  readonly row: Cursor;
  readonly out: Cursor;
  readonly addend: Cursor | undefined;
  /** Where the vector begins, and what goes along it. */
  readonly vector: Cursor;
  readonly along: Cursor;
  readonly sums: readonly number[];
}

/** The function of a product with a vector. */
export function emitDots(target: Target, step: GemmInstruction, cut?: Cut): Code {
  const emitting = begin(target, floatOf([step.out])!);
  const { code, lanes } = emitting;
  const { layout, update } = step;
  const { m, k } = layout;
  /** A cursor at an operand; in parts, where the part begins, of which each row has so many numbers. */
  const start = (slot: Slot, [at]: readonly number[], perRow: number): Cursor => {
    const { local, offset } = baseOf(emitting, slot);
    const cursor = { local: code.local("i32"), offset: offset + at * lanes.size };
    if (local === undefined) code.i32(0);
    else code.get(local);
    const bytes = (cut?.part ?? 0) * perRow * lanes.size;
    if (bytes > 0) code.get(PART).i32(bytes).op(op.i32Mul, op.i32Add);
    code.set(cursor.local);
    return cursor;
  };
  const vector = start(step.b, layout.bOffsets, 0);
  const ways = Math.min(Math.floor(k / lanes.width), lanes.wide ? 8 : 4);
  const multiplying: Multiplying = {
    emitting,
    step,
    row: start(step.a, layout.aOffsets, k),
    out: start(step.out, layout.outOffsets, 1),
    addend: update && start(update.addend, layout.outOffsets, 1),
    vector,
    along: { local: code.local("i32"), offset: vector.offset },
    sums: Array.from({ length: ways }, () => code.local("v128")),
  };
  const one = (): void => {
    dot(multiplying);
    put(multiplying);
  };
  if (cut === undefined) code.times(m, one);
  else overPart(code, cut.part, m, { step: 1, body: one });
  return code;
}

/** The product of a row and the vector, in the first lane of the first sum. */
function dot(multiplying: Multiplying): void {
  const { emitting, step, row, vector, along, sums } = multiplying;
  const { code, lanes } = emitting;
  const { k } = step.layout;
  const vectors = Math.floor(k / lanes.width);
  const ways = sums.length;
  code.get(vector.local).set(along.local);
  for (const sum of sums) splat(code, lanes, 0).set(sum);
  inStretches(code, lanes, { rounds: Math.floor(vectors / ways), sums }, () => {
    for (const [i, sum] of sums.entries()) add(multiplying, sum, v128.load, i * 16);
    for (const each of [row, along]) move(code, each, ways * 16);
  });
  const left = vectors % ways;
  for (let i = 0; i < left; i++) add(multiplying, sums[i], v128.load, i * 16);
  const [sum, ...others] = sums;
  for (const other of others) code.get(sum).get(other).simd(lanes.codes.add).set(sum);
  across(code, lanes, sum, lanes.codes.add);
  const end = k - (vectors - left) * lanes.width;
  for (let i = left * lanes.width; i < end; i++) {
    add(multiplying, sum, lanes.codes.loadSplat, i * lanes.size);
  }
  move(code, row, end * lanes.size);
}

/** Adds the product of what lies so many bytes on in the row and in the vector. */
function add(
  { emitting, row, along }: Multiplying,
  sum: number,
  load: number,
  bytes: number,
): void {
  const { code, lanes } = emitting;
  for (const { local, offset } of [row, along]) code.get(local).simdMemory(load, offset + bytes);
  multiplyAdd(code, lanes, () => code.get(sum)).set(sum);
}

/** Writes the sum, or with an addend addend + scale · sum. */
function put({ emitting, step, out, addend, sums: [sum] }: Multiplying): void {
  const { code, lanes } = emitting;
  code.get(out.local).get(sum);
  if (addend !== undefined) {
    splat(code, lanes, step.update!.scale);
    multiplyAdd(code, lanes, () => {
      code.get(addend.local).simdMemory(lanes.codes.loadSplat, addend.offset);
    });
    move(code, addend, lanes.size);
  }
  code.simdMemory(lanes.codes.storeLane, out.offset, 0);
  move(code, out, lanes.size);
}

function move(code: Code, { local }: Cursor, bytes: number): void {
  if (bytes > 0) code.get(local).i32(bytes).op(op.i32Add).set(local);
}
