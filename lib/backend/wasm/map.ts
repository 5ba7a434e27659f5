/** Elementwise kernels: one loop over a shape, in vectors, in which every expression of the kernel is evaluated. */
import { stridesOf } from "../../core/shape.ts";
import { merge, type Nest } from "../javascript/loops.ts";
import { readsOf, type Access, type Cut, type MapKernel, type Slot } from "../program.ts";
import { op, type Code } from "./code.ts";
import {
  baseOf,
  begin,
  bytesOf,
  PART,
  floatOf,
  overPart,
  type Run,
  type Base,
  type Emitting,
  type Target,
} from "./emit.ts";
import type { Lanes } from "./lanes.ts";
import { hold, keyOf, vectorsAt, type Loops, type Cursor, type Operand } from "./body.ts";

/** Whether a kernel can be computed in vectors: one float type, beside booleans. */
export function canVectorise(kernel: MapKernel): boolean {
  const slots = new Set([...readsOf(kernel), ...kernel.body.map((one) => one.out)]);
  return floatOf(slots) !== undefined && [...slots].every((slot) => slot.dtype !== "int32");
}

/** Whether the outermost loop can be cut: an innermost one only where vectors need not be gathered. */
export function isDivisible(kernel: MapKernel): boolean {
  const { sizes, strides } = nestOf(kernel).nest;
  return sizes.length > 1 || strides.every(([stride]) => stride === 0 || stride === 1);
}

/** The function of a kernel. */
export function emitMap(target: Target, kernel: MapKernel, cut?: Cut): Code {
  const emitting = begin(
    target,
    floatOf([...readsOf(kernel), ...kernel.stored, kernel.body[0].out])!,
  );
  const { code } = emitting;
  const { accesses, nest } = nestOf(kernel);
  const loops = operandsOf(emitting, kernel, accesses, nest);
  // The outermost loop may run over several axes in one, of which the first is cut.
  const part = cut && (cut.part * loops.sizes[0]) / cut.length;
  if (isFlat(loops.sizes, loops.operands.values(), emitting)) flat(loops, part);
  else nested(loops, part);
  return code;
}

/** One axis, along which every operand is contiguous or stands still: then vectors may run over the end. */
function isFlat(
  sizes: readonly number[],
  operands: Iterable<Operand>,
  { lanes }: Emitting,
): boolean {
  const steps = [0, 1, lanes.size];
  return sizes.length === 1 && [...operands].every(({ strides }) => steps.includes(strides[0]));
}

/** Every slot that is read or stored, under a key of its own for each way it is read. */
function nestOf(kernel: MapKernel): { accesses: Map<string, Access>; nest: Nest } {
  const own = new Set(kernel.body.map((one) => one.out));
  const accesses = new Map<string, Access>();
  const strides = stridesOf(kernel.shape);
  for (const slot of kernel.stored) accesses.set(keyOf({ slot, strides }), { slot, strides });
  for (const access of kernel.body.flatMap((one) => one.inputs)) {
    if (!own.has(access.slot)) accesses.set(keyOf(access), access);
  }
  const list = [...accesses.values()];
  const nest = merge({ sizes: kernel.shape, strides: list.map((x) => x.strides) });
  if (nest.sizes.length > 0) return { accesses, nest };
  // A single number: a loop of one, over memory that is as long as a vector.
  return { accesses, nest: { sizes: [1], strides: list.map(() => [1]) } };
}

function operandsOf(
  emitting: Emitting,
  kernel: MapKernel,
  accesses: ReadonlyMap<string, Access>,
  { sizes, strides }: Nest,
): Loops {
  const { code } = emitting;
  const bases = new Map<Slot, Base>();
  const cursors = new Map<string, Cursor>();
  const operands = new Map<string, Operand>();
  let i = 0;
  for (const [key, { slot }] of accesses) {
    const own = strides[i++].map((stride) => stride * bytesOf(slot));
    const base = bases.get(slot) ?? baseOf(emitting, slot);
    bases.set(slot, base);
    const moves = own.some((stride) => stride !== 0);
    if (!moves) {
      operands.set(key, { slot, strides: own, base, at: undefined });
      continue;
    }
    // The engine joins only vectors that it sees lie side by side: it does not look into the sum of a base and a cursor.
    const name = `${base.local} ${own.join()}`;
    const cursor = cursors.get(name) ?? {
      local: code.local("i32"),
      strides: own,
      base: base.local,
    };
    cursors.set(name, cursor);
    const rest = { local: undefined, offset: base.offset };
    operands.set(key, { slot, strides: own, base: rest, at: cursor.local });
  }
  return { emitting, kernel, sizes, operands, held: new Map(), cursors: [...cursors.values()] };
}

