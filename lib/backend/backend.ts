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
export type Reduction = "sum" | "max" | "argMax";

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
