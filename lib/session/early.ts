/** Large results are copied for the caller part by part, while other threads compute the parts after. */
import type { Buffer } from "../backend/backend.ts";
import { outputsOf, type Phase, type Program, type Slot } from "../backend/program.ts";
import { roomOf } from "../backend/wasm/emit.ts";
import type { Take } from "../backend/wasm/pool.ts";
import { allocate } from "../core/dtype.ts";
import { sizeOf } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";

/** Bytes of a result below which it is not worth the while. */
const WORTH_COPYING = 1 << 19;

/** A result that a phase writes in parts. */
interface Piecewise {
  readonly result: number;
  readonly buffer: Buffer;
  /** How many numbers belong to a part. */
  readonly stretch: number;
}

/** The results of a plan that can be taken early, by the phase that computes them. */
export class Early {
  readonly #byPhase = new Map<number, readonly Piecewise[]>();
  #tensors: ReadonlyMap<number, Tensor> = new Map();

  constructor(program: Program, results: readonly Buffer[], slots: readonly Slot[]) {
    // A run that throws has written nothing: what may throw comes before.
    const last = program.phases.findLastIndex(({ kernels }) =>
      kernels.some(({ kind }) => kind === "call"),
    );
    for (const [i, phase] of program.phases.entries()) {
      if (i <= last || phase.parts === 1) continue;
      const found = results.flatMap((buffer, result) => {
        const stretch = stretchOf(phase, slots[result]);
        return stretch === undefined ? [] : [{ result, buffer, stretch }];
      });
      if (found.length > 0) this.#byPhase.set(i, found);
    }
  }

  /** Whether there are none. */
  get isEmpty(): boolean {
    return this.#byPhase.size === 0;
  }

  /** Makes room for the results of a run: the tensors that were given, or new ones. */
  begin(into: readonly Tensor[] | undefined): ReadonlyMap<number, Tensor> {
    const tensors = new Map<number, Tensor>();
    for (const { result, buffer } of [...this.#byPhase.values()].flat()) {
      tensors.set(result, into?.[result] ?? emptyLike(buffer));
    }
    this.#tensors = tensors;
    return tensors;
  }

  /** Lets go of the tensors of a run. */
  end(): void {
    this.#tensors = new Map();
  }

  /** What takes the results of a phase during a run, if there are any. */
  take(phase: number): Take | undefined {
    const some = this.#byPhase.get(phase);
    if (some === undefined) return undefined;
    return (from, to) => {
      for (const { result, buffer, stretch } of some) {
        const piece = buffer.data.subarray(from * stretch, to * stretch);
        if (piece.length > 0) this.#tensors.get(result)!.data.set(piece, from * stretch);
      }
    };
  }
}

/** How many numbers of a slot each part of a phase writes, if that is one stretch of something large. */
function stretchOf({ kernels, cuts }: Phase, slot: Slot): number | undefined {
  if (slot.origin === "exchanged" || roomOf(slot) < WORTH_COPYING) return undefined;
  const kernel = kernels.find((one) => outputsOf(one).includes(slot));
  return kernel === undefined ? undefined : cuts.get(kernel)!.writes;
}

function emptyLike({ dtype, shape }: Buffer): Tensor {
  return new Tensor(allocate(dtype, sizeOf(shape)), shape);
}
