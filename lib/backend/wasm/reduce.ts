/** Sums and maxima of the middle of [before, length, after], in vectors. */
import type { Cut, ReduceInstruction } from "../program.ts";
import { op, type Code } from "./code.ts";
import {
  address,
  baseOf,
  begin,
  PART,
  floatOf,
  overPart,
  type Base,
  type Emitting,
  type Target,
} from "./emit.ts";
import { splat, v128 } from "./lanes.ts";
import { across, inStretches } from "./sums.ts";

/** Whether a reduction can be computed in vectors. */
export function canReduce({ reduction, x, out }: ReduceInstruction): boolean {
  return (
    (reduction === "sum" || reduction === "max") &&
    x.dtype === out.dtype &&
    floatOf([x]) !== undefined
  );
}

interface Reducing {
  readonly emitting: Emitting;
  readonly step: ReduceInstruction;
  readonly x: Base;
  readonly out: Base;
  /** Where x is read, and out written. */
  readonly from: number;
  readonly to: number;
}

/** The function of a reduction. */
export function emitReduce(target: Target, step: ReduceInstruction, cut?: Cut): Code {
  const emitting = begin(target, floatOf([step.x])!);
  const { code } = emitting;
  const [x, out] = [baseOf(emitting, step.x), baseOf(emitting, step.out)];
  const [from, to] = [code.local("i32"), code.local("i32")];
  const reducing = { emitting, step, x, out, from, to };
  const { before, length, after } = step;
  const one = (): void => {
    if (after === 1) row(reducing);
    else columns(reducing, cut?.axis === "columns" ? cut.part : after);
  };
  if (cut === undefined) {
    code.i32(0).set(from).i32(0).set(to);
    code.times(before, one);
    return code;
  }
  const { size } = emitting.lanes;
  const isRows = cut.axis === "rows";
  const start = (numbers: number): Code =>
    code
      .get(PART)
      .i32(cut.part * numbers * size)
      .op(op.i32Mul);
  start(isRows ? length * after : 1).set(from);
  start(isRows ? after : 1).set(to);
  // Columns of a part are taken all at once: where there are none left, not at all.
  if (isRows) overPart(code, cut.part, before, { step: 1, body: one });
  else overPart(code, cut.part, after, { step: cut.part, body: one });
  return code;
}

function instructionOf({ emitting: { lanes }, step }: Reducing): number {
  return step.reduction === "sum" ? lanes.codes.add : lanes.codes.max;
}

function combine(reducing: Reducing): void {
  reducing.emitting.code.simd(instructionOf(reducing));
}

function startOf({ reduction }: ReduceInstruction): number {
  return reduction === "sum" ? 0 : -Infinity;
}

function move(code: Code, local: number, bytes: number): void {
  if (bytes !== 0) code.get(local).i32(bytes).op(op.i32Add).set(local);
}

/** Neighbouring numbers become one: four vectors at a time, then one, then the few that are left. */
function row(reducing: Reducing): void {
  const { emitting, step, from, to, x, out } = reducing;
  const { code, lanes } = emitting;
  const width = step.length >= 4 * lanes.width ? 4 : 1;
  const sums = Array.from({ length: width }, () => code.local("v128"));
  for (const sum of sums) splat(code, lanes, startOf(step)).set(sum);
  const rounds = Math.floor(step.length / (width * lanes.width));
  inRounds(reducing, { rounds, sums }, () => {
    for (const [u, sum] of sums.entries()) accumulate(reducing, sum, v128.load, u * 16);
    move(code, from, width * 16);
  });
  const left = step.length - rounds * width * lanes.width;
  const vectors = Math.floor(left / lanes.width);
  for (let i = 0; i < vectors; i++) accumulate(reducing, sums[0], v128.load, i * 16);
  for (const sum of sums.slice(1)) {
    code.get(sums[0]).get(sum);
    combine(reducing);
    code.set(sums[0]);
  }
  across(code, lanes, sums[0], instructionOf(reducing));
  for (let i = vectors * lanes.width; i < left; i++) {
    accumulate(reducing, sums[0], lanes.codes.loadSplat, i * lanes.size);
  }
  const offset = address(code, out, to);
  code.get(sums[0]).simdMemory(lanes.codes.storeLane, offset, 0);
  code.release("v128", ...sums);
  move(code, from, left * lanes.size);
  move(code, to, lanes.size);
  void x;
}

/** The rounds of a reduction; of a sum in stretches. */
function inRounds(
  { emitting: { code, lanes }, step }: Reducing,
  adding: { readonly rounds: number; readonly sums: readonly number[] },
  body: () => void,
): void {
  if (step.reduction === "sum") inStretches(code, lanes, adding, body);
  else code.times(adding.rounds, body);
}

/** sum ← sum ∘ what is read at `offset` from the cursor. */
function accumulate(reducing: Reducing, sum: number, load: number, offset: number): void {
  const {
    emitting: { code },
    x,
    from,
  } = reducing;
  code.get(sum);
  code.simdMemory(load, address(code, x, from) + offset);
  combine(reducing);
  code.set(sum);
}

/** So many columns side by side: each vector of them goes down the rows. */
function columns(reducing: Reducing, count: number): void {
  const { emitting, step, from, to } = reducing;
  const { code, lanes } = emitting;
  const whole = Math.floor(count / lanes.width);
  const rest = count % lanes.width;
  const block = whole >= 4 ? 4 : 1;
  code.times(Math.floor(whole / block), () => columnBlock(reducing, block, lanes.width));
  code.times(whole % block, () => columnBlock(reducing, 1, lanes.width));
  if (rest > 0) columnBlock(reducing, 1, rest);
  // From the end of the first row to the end of the last.
  move(code, from, (step.length - 1) * step.after * lanes.size);
  void to;
}

function columnBlock(reducing: Reducing, vectors: number, count: number): void {
  const { emitting, step, x, out, from, to } = reducing;
  const { code, lanes } = emitting;
  // Four sums for a single column of vectors, so that one addition need not wait for the one before.
  const ways = vectors === 1 && step.length >= 8 ? 4 : 1;
  const sums = Array.from({ length: vectors * ways }, () => code.local("v128"));
  for (const sum of sums) splat(code, lanes, startOf(step)).set(sum);
  const down = code.local("i32");
  const bytes = step.after * lanes.size;
  code.get(from).set(down);
  const at = { ...reducing, from: down, x };
  inRounds(reducing, { rounds: Math.floor(step.length / ways), sums }, () => {
    for (const [i, sum] of sums.entries()) {
      const way = Math.floor(i / vectors);
      accumulate(at, sum, v128.load, way * bytes + (i % vectors) * 16);
    }
    move(code, down, ways * bytes);
  });
  for (let i = 0; i < step.length % ways; i++) accumulate(at, sums[0], v128.load, i * bytes);
  for (let i = vectors; i < sums.length; i++) {
    code.get(sums[i % vectors]).get(sums[i]);
    combine(reducing);
    code.set(sums[i % vectors]);
  }
  for (let v = 0; v < vectors; v++) {
    const offset = address(code, out, to) + v * 16;
    if (count === lanes.width) {
      code.get(sums[v]).simdMemory(v128.store, offset);
      continue;
    }
    for (let lane = 0; lane < count; lane++) {
      const one = lane === 0 ? offset : address(code, out, to) + lane * lanes.size;
      code.get(sums[v]).simdMemory(lanes.codes.storeLane, one, lane);
    }
  }
  code.release("v128", ...sums);
  code.release("i32", down);
  const moved = ((vectors - 1) * lanes.width + count) * lanes.size;
  move(code, from, moved);
  move(code, to, moved);
}
