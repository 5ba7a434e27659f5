/** How kernels can be cut into parts, each of which a thread computes by itself. */
import { sizeOf } from "../../core/shape.ts";
import type {
  Cut,
  GemmInstruction,
  Kernel,
  MapKernel,
  ReduceInstruction,
  Slot,
} from "../program.ts";
import { canMultiply } from "./gemm.ts";
import { canVectorise, isDivisible } from "./map.ts";
import { canReduce } from "./reduce.ts";

/** Numbers that are stored together belong to one part. */
const GRAIN = 8;
/** Rows this long are not rows of what else has as many: they may be dealt out one by one. */
const LONG_ROW = 4096;

/** The stretch of one part: the same for all axes of a length, so that what one kernel writes fits what another reads. */
function partOf(length: number, parts: number, row: number): number {
  const grain = row < LONG_ROW ? GRAIN : 1;
  return Math.ceil(length / parts / grain) * grain;
}

/** The ways to cut a kernel into so many parts, the better one first; none where it has to be computed as a whole. */
export function cutsOf(kernel: Kernel, parts: number): readonly Cut[] {
  const cuts = allCuts(kernel, parts);
  return cuts.filter(({ length, part }) => part < length);
}

function allCuts(kernel: Kernel, parts: number): readonly Cut[] {
  switch (kernel.kind) {
    case "gemm":
      return canMultiply(kernel) ? gemmCuts(kernel, parts) : [];
    case "map":
      return canVectorise(kernel) && isDivisible(kernel) ? mapCuts(kernel, parts) : [];
    case "reduce":
      return canReduce(kernel) ? reduceCuts(kernel, parts) : [];
    case "call":
      return [];
    default:
      throw kernel satisfies never;
  }
}

/** Multiplications from which on the factor that is not cut is too large to be read by every part. */
const LARGE = 50_000_000;

function gemmCuts({ a, b, layout, update }: GemmInstruction, parts: number): Cut[] {
  const { m, k, n, transpose, outOffsets } = layout;
  if (outOffsets.length !== 1) return [];
  const [rows, columns] = [partOf(m, parts, 1), partOf(n, parts, 1)];
  const byRows: Cut = {
    axis: "rows",
    length: m,
    part: rows,
    reads: stretches(
      [
        ...(transpose === "a" ? [] : ([[a, rows * k]] as const)),
        ...(update === undefined ? [] : ([[update.addend, rows * n]] as const)),
      ],
      [b],
    ),
    writes: rows * n,
  };
  const byColumns: Cut = {
    axis: "columns",
    length: n,
    part: columns,
    reads: stretches(transpose === "b" ? [[b, columns * k]] : [], [a]),
    writes: undefined,
  };
  const [better, other] = m >= n ? [byRows, byColumns] : [byColumns, byRows];
  return m * n * k >= LARGE ? [better] : [better, other];
}

function mapCuts(kernel: MapKernel, parts: number): Cut[] {
  const axis = kernel.shape.findIndex((size) => size !== 1);
  if (axis < 0) return [];
  const length = kernel.shape[axis];
  const part = partOf(length, parts, 1);
  const own = new Set(kernel.body.map((one) => one.out));
  const outside = kernel.body.flatMap((one) => one.inputs).filter(({ slot }) => !own.has(slot));
  const isStretch = outside.map(({ slot, strides }) => {
    const below = kernel.shape.reduce(
      (sum, size, i) => (i === axis ? sum : sum + (size - 1) * Math.abs(strides[i])),
      0,
    );
    return strides[axis] > below && slot.size === length * strides[axis];
  });
  return [
    {
      axis: "rows",
      length,
      part,
      reads: stretches(
        outside.flatMap(({ slot, strides }, i) =>
          isStretch[i] ? [[slot, part * strides[axis]] as const] : [],
        ),
        outside.flatMap(({ slot }, i) => (isStretch[i] ? [] : [slot])),
      ),
      writes: (part * sizeOf(kernel.shape)) / length,
    },
  ];
}

function reduceCuts({ x, before, length, after }: ReduceInstruction, parts: number): Cut[] {
  if (before > 1) {
    const part = partOf(before, parts, length * after);
    const reads = new Map([[x, part * length * after]]);
    return [{ axis: "rows", length: before, part, reads, writes: part * after }];
  }
  const part = partOf(after, parts, 1);
  if (after % part !== 0) return [];
  return [{ axis: "columns", length: after, part, reads: new Map(), writes: part }];
}

/** What is read in stretches, without what is also read in another way. */
function stretches(
  some: readonly (readonly [Slot, number])[],
  wholly: readonly Slot[],
): ReadonlyMap<Slot, number> {
  const found = new Map(some);
  const isOther = ([slot, count]: readonly [Slot, number]): boolean =>
    wholly.includes(slot) || found.get(slot) !== count;
  for (const [slot] of some.filter(isOther)) found.delete(slot);
  return found;
}

/**
 * Whether a part of a kernel that reads these slots can be computed when the same part of others, which wrote some of
 * them in stretches, is done.
 */
export function follows(
  reads: ReadonlySet<Slot>,
  cut: Cut,
  written: ReadonlyMap<Slot, number | undefined>,
): boolean {
  for (const slot of reads) {
    if (!written.has(slot)) continue;
    const stretch = written.get(slot);
    if (stretch === undefined || cut.reads.get(slot) !== stretch) return false;
  }
  return true;
}
