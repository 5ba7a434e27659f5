/** What a backend is: a handful of primitives, each bound once to its buffers and then run many times. */
import { allocate, type Data, type Dtype } from "../core/dtype.ts";
import type { Scalar } from "../core/scalar.ts";
import { sizeOf, type Shape } from "../core/shape.ts";

/** Where a value lies while a plan runs. `data` may be exchanged between runs, so a step reads it when it starts. */
export interface Buffer {
  readonly shape: Shape;
  readonly dtype: Dtype;
  data: Data;
}

/** A primitive bound to its buffers; calling it computes the output anew. */
export type Step = () => void;

/** How `reduce` combines the numbers along its axes. */
export type Reduction = "sum" | "product" | "max" | "min" | "argMax" | "argMin";

/** The matrices of a product, one triple of offsets for each pair that is multiplied. */
export interface GemmLayout {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** Which operand is stored transposed: a as [k, m], or b as [n, k]. */
  readonly transpose: "neither" | "a" | "b";
  readonly aOffsets: readonly number[];
  readonly bOffsets: readonly number[];
  /** Products with the same output offset are added up. */
  readonly outOffsets: readonly number[];
}

/** Where numbers lie within a buffer: the first, and how far apart neighbours along each axis are. */
export interface Place {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Which numbers a copy moves, and where to. Strides may be 0 or negative; windows may overlap. */
export interface CopyLayout {
  readonly sizes: readonly number[];
  readonly from: Place;
  readonly to: Place;
  /** Adds to what is there instead of replacing it. */
  readonly add?: boolean;
}

/** x as [batch, before, length, after], read at indices [batch, count], gives [batch, before, count, after]. */
export interface GatherLayout {
  readonly batch: number;
  readonly before: number;
  readonly length: number;
  readonly count: number;
  readonly after: number;
}

/** s ← a·s + b along the middle of [before, length, after], beginning with `start`. */
export interface ScanLayout {
  readonly before: number;
  readonly length: number;
  readonly after: number;
  readonly start: number;
  /** From the last number to the first. */
  readonly reverse: boolean;
  /** Each result is the s from before its own a and b. */
  readonly exclusive: boolean;
}

/** The factors and terms of a scan; factors that are not given are 1, terms 0. */
export interface ScanInputs {
  readonly a?: Buffer;
  readonly b?: Buffer;
}

/** The primitives that every op is made of. Inputs and output of one call never share memory. */
export interface Backend {
  readonly name: string;
  /** A zeroed buffer. */
  alloc(shape: Shape, dtype: Dtype): Buffer;
  /** Evaluates a scalar expression at each position of `out`, to whose shape the inputs broadcast. */
  map(expression: Scalar, inputs: readonly Buffer[], out: Buffer): Step;
  /** Combines the numbers of `x` along `axes`; `out` has the other axes, in order. */
  reduce(reduction: Reduction, x: Buffer, out: Buffer, axes: readonly number[]): Step;
  /** Writes the sums of matrix products that `layout` lists. */
  gemm(a: Buffer, b: Buffer, out: Buffer, layout: GemmLayout): Step;
  /** Reorders axes: axis i of `out` is axis `axes[i]` of `x`. */
  permute(x: Buffer, out: Buffer, axes: readonly number[]): Step;
  /** Moves numbers of `x` into `out`, of which the others stay what they are. */
  copy(x: Buffer, out: Buffer, layout: CopyLayout): Step;
  /** Picks the numbers of `x` that `indices`, all in range, name. */
  gather(x: Buffer, indices: Buffer, out: Buffer, layout: GatherLayout): Step;
  /** The adjoint of `gather`: zeros, to which each number of `x` is added at its index. */
  scatter(x: Buffer, indices: Buffer, out: Buffer, layout: GatherLayout): Step;
  /** Writes every s of a recurrence s ← a·s + b. */
  scan(inputs: ScanInputs, out: Buffer, layout: ScanLayout): Step;
}

/** A buffer in ordinary JavaScript memory. */
export function allocBuffer(shape: Shape, dtype: Dtype): Buffer {
  return { shape, dtype, data: allocate(dtype, sizeOf(shape)) };
}

/** The same memory under another shape that holds as many numbers. */
export function viewOf(buffer: Buffer, shape: Shape): Buffer {
  return new View(buffer, shape);
}

/** A buffer whose memory is that of another one. */
export class View implements Buffer {
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly source: Buffer;

  constructor(source: Buffer, shape: Shape) {
    this.shape = shape;
    this.dtype = source.dtype;
    this.source = source;
  }

  get data(): Data {
    return this.source.data;
  }

  set data(data: Data) {
    this.source.data = data;
  }
}

/** A step that is nothing but others, in order; a compiler looks at those. */
export interface Sequence extends Step {
  readonly steps: readonly Step[];
}

/** One step that does several, in order. */
export function sequence(...steps: readonly Step[]): Step {
  if (steps.length === 1) return steps[0];
  const run = (): void => {
    for (let i = 0; i < steps.length; i++) steps[i]();
  };
  return Object.assign(run, { steps });
}

/** Intermediate buffers that several kernels of one plan derive from the same input. */
export class Shared {
  readonly #made = new WeakMap<Buffer, Map<string, readonly Buffer[]>>();

  /** The buffers of `name` derived from `x`, with the steps that fill them unless a kernel before has those. */
  once(
    x: Buffer,
    name: string,
    derive: () => { buffers: readonly Buffer[]; steps: readonly Step[] },
  ): { buffers: readonly Buffer[]; steps: readonly Step[] } {
    const own = this.#made.get(x) ?? new Map<string, readonly Buffer[]>();
    const found = own.get(name);
    if (found !== undefined) return { buffers: found, steps: [] };
    const derived = derive();
    this.#made.set(x, own.set(name, derived.buffers));
    return derived;
  }
}
