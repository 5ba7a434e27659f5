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
  let rest = kernels;
  while (rest.length > 0) {
    const phase = nextPhase(rest, sharing);
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
function nextPhase(rest: readonly Kernel[], { threads, worth }: Sharing): Phase | undefined {
  for (const level of levels) {
    if (isLonger(rest[0], level)) continue;
    const parts = threads * level.each;
    const found = cutsOf(rest[0], parts)
      .map((cut) => grow(rest, cut, level, parts))
      .reduce<Growing | undefined>(
        (best, one) => (best === undefined || one.time > best.time ? one : best),
        undefined,
      );
    if (found === undefined || found.time < worth || found.longest < level.from) continue;
    return { kernels: [...found.cuts.keys()], parts, cuts: found.cuts };
  }
  return undefined;
}

interface Growing {
  readonly cuts: ReadonlyMap<Kernel, Cut>;
  readonly time: number;
  /** The time of the product that takes longest, or of all where there are none. */
  readonly longest: number;
}

/** The first kernel, cut in a certain way, and all those ahead of which a part needs nothing of the other parts. */
function grow(rest: readonly Kernel[], first: Cut, level: Level, parts: number): Growing {
  const cuts = new Map<Kernel, Cut>();
  const written = new Map<Slot, number | undefined>();
  // What kernels that come before read or write, and what those that stay behind write.
  const touched = new Set<Slot>();
  const missing = new Set<Slot>();
  for (const kernel of rest.slice(0, WINDOW)) {
    const outputs = outputsOf(kernel);
    const reads = readsOf(kernel);
    const isFree =
      !isLonger(kernel, level) &&
      ![...reads].some((slot) => missing.has(slot)) &&
      !outputs.some((slot) => touched.has(slot));
    const options = kernel === rest[0] ? [first] : isFree ? cutsOf(kernel, parts) : [];
    const cut = options.find((one) => follows(kernel, one, written));
    for (const slot of [...reads, ...outputs]) touched.add(slot);
    if (cut === undefined) {
      for (const slot of outputs) missing.add(slot);
      continue;
    }
    cuts.set(kernel, cut);
    for (const slot of outputs) written.set(slot, cut.writes);
  }
  const times = [...cuts.keys()].map(timeOf);
  const time = times.reduce((sum, each) => sum + each, 0);
  const products = times.filter((_, i) => [...cuts.keys()][i].kind === "gemm");
  return { cuts, time, longest: products.length > 0 ? Math.max(...products) : time };
}

/** Whether a product needs more parts than a level has, or is not wanted there. */
function isLonger(kernel: Kernel, { each, products }: Level): boolean {
  if (kernel.kind !== "gemm") return false;
  return (
    !products ||
    levels.some((other) => other.products && other.each > each && timeOf(kernel) >= other.from)
  );
}
