/** What generated functions share: where slots lie, and how addresses are made. */
import { isFloat } from "../../core/dtype.ts";
import type { Word } from "../../core/scalar.ts";
import type { Slot, Stretch } from "../program.ts";
import { Code, op } from "./code.ts";
import { lanesOf, type Abilities, type Lanes, type Float } from "./lanes.ts";

/**
 * Where a slot lies: at an address, or at one that is read from the given address in each run. Of a slot that nothing but
 * the part of a phase reads, a thread has no more than the stretch of its part, in memory of its own.
 */
export type Place =
  | { readonly kind: "fixed" | "pointer"; readonly address: number }
  | ({ readonly kind: "own" } & Stretch);

/** What kernels are generated for. */
export interface Target extends Abilities {
  readonly place: (slot: Slot) => Place;
  readonly imported: (word: Word) => number;
}

/** A function for one kernel. It is called with the number of a part, and the address of the thread's memory. */
export interface Emitting extends Target {
  readonly code: Code;
  readonly lanes: Lanes;
}

/** The bytes of each thread for values that nothing but the part that it computes reads; they stay in the second cache. */
export const OWN_BYTES = 512 * 1024;

/** Locals of every kernel. */
export const PART = 0;
export const SCRATCH = 1;

/** Begins a function over numbers of a float type. */
export function begin(target: Target, dtype: Float): Emitting {
  return { ...target, code: new Code("i32", "i32"), lanes: lanesOf(dtype, target) };
}

/** The float type of slots that can be computed with in vectors, of which there is exactly one. */
export function floatOf(slots: Iterable<Slot>): Float | undefined {
  const found = new Set([...slots].map((slot) => slot.dtype).filter((dtype) => isFloat(dtype)));
  return found.size === 1 ? ([...found][0] as Float) : undefined;
}

/** The bytes that one number takes. */
export function bytesOf(slot: Slot): number {
  return { float64: 8, float32: 4, int32: 4, bool: 1 }[slot.dtype];
}

/** Memory that a slot takes. */
export function roomOf(slot: Slot): number {
  return roomFor(slot.size * bytesOf(slot));
}

/** Memory that so many bytes take: whole cache lines, so that vectors may run over their end. */
export function roomFor(bytes: number): number {
  return Math.max(64, Math.ceil(bytes / 64) * 64);
}

/** A slot's first address: a local to add to, or nothing but a number. */
export interface Base {
  readonly local: number | undefined;
  readonly offset: number;
}

/** The base of a slot; that of an exchanged one is read once, at the start. */
export function baseOf({ code, place }: Emitting, slot: Slot): Base {
  const found = place(slot);
  if (found.kind === "fixed") return { local: undefined, offset: found.address };
  const local = code.local("i32");
  if (found.kind === "own") {
    // Where the whole slot would begin, if its stretch lies here.
    code.get(SCRATCH).i32(found.offset).op(op.i32Add);
    code.get(PART).i32(found.bytes).op(op.i32Mul, op.i32Sub);
  } else {
    code.i32(found.address).memory(op.i32Load);
  }
  code.set(local);
  return { local, offset: 0 };
}

/** Pushes the base as an address. */
export function pushBase(code: Code, { local, offset }: Base): Code {
  return local === undefined ? code.i32(offset) : code.get(local);
}

/** Pushes an address and gives the offset to load or store with: base + the local, if any. */
export function address(code: Code, base: Base, at: number | undefined): number {
  if (at === undefined && base.local === undefined) {
    code.i32(0);
  } else if (at === undefined) {
    code.get(base.local!);
  } else {
    code.get(at);
    if (base.local !== undefined) code.get(base.local).op(op.i32Add);
  }
  return base.offset;
}

/** A loop over a stretch: its steps, and what it does in each. */
export interface Run {
  readonly step: number;
  /** Where no more than so many numbers are left, the next loop goes on. */
  readonly leave?: number;
  readonly body: () => void;
}

/** Runs loops, one after the other, over the stretch of a part. The last part may be shorter: it ends where the axis does. */
export function overPart(code: Code, part: number, length: number, ...runs: readonly Run[]): void {
  const [i, end] = [code.local("i32"), code.local("i32")];
  code.get(PART).i32(part).op(op.i32Mul).tee(i).i32(part).op(op.i32Add).set(end);
  code.i32(length).get(end).get(end).i32(length).op(op.i32GtS, op.select).set(end);
  for (const { step, leave = 0, body } of runs) {
    const limit = (): Code =>
      leave === 0 ? code.get(end) : code.get(end).i32(leave).op(op.i32Sub);
    code.loop(i, limit, step, body);
  }
}