/** One axis: whole vectors to the end of the memory, whose last line belongs to the slot; a part has no such line. */
function flat(loops: Loops, part: number | undefined): void {
  const { emitting, sizes, kernel } = loops;
  const { code, lanes } = emitting;
  const vectors = Math.ceil((part ?? sizes[0]) / lanes.width);
  const unroll = unrollOf(vectors, kernel.body.length, lanes);
  startCursors(loops, part);
  hold(loops);
  if (part === undefined) {
    const rounds = Math.ceil(vectors / unroll);
    code.times(rounds, () => {
      vectorsAt(loops, unroll);
      if (rounds > 1) advance(loops, unroll * lanes.width, 0);
    });
    return;
  }
  const run = (count: number): Run => ({
    step: count * lanes.width,
    body: () => {
      vectorsAt(loops, count);
      advance(loops, count * lanes.width, 0);
    },
  });
  // Parts begin at a multiple of two vectors: no more than these may be stored over the end, of a part or of the slot.
  if (vectors % unroll === 0) overPart(code, part, sizes[0], run(unroll));
  else overPart(code, part, sizes[0], { ...run(unroll), leave: 2 * lanes.width }, run(2));
}

/** Long bodies hide latencies by themselves; the memory of a slot holds a multiple of four vectors. */
function unrollOf(vectors: number, length: number, { wide }: Lanes): number {
  const least = wide ? 2 : 1;
  const most = length > 24 && vectors > 4 ? least : 4;
  return [4, 2, 1].find((count) => count <= most && (vectors >= count || count === 1))!;
}

function startCursors({ emitting: { code }, cursors }: Loops, part: number | undefined): void {
  for (const { local, strides, base } of cursors) {
    if (base === undefined) code.i32(0);
    else code.get(base);
    if (part !== undefined) {
      code
        .get(PART)
        .i32(part * strides[0])
        .op(op.i32Mul, op.i32Add);
    }
    code.set(local);
  }
}

function advance(
  { emitting: { code }, cursors }: Loops,
  steps: number,
  axis: number,
  back = 0,
): void {
  for (const { local, strides } of cursors) {
    const bytes = steps * strides[axis] - back * (strides[axis + 1] ?? 0);
    if (bytes !== 0) code.get(local).i32(bytes).op(op.i32Add).set(local);
  }
}

/** Several axes: the innermost in vectors, its last few numbers stored one by one. */
function nested(loops: Loops, part: number | undefined): void {
  const { emitting, sizes } = loops;
  const { code } = emitting;
  startCursors(loops, part);
  const around = (axis: number): void => {
    if (axis === sizes.length - 1) return inner(loops, axis);
    const body = (): void => {
      around(axis + 1);
      // The innermost loop leaves its cursors where they were.
      advance(loops, 1, axis, axis + 1 === sizes.length - 1 ? 0 : sizes[axis + 1]);
    };
    if (axis === 0 && part !== undefined) overPart(code, part, sizes[0], { step: 1, body });
    else code.times(sizes[axis], body);
    return undefined;
  };
  around(0);
}

function inner(loops: Loops, axis: number): void {
  const { emitting, sizes, kernel } = loops;

  const { code, lanes } = emitting;
  const whole = Math.floor(sizes[axis] / lanes.width);
  const rest = sizes[axis] % lanes.width;
  hold(loops);
  const together = lanes.wide ? 2 : 1;
  const isShort = whole * kernel.body.length <= 16 && whole <= 4;
  if (isShort) {
    for (let i = 0; i < whole; i += together) {
      vectorsAt(loops, Math.min(together, whole - i), i * lanes.width);
    }
    if (rest > 0) vectorsAt(loops, 1, whole * lanes.width, rest);
    return;
  }
  const onwards = (vectors: number): void => {
    vectorsAt(loops, vectors);
    advance(loops, vectors * lanes.width, axis);
  };
  code.times(Math.floor(whole / together), () => onwards(together));
  if (whole % together > 0) onwards(1);
  if (rest > 0) vectorsAt(loops, 1, 0, rest);
  advance(loops, -whole * lanes.width, axis);
}
