/** Elementwise instructions gathered into kernels: what is computed over the same positions needs one loop. */
import {
  outputOf,
  type Access,
  type Instruction,
  type Kernel,
  type MapInstruction,
  type Slot,
} from "../../backend/program.ts";
import { isFloat, type Dtype } from "../../core/dtype.ts";
import { sizeOf, stridesOf, type Shape } from "../../core/shape.ts";
import { isPlain } from "./update.ts";

/** A kernel that is still growing. */
interface Group {
  readonly shape: Shape;
  readonly dtype: Dtype | undefined;
  readonly body: MapInstruction[];
}

/** Bodies longer than this do not stay in registers, and are slow to compile. */
const LONGEST = 48;

/** Puts every instruction into a kernel, none before what it reads. */
export function fuse(instructions: readonly Instruction[], roots: ReadonlySet<Slot>): Kernel[] {
  const places: (Group | Exclude<Instruction, MapInstruction>)[] = [];
  const writtenAt = new Map<Slot, number>();
  const groupsBySize = new Map<number, number[]>();
  for (const one of instructions) {
    if (one.kind !== "map") {
      writtenAt.set(outputOf(one), places.push(one) - 1);
      continue;
    }
    const at = placeFor(one, places, writtenAt, groupsBySize);
    const group = places[at] as Group;
    group.body.push(inShape(one, group.shape));
    writtenAt.set(one.out, at);
  }
  return kernelsOf(places, roots);
}

function placeFor(
  one: MapInstruction,
  places: (Group | Exclude<Instruction, MapInstruction>)[],
  writtenAt: ReadonlyMap<Slot, number>,
  groupsBySize: Map<number, number[]>,
): number {
  const size = sizeOf(one.shape);
  const same = groupsBySize.get(size) ?? [];
  groupsBySize.set(size, same);
  const isFlat = one.inputs.every((x) => isPlain(x, one.shape));
  // A slot that several instructions write, they write in order.
  let earliest = (writtenAt.get(one.out) ?? -1) + 1;
  for (const access of one.inputs) {
    const at = writtenAt.get(access.slot);
    if (at === undefined) continue;
    // What is not read position by position has to be complete.
    earliest = Math.max(earliest, isPlain(access, one.shape) ? at : at + 1);
  }
  const dtype = floatType(one);
  const candidates = dtype === undefined ? 0 : same.length;
  for (let i = candidates - 1; i >= 0 && same[i] >= earliest; i--) {
    const group = places[same[i]] as Group;
    const fits = isFlat || String(group.shape) === String(one.shape);
    if (fits && group.body.length < LONGEST && group.dtype === dtype) return same[i];
  }
  const at = places.push({ shape: one.shape, dtype, body: [] }) - 1;
  same.push(at);
  return at;
}

/** The one float type of an instruction, or nothing: then it has a loop of its own. */
function floatType({ inputs, out }: MapInstruction): Dtype | undefined {
  let found: Dtype | undefined;
  for (const { dtype } of [...inputs.map((x) => x.slot), out]) {
    if (dtype === "bool") continue;
    if (!isFloat(dtype) || (found !== undefined && found !== dtype)) return undefined;
    found = dtype;
  }
  return found;
}

/** An instruction that reads everything as it lies, under the shape of its group. */
function inShape(one: MapInstruction, shape: Shape): MapInstruction {
  if (one.shape === shape || String(one.shape) === String(shape)) return { ...one, shape };
  const strides = stridesOf(shape);
  return { ...one, shape, inputs: one.inputs.map(({ slot }): Access => ({ slot, strides })) };
}

function kernelsOf(
  places: readonly (Group | Exclude<Instruction, MapInstruction>)[],
  roots: ReadonlySet<Slot>,
): Kernel[] {
  const readAt = new Map<Slot, Set<number>>();
  const read = (slot: Slot, at: number): void => {
    const known = readAt.get(slot);
    if (known === undefined) readAt.set(slot, new Set([at]));
    else known.add(at);
  };
  for (const [at, place] of places.entries()) {
    if ("body" in place) for (const x of place.body.flatMap((one) => one.inputs)) read(x.slot, at);
    else for (const slot of slotsRead(place)) read(slot, at);
  }
  return places.map((place, at): Kernel => {
    if (!("body" in place)) return place;
    const stored = place.body
      .map((one) => one.out)
      .filter((slot) => {
        const isPrivate = slot.origin === "planned" && !roots.has(slot);
        return !isPrivate || [...(readAt.get(slot) ?? [])].some((reader) => reader !== at);
      });
    return { kind: "map", shape: place.shape, body: place.body, stored: new Set(stored) };
  });
}

function slotsRead(one: Exclude<Instruction, MapInstruction>): readonly Slot[] {
  switch (one.kind) {
    case "reduce":
      return [one.x];
    case "gemm":
      return one.update === undefined ? [one.a, one.b] : [one.a, one.b, one.update.addend];
    case "call":
      return one.inputs.map((x) => x.slot);
    default:
      throw one satisfies never;
  }
}
