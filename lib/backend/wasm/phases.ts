/** Which kernels threads compute without waiting for each other in between, and which are computed by one alone. */
import { outputsOf, readsOf, type Cut, type Kernel, type Phase, type Slot } from "../program.ts";
import { cutsOf, follows } from "./cut.ts";
import { timeOf } from "./work.ts";

/** Nanoseconds of work below which a second thread costs more than it brings. */
export const WORTH_SHARING = 14_000;

/** How many kernels ahead may be looked at for one that can be computed earlier. */
const WINDOW = 64;

/**
 * Parts for each thread, the most first. With more parts than threads, one that is held up does not hold up the others;
 * but each part of a product packs anew. Where there are no products, parts are so small that what one kernel writes is
 * still in the cache when another reads it. Taken if a phase has a kernel, or all of it, that takes so many nanoseconds.
 */
const levels = [
  { each: 16, from: 1_000_000, products: false },
  { each: 4, from: 10_000_000, products: true },
  { each: 2, from: 1_000_000, products: true },
  { each: 1, from: 0, products: true },
] as const;

type Level = (typeof levels)[number];

/** How many parts a phase has at most for each thread. */
export const MOST_PARTS = Math.max(...levels.map(({ each }) => each));

/** How work is shared. */
export interface Sharing {
  readonly threads: number;
  /** Nanoseconds of work below which one thread computes alone. */
  readonly worth: number;
}

/** Puts kernels into phases, none before what it reads. */
export function phasesOf(kernels: readonly Kernel[], sharing: Sharing): Phase[] {
  const alone = (some: readonly Kernel[]): Phase => ({ kernels: some, parts: 1, cuts: new Map() });
  const time = kernels.reduce((sum, kernel) => sum + timeOf(kernel), 0);
  if (sharing.threads < 2 || time < sharing.worth) return [alone(kernels)];
  const phases: Phase[] = [];
  let single: Kernel[] = [];
  const close = (): void => {
    if (single.length > 0) phases.push(alone(single));
    single = [];
  };
  const looks = new Looks();
  let rest = kernels;
  while (rest.length > 0) {
    const phase = nextPhase(rest, sharing, looks);
    if (phase === undefined) {
      single.push(rest[0]);
      rest = rest.slice(1);
      continue;
    }
    close();
    phases.push(phase);
    rest = rest.filter((kernel) => !phase.cuts.has(kernel));
  }
  close();
  return phases;
}

/** The phase that begins with the first of these kernels; nothing if it is not worth while. */
function nextPhase(
  rest: readonly Kernel[],
  { threads, worth }: Sharing,
  looks: Looks,
): Phase | undefined {
  const ahead = rest.slice(0, WINDOW);
  for (const level of levels) {
    const parts = threads * level.each;
    // What is not there cannot be found.
    if (isLonger(ahead[0], level) || longest(ahead, level) < level.from) continue;
    const found = looks
      .cuts(ahead[0], parts)
      .map((cut) => grow(ahead, cut, { level, parts, looks }))
      .reduce<Growing | undefined>(
        (best, one) => (best === undefined || one.time > best.time ? one : best),
        undefined,
      );
    if (found === undefined || found.time < worth || found.longest < level.from) continue;
    return { kernels: [...found.cuts.keys()], parts, cuts: found.cuts };
  }
  return undefined;
}

/** What is asked of a kernel again and again: what it reads, and how it can be cut. */
class Looks {
  readonly #reads = new Map<Kernel, ReadonlySet<Slot>>();
  readonly #known = new Map<Kernel, Map<number, readonly Cut[]>>();

  reads(kernel: Kernel): ReadonlySet<Slot> {
    const reads = this.#reads.get(kernel) ?? readsOf(kernel);
    this.#reads.set(kernel, reads);
    return reads;
  }

  cuts(kernel: Kernel, parts: number): readonly Cut[] {
    const byParts = this.#known.get(kernel) ?? new Map<number, readonly Cut[]>();
    this.#known.set(kernel, byParts);
    const cuts = byParts.get(parts) ?? cutsOf(kernel, parts);
    byParts.set(parts, cuts);
    return cuts;
  }
}

/** The time of the product that takes longest, or of all where there are none or none are wanted. */
function longest(kernels: readonly Kernel[], { products }: Pick<Level, "products">): number {
  const times = products ? kernels.filter(({ kind }) => kind === "gemm").map(timeOf) : [];
  return times.length > 0 ? Math.max(...times) : kernels.reduce((sum, x) => sum + timeOf(x), 0);
}

interface Growing {
  readonly cuts: ReadonlyMap<Kernel, Cut>;
  readonly time: number;
  readonly longest: number;
}

/** The first kernel, cut in a certain way, and all those ahead of which a part needs nothing of the other parts. */
function grow(
  ahead: readonly Kernel[],
  first: Cut,
  { level, parts, looks }: { level: Level; parts: number; looks: Looks },
): Growing {
  const cuts = new Map<Kernel, Cut>();
  const written = new Map<Slot, number | undefined>();
  // What kernels that come before read or write, and what those that stay behind write.
  const touched = new Set<Slot>();
  const missing = new Set<Slot>();
  for (const kernel of ahead) {
    const outputs = outputsOf(kernel);
    const reads = looks.reads(kernel);
    const isFree =
      !isLonger(kernel, level) &&
      !isAny(reads, missing) &&
      !outputs.some((slot) => touched.has(slot));
    const options = kernel === ahead[0] ? [first] : isFree ? looks.cuts(kernel, parts) : [];
    const cut = options.find((one) => follows(reads, one, written));
    for (const slot of reads) touched.add(slot);
    for (const slot of outputs) touched.add(slot);
    if (cut === undefined) {
      for (const slot of outputs) missing.add(slot);
      continue;
    }
    cuts.set(kernel, cut);
    for (const slot of outputs) written.set(slot, cut.writes);
  }
  const kernels = [...cuts.keys()];
  const time = kernels.reduce((sum, kernel) => sum + timeOf(kernel), 0);
  return { cuts, time, longest: longest(kernels, { products: true }) };
}

function isAny(slots: ReadonlySet<Slot>, of: ReadonlySet<Slot>): boolean {
  for (const slot of slots) if (of.has(slot)) return true;
  return false;
}

/** Whether a product needs more parts than a level has, or is not wanted there. */
function isLonger(kernel: Kernel, { each, products }: Level): boolean {
  if (kernel.kind !== "gemm") return false;
  return (
    !products ||
    levels.some((other) => other.products && other.each > each && timeOf(kernel) >= other.from)
  );
}
