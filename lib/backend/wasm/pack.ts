/**
 * Packing for matrix products: the lines of a factor, which are its rows or its columns, are copied in strips. For each p
 * of k, a strip has the numbers of `width` lines side by side. What stands for lines that are missing from the last
 * strip does not matter.
 */
import { Code, op } from "./code.ts";
import { v128, type Lanes } from "./lanes.ts";

const [SOURCE, STRIDE, COUNT, K, TARGET] = [0, 1, 2, 3, 4];

/** A packer: what is done for one strip after the other, the first line of which is the number in a local. */
function packer(width: number, emitStrip: (code: Code, strip: number) => void): Code {
  const code = new Code("i32", "i32", "i32", "i32", "i32");
  const strip = code.local("i32");
  code.i32(0).set(strip);
  return code.loop(
    strip,
    () => code.get(COUNT),
    width,
    () => emitStrip(code, strip),
  );
}

/** packAcross(source, strideP, count, k, target) for lines that are neighbours: what is side by side stays so. */
export function emitPackAcross(lanes: Lanes, width: number): Code {
  const bytes = width * lanes.size;
  return packer(width, (code, strip) => {
    const [p, from] = [code.local("i32"), code.local("i32")];
    code.get(SOURCE).get(strip).i32(lanes.size).op(op.i32Mul, op.i32Add).set(from);
    code.i32(0).set(p);
    code.loop(
      p,
      () => code.get(K),
      1,
      () => {
        for (let at = 0; at < bytes; at += emitMove(code, from, at, bytes - at));
        code.get(from).get(STRIDE).op(op.i32Add).set(from);
        code.get(TARGET).i32(bytes).op(op.i32Add).set(TARGET);
      },
    );
  });
}

/** Copies as many bytes as one instruction can, and says how many. */
function emitMove(code: Code, from: number, at: number, bytes: number): number {
  code.get(TARGET).get(from);
  if (bytes >= 16) code.simdMemory(v128.load, at).simdMemory(v128.store, at);
  else if (bytes >= 8) code.memory(op.i64Load, at).memory(op.i64Store, at);
  else code.memory(op.i32Load, at).memory(op.i32Store, at);
  return bytes >= 16 ? 16 : bytes >= 8 ? 8 : 4;
}

/** packAlong(source, strideI, count, k, target) for lines whose numbers are neighbours: squares are transposed. */
export function emitPackAlong(lanes: Lanes, width: number): Code {
  return packer(width, (code, strip) => {
    // Few lines at a time: those that are a power of two apart share a place in the cache, which holds but a few.
    for (const group of groupsOf(lanes, width)) emitGroup({ code, lanes, width, strip }, group);
    const bytes = width * lanes.size;
    code.get(TARGET).get(K).i32(bytes).op(op.i32Mul, op.i32Add).set(TARGET);
  });
}

/** Lines of a strip that are transposed together: the first of them, and how many. */
interface Group {
  readonly first: number;
  readonly size: number;
}

/** As many lines as a vector has lanes, then half as many, then one. */
function groupsOf(lanes: Lanes, width: number): Group[] {
  const groups: Group[] = [];
  let size = lanes.width;
  for (let first = 0; first < width; first += size) {
    while (first + size > width) size /= 2;
    groups.push({ first, size });
  }
  return groups;
}

interface Packing {
  readonly code: Code;
  readonly lanes: Lanes;
  readonly width: number;
  readonly strip: number;
}

function emitGroup(packing: Packing, { first, size }: Group): void {
  const { code, lanes, width, strip } = packing;
  const lines = Array.from({ length: size }, () => code.local("i32"));
  const [p, to, most] = [code.local("i32"), code.local("i32"), code.local("i32")];
  const plus = (local: number, number: number): Code => code.get(local).i32(number).op(op.i32Add);
  for (const [i, line] of lines.entries()) {
    code.get(SOURCE);
    plus(strip, first + i);
    plus(COUNT, -1);
    plus(strip, first + i);
    code.get(COUNT).op(op.i32LtS, op.select);
    code.get(STRIDE).op(op.i32Mul, op.i32Add).set(line);
  }
  plus(TARGET, first * lanes.size).set(to);
  const onwards = (steps: number): void => {
    for (const line of lines) plus(line, steps * lanes.size).set(line);
    plus(to, steps * width * lanes.size).set(to);
  };
  code.i32(0).set(p);
  plus(K, 1 - lanes.width).set(most);
  code.loop(
    p,
    () => code.get(most),
    lanes.width,
    () => {
      emitSquare(packing, lines, to);
      onwards(lanes.width);
    },
  );
  const { load, store } = lanes.scalar;
  code.loop(
    p,
    () => code.get(K),
    1,
    () => {
      for (const [i, line] of lines.entries()) {
        code.get(to).get(line).memory(load);
        code.memory(store, i * lanes.size);
      }
      onwards(1);
    },
  );
  code.release("i32", ...lines, p, to, most);
}

/** Reads one vector of each line, and writes for each of its lanes what the lines have there, side by side. */
function emitSquare({ code, lanes, width }: Packing, lines: readonly number[], to: number): void {
  let vectors = lines.map((line) => {
    const vector = code.local("v128");
    code.get(line).simdMemory(v128.load).set(vector);
    return vector;
  });
  // A transposition is a shuffle of cards: one half between the other, as often as the number of lines can be halved.
  for (let rest = lines.length; rest > 1; rest /= 2) {
    const half = vectors.length / 2;
    const shuffled = vectors
      .slice(0, half)
      .flatMap((a, i) =>
        [0, 1].map((upper) => interleave(code, lanes, [a, vectors[i + half]], upper)),
      );
    code.release("v128", ...vectors);
    vectors = shuffled;
  }
  const steps = lanes.width / lines.length;
  const storePart = lines.length * lanes.size === 8 ? v128.store64Lane : v128.store32Lane;
  for (let step = 0; step < lanes.width; step++) {
    const offset = step * width * lanes.size;
    code.get(to).get(vectors[Math.floor(step / steps)]);
    if (steps === 1) code.simdMemory(v128.store, offset);
    else code.simdMemory(storePart, offset, step % steps);
  }
  code.release("v128", ...vectors);
}

/** A local with the lanes of the lower or upper halves of two vectors in turns. */
function interleave(
  code: Code,
  lanes: Lanes,
  [a, b]: readonly [number, number],
  upper: number,
): number {
  const bytes = (from: number): number[] => Array.from({ length: lanes.size }, (_, i) => from + i);
  const order = Array.from({ length: lanes.width / 2 }, (_, i) => {
    const from = upper * 8 + i * lanes.size;
    return [...bytes(from), ...bytes(16 + from)];
  });
  const result = code.local("v128");
  code
    .get(a)
    .get(b)
    .simd(v128.shuffle, ...order.flat())
    .set(result);
  return result;
}
