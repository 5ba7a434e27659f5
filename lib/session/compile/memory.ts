/** Where each value lies: slots whose times do not overlap share memory. */
import {
  outputsOf,
  readsOf,
  type Kernel,
  type Phase,
  type Program,
  type Slot,
} from "../../backend/program.ts";
import { roomOf } from "../../backend/wasm/emit.ts";
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
function stagesOf(phases: readonly Phase[]): (readonly Kernel[])[] {
  return phases.flatMap(({ kernels, parts }) =>
    parts === 1 ? kernels.map((kernel) => [kernel]) : [kernels],
  );
}

/** Plans memory for phases; `roots` are read after the last of them. */
export function planMemory(phases: readonly Phase[], roots: ReadonlySet<Slot>): Program {
  const stages = stagesOf(phases).map((kernels) => ({ kernels, readers: readersOf(kernels) }));
  const slots = new Set<Slot>(roots);
  const lastRead = new Map<Slot, number>();
  for (const [i, { kernels, readers }] of stages.entries()) {
    for (const slot of readers.keys()) lastRead.set(slot, i);
    for (const slot of [...readers.keys(), ...kernels.flatMap(outputsOf)]) slots.add(slot);
  }
  const arena = new Arena();
  const offsets = new Map<Slot, number>();
  const isPassing = (slot: Slot): boolean => slot.origin === "planned" && !roots.has(slot);
  for (const slot of slots) {
    if (slot.origin !== "planned" && slot.origin !== "exchanged")
      offsets.set(slot, arena.take(roomOf(slot)));
  }
  for (const [i, { kernels, readers }] of stages.entries()) {
    const dying = new Set(
      [...readers.keys()].filter((slot) => isPassing(slot) && lastRead.get(slot) === i),
    );
    for (const kernel of kernels) {
      for (const slot of outputsOf(kernel)) {
        if (slot.origin !== "planned" || offsets.has(slot)) continue;
        const inherited = [...dying].find(
          (old) =>
            roomOf(old) === roomOf(slot) &&
            offsets.has(old) &&
            readers.get(old) === 1 &&
            readsOf(kernel).has(old) &&
            canReplace(kernel, old, slot),
        );
        if (inherited !== undefined) dying.delete(inherited);
        offsets.set(
          slot,
          inherited === undefined ? arena.take(roomOf(slot)) : offsets.get(inherited)!,
        );
        if (!lastRead.has(slot) && isPassing(slot)) dying.add(slot);
      }
    }
    for (const slot of dying) arena.give(offsets.get(slot)!, roomOf(slot));
  }
  const kernels = phases.flatMap((phase) => phase.kernels);
  return { phases, kernels, slots: [...slots], offsets, bytes: arena.end };
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
  const own = stridesOf(kernel.shape).join();
  return kernel.body
    .flatMap((one) => one.inputs)
    .every((x) => x.slot !== old || x.strides.join() === own);
}
