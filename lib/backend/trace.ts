/** Kernels, run on a backend that computes nothing, tell which primitives they are made of. */
import type { Dtype } from "../core/dtype.ts";
import { broadcastStrides, sizeOf, stridesOf, type Shape } from "../core/shape.ts";
import type { Scalar } from "../core/scalar.ts";
import {
  Shared,
  View,
  type Backend,
  type Buffer,
  type GemmLayout,
  type Reduction,
  type Sequence,
  type Step,
} from "./backend.ts";
import type { CallInstruction, Instruction, ReduceInstruction, Slot, SlotView } from "./program.ts";
import { reference } from "./reference.ts";

/** A kernel, as ops define it, with its attributes already given. */
type BoundKernel = (
  backend: Backend,
  inputs: readonly Buffer[],
  out: Buffer,
  shared: Shared,
) => Step;

/** What a kernel is called, and whose it is. */
interface Traceable {
  readonly name: string;
  readonly owner: unknown;
  readonly stateful?: boolean;
}

/** A buffer of a tracing backend: it has a slot, and no memory. */
export class Traced implements Buffer {
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly slot: Slot;

  constructor(slot: Slot, shape: Shape) {
    this.shape = shape;
    this.dtype = slot.dtype;
    this.slot = slot;
  }

  /** Thrown where a kernel wants numbers before the first run; it is then taken as it is. */
  get data(): never {
    throw new Untraceable();
  }
}

class Untraceable extends Error {}

function slotOf(buffer: Buffer): Slot {
  let own = buffer;
  while (own instanceof View) own = own.source;
  if (!(own instanceof Traced)) throw new Untraceable();
  return own.slot;
}

/** How many numbers a reduction that is taken in pieces has to have, and how many rows of them are enough without that. */
const LONG = 32_768;
const FEW = 8;
const pieceCounts: readonly number[] = [64, 32, 16];

/** Gathers the instructions of one plan. */
export class Tracer {
  readonly instructions: Instruction[] = [];
  readonly slots: Slot[] = [];
  readonly #recorded = new Map<Step, readonly Instruction[]>();
  readonly #shared = new Shared();
  readonly #backend: Backend;
  #owner: unknown;

