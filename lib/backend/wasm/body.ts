/** The body of an elementwise kernel: vectors are read, every expression evaluated, results stored. */
import { stridesOf } from "../../core/shape.ts";
import { inputsOf, type Access, type MapKernel, type Slot } from "../program.ts";
import { op } from "./code.ts";
import { address, bytesOf, type Base, type Emitting } from "./emit.ts";
import { express } from "./express.ts";
import { splat, v128 } from "./lanes.ts";

/** How a slot is read or written in the loops: its strides in bytes, and the local that follows it. */
export interface Operand {
  readonly slot: Slot;
  readonly strides: readonly number[];
  readonly base: Base;
  readonly at: number | undefined;
}

/** The loops of a kernel being written. */
export interface Loops {
  readonly emitting: Emitting;
  readonly kernel: MapKernel;
  readonly sizes: readonly number[];
  readonly operands: ReadonlyMap<string, Operand>;
  /** Operands that do not move along the innermost axis, read before it. */
  readonly held: Map<string, number>;
  readonly cursors: readonly Cursor[];
}

/** A local that follows operands. */
export interface Cursor {
  readonly local: number;
  /** The bytes that it moves by. */
  readonly strides: readonly number[];
  /** The local with the address at which it begins; nothing where operands have an offset instead. */
  readonly base: number | undefined;
}

/** A name for one way of reading a slot. */
export function keyOf({ slot, strides }: Access): string {
  return `${slot.id} ${strides.join()}`;
}

/** Reads what stays the same along the innermost axis. */
export function hold(loops: Loops): void {
  const { emitting, operands, kernel, sizes } = loops;
  const own = new Set(kernel.stored);
  for (const [key, operand] of operands) {
    if (own.has(operand.slot) || operand.strides[sizes.length - 1] !== 0) continue;
    const local = loops.held.get(key) ?? emitting.code.local("v128");
    read(loops, operand, 0);
    emitting.code.set(local);
    loops.held.set(key, local);
  }
}

/** Pushes the vector of an operand that begins `lane` numbers from where its cursor is. */
function read(loops: Loops, operand: Operand, lane: number, only?: number): void {
  const { slot, strides, base, at } = operand;
  const { code, lanes } = loops.emitting;
  const count = only ?? lanes.width;
  const stride = strides[loops.sizes.length - 1];
  const from = lane * stride;
  if (slot.dtype === "bool") {
    splat(code, lanes, 0);
    for (let i = 0; i < count; i++) {
      code.memory(op.i32Load8U, address(code, base, at) + from + i * stride);
      code.op(lanes.type === "f64" ? op.f64ConvertI32 : op.f32ConvertI32);
      code.simd(lanes.codes.replace, i);
    }
    return;
  }
  if (stride === 0) {
    code.simdMemory(lanes.codes.loadSplat, address(code, base, at));
  } else if (stride === lanes.size) {
    code.simdMemory(v128.load, address(code, base, at) + from);
  } else {
    gather(loops, operand, from, count);
  }
}

function gather(loops: Loops, { strides, base, at }: Operand, from: number, count: number): void {
  const stride = strides[loops.sizes.length - 1];
  const { code, lanes } = loops.emitting;
  const vector = code.local("v128");
  code.simdMemory(lanes.codes.loadSplat, address(code, base, at) + from).set(vector);
  for (let i = 1; i < count; i++) {
    const offset = address(code, base, at) + from + i * stride;
    code.get(vector).simdMemory(lanes.codes.loadLane, offset, i).set(vector);
  }
  code.get(vector);
  code.release("v128", vector);
}

/** Evaluates the body for some vectors in a row, the first `lane` numbers on; of the last one, `only` so many lanes count. */
export function vectorsAt(loops: Loops, vectors: number, lane = 0, only?: number): void {
  const { emitting, kernel, operands, held } = loops;
  const { code, lanes } = emitting;
  const values = new Map<Slot, number[]>();
  const lastUse = new Map<Slot, number>();
  for (const [i, one] of kernel.body.entries()) for (const x of inputsOf(one)) lastUse.set(x, i);
  for (const [i, one] of kernel.body.entries()) {
    const results: number[] = [];
    for (let u = 0; u < vectors; u++) {
      const from = lane + u * lanes.width;
      const input = (index: number): void => {
        const access = one.inputs[index];
        const local = values.get(access.slot)?.[u] ?? held.get(keyOf(access));
        if (local !== undefined) code.get(local);
        else read(loops, operands.get(keyOf(access))!, from, only);
      };
      express({ ...emitting, input }, one.expression);
      const result = code.local("v128");
      code.set(result);
      results.push(result);
    }
    values.set(one.out, results);
    for (const x of new Set(inputsOf(one))) {
      const done = lastUse.get(x) === i && !kernel.stored.has(x) ? values.get(x) : undefined;
      if (done !== undefined) code.release("v128", ...done);
    }
  }
  for (const slot of kernel.stored) store(loops, slot, values.get(slot)!, lane, only);
  for (const slot of kernel.stored) code.release("v128", ...values.get(slot)!);
}

function store(
  loops: Loops,
  slot: Slot,
  vectors: readonly number[],
  lane: number,
  only?: number,
): void {
  const { emitting, operands, kernel } = loops;
  const { code, lanes } = emitting;
  const { base, at } = operands.get(keyOf({ slot, strides: stridesOf(kernel.shape) }))!;
  const bytes = bytesOf(slot);
  for (const [u, vector] of vectors.entries()) {
    const from = (lane + u * lanes.width) * bytes;
    if (slot.dtype !== "bool" && only === undefined) {
      const offset = address(code, base, at) + from;
      code.get(vector).simdMemory(v128.store, offset);
      continue;
    }
    for (let i = 0; i < (only ?? lanes.width); i++) {
      const offset = address(code, base, at) + from + i * bytes;
      code.get(vector);
      if (slot.dtype !== "bool") code.simdMemory(lanes.codes.storeLane, offset, i);
      else storeTruth(loops, i, offset);
    }
  }
}

function storeTruth({ emitting: { code, lanes } }: Loops, lane: number, offset: number): void {
  code.simd(lanes.codes.extract, lane);
  code.op(0xfc, lanes.type === "f64" ? 0x03 : 0x01).memory(op.i32Store8, offset);
}
