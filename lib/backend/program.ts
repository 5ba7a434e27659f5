/** The language that plans are compiled from: primitives over slots of memory, each written as a whole, once. */
import type { Data, Dtype } from "../core/dtype.ts";
import type { Scalar } from "../core/scalar.ts";
import type { Shape } from "../core/shape.ts";
import type { Backend, Buffer, GemmLayout, Reduction, Step } from "./backend.ts";

/** A stretch of memory that holds one value. */
export interface Slot {
  readonly id: number;
  readonly dtype: Dtype;
  /** How many numbers. */
  readonly size: number;
  /**
   * Where the value comes from: the plan itself (`kept` if it is not to be shared and begins as zeros), a constant, a
   * copy that is made before each run, or memory that is exchanged between runs.
   */
  origin: "planned" | "kept" | "constant" | "fed" | "exchanged";
  /** Of a constant: its numbers, or the one that all of them are. */
  data?: Data;
  uniform?: number;
  /** What the slot is for, in a printed plan. */
  name: string;
}

/** A slot as it is read along the axes of what is computed from it. */
export interface Access {
  readonly slot: Slot;
  readonly strides: readonly number[];
}

/** An elementwise expression, evaluated at every position of a shape. */
export interface MapInstruction {
  readonly kind: "map";
  readonly expression: Scalar;
  readonly shape: Shape;
  readonly inputs: readonly Access[];
  readonly out: Slot;
}

/** A reduction of the middle of [before, length, after]. */
export interface ReduceInstruction {
  readonly kind: "reduce";
  readonly reduction: Reduction;
  readonly x: Slot;
  readonly out: Slot;
  readonly before: number;
  readonly length: number;
  readonly after: number;
}

/** Matrix products; with an addend, out = addend + scale · products. */
export interface GemmInstruction {
  readonly kind: "gemm";
  readonly a: Slot;
  readonly b: Slot;
  readonly out: Slot;
  readonly layout: GemmLayout;
  readonly update?: { readonly addend: Slot; readonly scale: number };
}

/** A slot under a shape, as kernels see it. */
export interface SlotView {
  readonly slot: Slot;
  readonly shape: Shape;
}

/** Anything else: bound to buffers, and called in each run. */
export interface CallInstruction {
  readonly kind: "call";
  readonly name: string;
  /** Whoever the call is made for: an error is theirs. */
  readonly owner: unknown;
  readonly inputs: readonly SlotView[];
  readonly out: SlotView;
  readonly bind: (backend: Backend, buffer: (view: SlotView) => Buffer) => Step;
}

/** One step of a program. */
export type Instruction = MapInstruction | ReduceInstruction | GemmInstruction | CallInstruction;

/** The slots that an instruction reads. */
export function inputsOf(instruction: Instruction): readonly Slot[] {
  switch (instruction.kind) {
    case "map":
      return instruction.inputs.map((x) => x.slot);
    case "reduce":
      return [instruction.x];
    case "gemm": {
      const { a, b, update } = instruction;
      return update === undefined ? [a, b] : [a, b, update.addend];
    }
    case "call":
      return instruction.inputs.map((x) => x.slot);
    default:
      throw instruction satisfies never;
  }
}

/** The slot that an instruction writes. */
export function outputOf(instruction: Instruction): Slot {
  return instruction.kind === "call" ? instruction.out.slot : instruction.out;
}

/** Expressions over one shape, computed position by position in one loop; later ones may read earlier ones. */
export interface MapKernel {
  readonly kind: "map";
  readonly shape: Shape;
  readonly body: readonly MapInstruction[];
  /** The slots of the body that are read elsewhere. */
  readonly stored: ReadonlySet<Slot>;
}

/** What one generated function computes. */
export type Kernel = MapKernel | ReduceInstruction | GemmInstruction | CallInstruction;

/** The slots that a kernel writes to memory. */
export function outputsOf(kernel: Kernel): readonly Slot[] {
  return kernel.kind === "map" ? [...kernel.stored] : [outputOf(kernel)];
}

/** The slots that a kernel reads from memory. */
export function readsOf(kernel: Kernel): ReadonlySet<Slot> {
  if (kernel.kind !== "map") return new Set(inputsOf(kernel));
  const own = new Set(kernel.body.map((one) => one.out));
  return new Set(kernel.body.flatMap(inputsOf).filter((slot) => !own.has(slot)));
}

/** A way of cutting a kernel into parts. */
export interface Cut {
  /** The axis of its output that is cut: the first, or the last. */
  readonly axis: "rows" | "columns";
  /** How long that axis is, and how long the stretch of a part; the last part may be shorter. */
  readonly length: number;
  readonly part: number;
  /** The slots of which a part reads a stretch only, and how many numbers that has; of others any part may read all. */
  readonly reads: ReadonlyMap<Slot, number>;
  /** How many numbers a part writes; nothing where they are not one stretch. */
  readonly writes: number | undefined;
}

/** Kernels in order. In parts, each part of all of them is computed by one thread, and no part waits for another. */
export interface Phase {
  readonly kernels: readonly Kernel[];
  /** How many parts there are; one thread alone computes a phase of a single part. */
  readonly parts: number;
  /** How each kernel is cut, if there are several. */
  readonly cuts: ReadonlyMap<Kernel, Cut>;
}

/** Where the stretch of a slot that belongs to a part lies in the memory of a thread, and how long it is. */
export interface Stretch {
  readonly offset: number;
  readonly bytes: number;
}

/** A program that is ready for a backend: its kernels in order, and the bytes at which planned slots begin. */
export interface Program {
  readonly phases: readonly Phase[];
  /** Those of all phases. */
  readonly kernels: readonly Kernel[];
  readonly slots: readonly Slot[];
  readonly offsets: ReadonlyMap<Slot, number>;
  /** The slots of which a thread has its part only. */
  readonly own: ReadonlyMap<Slot, Stretch>;
  /** The bytes of all others together. */
  readonly bytes: number;
}