  constructor() {
    // Primitives that are not compiled are called, whichever there are.
    const called = Object.keys(reference).map((name) => [name, this.#call(name)] as const);
    this.#backend = {
      ...(Object.fromEntries(called) as unknown as Backend),
      name: "trace",
      alloc: (shape, dtype) => this.alloc(shape, dtype),
      map: (expression, inputs, out) => this.#map(expression, inputs, out),
      reduce: (reduction, x, out, axes) => this.#reduce(reduction, x, out, axes),
      gemm: (a, b, out, layout) => this.#gemm(a, b, out, layout),
      permute: (x, out, axes) => this.#permute(x, out, axes),
    };
  }

  /** A buffer with a slot of its own. */
  alloc(shape: Shape, dtype: Dtype, name = "", origin: Slot["origin"] = "planned"): Traced {
    const slot: Slot = { id: this.slots.length, dtype, size: sizeOf(shape), origin, name };
    this.slots.push(slot);
    return new Traced(slot, shape);
  }

  /** Adds what a kernel does; one that does more than primitives is called as a whole. */
  trace(
    { name, owner, stateful = false }: Traceable,
    kernel: BoundKernel,
    inputs: readonly Buffer[],
    out: Traced,
  ): void {
    this.#owner = owner;
    this.#recorded.clear();
    try {
      // What acts, or draws, is not to be taken apart and shared.
      if (stateful) throw new Untraceable();
      const step = kernel(this.#backend, inputs, out, this.#shared);
      const found = this.#read(step);
      if (found !== undefined) {
        this.instructions.push(...found);
        return;
      }
    } catch (error) {
      if (!(error instanceof Untraceable)) throw error;
    }
    out.slot.origin = "kept";
    const views = inputs.map((x): SlotView => ({ slot: slotOf(x), shape: x.shape }));
    const target: SlotView = { slot: out.slot, shape: out.shape };
    this.instructions.push({
      kind: "call",
      name,
      owner,
      inputs: views,
      out: target,
      bind: (backend, buffer) => kernel(backend, views.map(buffer), buffer(target), new Shared()),
    });
  }

  /** The instructions that a step is made of, or nothing if it does anything else. */
  #read(step: Step): readonly Instruction[] | undefined {
    const own = this.#recorded.get(step);
    if (own !== undefined) return own;
    const { steps } = step as Partial<Sequence>;
    if (steps === undefined) return undefined;
    const parts = steps.map((part) => this.#read(part));
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }

  #record(...instructions: readonly Instruction[]): Step {
    const step = (): void => undefined;
    this.#recorded.set(step, instructions);
    return step;
  }

  #map(expression: Scalar, inputs: readonly Buffer[], out: Buffer): Step {
    const { shape } = out;
    return this.#record({
      kind: "map",
      expression,
      shape,
      inputs: inputs.map((x) => ({ slot: slotOf(x), strides: broadcastStrides(x.shape, shape) })),
      out: slotOf(out),
    });
  }

  #permute(x: Buffer, out: Buffer, axes: readonly number[]): Step {
    const strides = stridesOf(x.shape);
    return this.#record({
      kind: "map",
      expression: { kind: "input", index: 0 },
      shape: out.shape,
      inputs: [{ slot: slotOf(x), strides: axes.map((axis) => strides[axis]) }],
      out: slotOf(out),
    });
  }

  /** Axes that are not neighbours are reduced one group after the other, which a position cannot be. */
  #reduce(reduction: Reduction, x: Buffer, out: Buffer, axes: readonly number[]): Step {
    const sorted = axes.toSorted((a, b) => a - b);
    const first = sorted[0] ?? x.shape.length;
    const neighbours = sorted.every((axis, i) => axis === first + i);
    if (!neighbours) return this.#call("reduce")(reduction, x, out, axes);
    const last = first + sorted.length;
    return this.#record(
      ...this.#inPieces({
        kind: "reduce",
        reduction,
        x: slotOf(x),
        out: slotOf(out),
        before: sizeOf(x.shape.slice(0, first)),
        length: sizeOf(x.shape.slice(first, last)),
        after: sizeOf(x.shape.slice(last)),
      }),
    );
  }

  /** A long reduction to few numbers is one of pieces, for threads to share, and one of what they come to. */
  #inPieces(whole: ReduceInstruction): readonly ReduceInstruction[] {
    const { reduction, x, out, before, length, after } = whole;
    const count = pieceCounts.find((each) => length % each === 0);
    const isFold = reduction !== "argMax" && reduction !== "argMin" && x.dtype === out.dtype;
    if (!isFold || before >= FEW || length < LONG || count === undefined) return [whole];
    const { slot } = this.alloc([before * count * after], x.dtype);
    return [
      { ...whole, out: slot, before: before * count, length: length / count },
      { ...whole, x: slot, length: count },
    ];
  }

  #gemm(a: Buffer, b: Buffer, out: Buffer, layout: GemmLayout): Step {
    const [x, y, z] = [a, b, out].map(slotOf) as [Slot, Slot, Slot];
    return this.#record({ kind: "gemm", a: x, b: y, out: z, layout });
  }

  /** A primitive as a call: its output is the last of the buffers it takes. */
  #call(name: string): (...args: unknown[]) => Step {
    return (...args) => {
      const buffers = args.flatMap(buffersIn).map(viewOf);
      const out = buffers.at(-1)!;
      // It may write in part only, over what was there.
      out.slot.origin = "kept";
      const instruction: CallInstruction = {
        kind: "call",
        name,
        owner: this.#owner,
        inputs: buffers,
        out,
        bind: (backend, buffer) => {
          const primitive = backend[name as keyof Backend] as (...given: unknown[]) => Step;
          return primitive(...args.map((arg) => replaced(arg, (x) => buffer(viewOf(x)))));
        },
      };
      return this.#record(instruction);
    };
  }
}

function viewOf(buffer: Buffer): SlotView {
  return { slot: slotOf(buffer), shape: buffer.shape };
}

function isBuffer(value: unknown): value is Buffer {
  return value instanceof Traced || value instanceof View;
}

/** The buffers that an argument is, or has as fields. */
function buffersIn(value: unknown): Buffer[] {
  if (isBuffer(value)) return [value];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.values(value).filter(isBuffer);
}

function replaced(value: unknown, replace: (buffer: Buffer) => Buffer): unknown {
  if (isBuffer(value)) return replace(value);
  if (buffersIn(value).length === 0) return value;
  const entries = Object.entries(value as object).map(([key, part]: [string, unknown]) => [
    key,
    replaced(part, replace),
  ]);
  return Object.fromEntries(entries) as unknown;
}
