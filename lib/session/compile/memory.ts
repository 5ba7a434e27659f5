/** Where each value lies: slots whose times do not overlap share memory. */
import {
  outputsOf,
  readsOf,
  type Kernel,
  type Phase,
  type Program,
  type Slot,
  type Stretch,
} from "../../backend/program.ts";
import { bytesOf, OWN_BYTES, roomFor, roomOf } from "../../backend/wasm/emit.ts";
import { stridesOf } from "../../core/shape.ts";

interface Range {
  readonly start: number;
  readonly length: number;
}

/** Memory that is given out and taken back, as little of it as possible. */
class Arena {
  #free: Range[] = [];
  end = 0;

  take(length: number): number {
    // The smallest gap that is large enough.
    const gap = this.#free
      .filter((range) => range.length >= length)
      .reduce<Range | undefined>(
        (best, x) => (best && best.length <= x.length ? best : x),
        undefined,
      );
    if (gap === undefined) {
      const last = this.#free.find((range) => range.start + range.length === this.end);
      const start = last?.start ?? this.end;
      if (last !== undefined) this.#free.splice(this.#free.indexOf(last), 1);
      this.end = start + length;
      return start;
    }
    this.#free.splice(this.#free.indexOf(gap), 1);
    if (gap.length > length) {
      this.#free.push({ start: gap.start + length, length: gap.length - length });
    }
    return gap.start;
  }

  give(start: number, length: number): void {
    const before = this.#free.find((range) => range.start + range.length === start);
    const after = this.#free.find((range) => range.start === start + length);
    this.#free = this.#free.filter((range) => range !== before && range !== after);
    const first = before?.start ?? start;
    this.#free.push({ start: first, length: start + length + (after?.length ?? 0) - first });
  }
}

/** Kernels between which memory may change hands: one by one, but those of a phase in parts all at once. */
interface Stage {
  readonly kernels: readonly Kernel[];
  readonly cuts: Phase["cuts"];
  /** How many of the kernels read each slot. */
  readonly readers: ReadonlyMap<Slot, number>;
}

function stagesOf(phases: readonly Phase[]): Stage[] {
  return phases.flatMap(({ kernels, parts, cuts }) => {
    const groups = parts === 1 ? kernels.map((kernel) => [kernel]) : [kernels];
    return groups.map((group) => ({ kernels: group, cuts, readers: readersOf(group) }));
  });
}

/** Plans memory for phases; `roots` are read after the last of them. */
export function planMemory(phases: readonly Phase[], roots: ReadonlySet<Slot>): Program {
  const stages = stagesOf(phases);
  const slots = new Set<Slot>(roots);
  const lastRead = new Map<Slot, number>();
  for (const [i, { kernels, readers }] of stages.entries()) {
    for (const slot of readers.keys()) lastRead.set(slot, i);
    for (const slot of [...readers.keys(), ...kernels.flatMap(outputsOf)]) slots.add(slot);
  }
  const arena = new Arena();
  const offsets = new Map<Slot, number>();
  const own = new Map<Slot, Stretch>();
  for (const slot of slots) {
    if (slot.origin !== "planned" && slot.origin !== "exchanged")
      offsets.set(slot, arena.take(roomOf(slot)));
  }
  for (const [i, stage] of stages.entries()) {
    const isDying = (slot: Slot): boolean =>
      slot.origin === "planned" && !roots.has(slot) && (lastRead.get(slot) ?? i) === i;
    for (const [slot, stretch] of ownOf(stage, isDying)) own.set(slot, stretch);
    const dying = new Set([...stage.readers.keys()].filter((x) => isDying(x) && !own.has(x)));
    for (const kernel of stage.kernels) {
      for (const slot of outputsOf(kernel)) {
        if (slot.origin !== "planned" || offsets.has(slot) || own.has(slot)) continue;
        const inherited = [...dying].find(
          (old) =>
            offsets.has(old) &&
            stage.readers.get(old) === 1 &&
            roomOf(old) === roomOf(slot) &&
            canReplace(kernel, old, slot),
        );
        if (inherited !== undefined) dying.delete(inherited);
        offsets.set(slot, offsets.get(inherited ?? slot) ?? arena.take(roomOf(slot)));
        if (isDying(slot)) dying.add(slot);
      }
    }
    for (const slot of dying) arena.give(offsets.get(slot)!, roomOf(slot));
  }
  const kernels = phases.flatMap((phase) => phase.kernels);
  return { phases, kernels, slots: [...slots], offsets, own, bytes: arena.end };
}

/** The memory of one thread for the slots that the part it computes writes and reads, and nothing else ever does. */
function ownOf({ kernels, cuts }: Stage, isDying: (slot: Slot) => boolean): Map<Slot, Stretch> {
  const arena = new Arena();
  const own = new Map<Slot, Stretch>();
  const lastRead = new Map<Slot, Kernel>();
  for (const kernel of kernels) for (const slot of readsOf(kernel)) lastRead.set(slot, kernel);
  for (const kernel of kernels) {
    const writes = cuts.get(kernel)?.writes;
    const done = [...readsOf(kernel)].filter((x) => own.has(x) && lastRead.get(x) === kernel);
    for (const slot of writes === undefined ? [] : outputsOf(kernel)) {
      const bytes = writes! * bytesOf(slot);
      const room = roomFor(bytes);
      if (!isDying(slot) || arena.end + room > OWN_BYTES) continue;
      own.set(slot, { offset: arena.take(room), bytes });
    }
    for (const slot of done) arena.give(own.get(slot)!.offset, roomFor(own.get(slot)!.bytes));
  }
  return own;
}

/** How many of some kernels read each slot. */
function readersOf(kernels: readonly Kernel[]): ReadonlyMap<Slot, number> {
  const readers = new Map<Slot, number>();
  for (const slot of kernels.flatMap((kernel) => [...readsOf(kernel)])) {
    readers.set(slot, (readers.get(slot) ?? 0) + 1);
  }
  return readers;
}

/** Whether an output may take an input's memory: each position is read before the same one is written. */
function canReplace(kernel: Kernel, old: Slot, slot: Slot): boolean {
  if (kernel.kind !== "map" || old.dtype !== slot.dtype || old.size !== slot.size) return false;
  if (!readsOf(kernel).has(old)) return false;
  const own = stridesOf(kernel.shape).join();
  return kernel.body
    .flatMap((one) => one.inputs)
    .every((x) => x.slot !== old || x.strides.join() === own);
}
