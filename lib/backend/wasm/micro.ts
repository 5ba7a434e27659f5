/** The innermost parts of a matrix product: the tile in registers, and tiles at the edge. */
import { Code, op } from "./code.ts";
import { v128, type Lanes } from "./lanes.ts";

/** A tile being written: its sums, and the vectors that are multiplied. */
interface Tile {
  readonly code: Code;
  readonly lanes: Lanes;
  readonly rows: number;
  readonly columns: number;
  /** How many rows a strip of a has, of which the tile takes the first. */
  readonly strip: number;
  readonly sums: readonly number[];
  readonly right: readonly number[];
  readonly left: number;
}

/**
 * micro(a, b, step, k, c, row, source, scale): c = source + scale·a·b for one tile; without a source, scale·a·b. The rows
 * of b are `step` bytes apart: side by side if they are packed.
 */
export function emitMicro(lanes: Lanes, rows: number, columns: number, strip = rows): Code {
  const code = new Code("i32", "i32", "i32", "i32", "i32", "i32", "i32", lanes.type);
  const [a, k, source, scale] = [0, 3, 6, 7];
  const vectors = (count: number): number[] =>
    Array.from({ length: count }, () => code.local("v128"));
  const [sums, right, [left]] = [vectors(rows * columns), vectors(columns), vectors(1)];
  const tile: Tile = { code, lanes, rows, columns, strip, sums, right, left };
  const [p, wide] = [code.local("i32"), code.local("i32")];
  const several = (steps: number): void => {
    for (let u = 0; u < steps; u++) emitOuterProduct(tile, u);
    advance(code, a, steps * strip * lanes.size);
  };
  code.i32(0).set(p);
  if (!lanes.hoists) {
    code.get(k).i32(3).op(op.i32Sub).set(wide);
    code.loop(
      p,
      () => code.get(wide),
      4,
      () => several(4),
    );
  }
  code.loop(
    p,
    () => code.get(k),
    1,
    () => several(1),
  );
  code.get(scale).simd(lanes.codes.splat).set(left);
  code.get(source).choose(
    () => emitWrite(tile, true),
    () => emitWrite(tile, false),
  );
  return code;
}

function advance(code: Code, local: number, bytes: number): void {
  code.get(local).i32(bytes).op(op.i32Add).set(local);
}

/** The column of a and the row of b that lie `u` steps on: their product is added to the sums. */
function emitOuterProduct(
  { code, lanes, rows, columns, strip, sums, right, left }: Tile,
  u: number,
): void {
  const [a, b, step] = [0, 1, 2];
  const { codes, fused } = lanes;
  for (const [v, local] of right.entries()) {
    code.get(b).simdMemory(v128.load, v * 16);
    code.set(local);
  }
  code.get(b).get(step).op(op.i32Add).set(b);
  for (let i = 0; i < rows; i++) {
    code.get(a).simdMemory(codes.loadSplat, (u * strip + i) * lanes.size);
    code.set(left);
    for (const [v, local] of right.entries()) {
      const sum = sums[i * columns + v];
      if (fused) code.get(left).get(local).get(sum).simd(codes.madd);
      else code.get(sum).get(left).get(local).simd(codes.mul).simd(codes.add);
      code.set(sum);
    }
  }
}

/** The sums, scaled, go to c, added to what is at the source or not. */
function emitWrite({ code, lanes, rows, columns, sums, left }: Tile, added: boolean): void {
  const [c, stride, source] = [4, 5, 6];
  for (let i = 0; i < rows; i++) {
    const row = sums.slice(i * columns, (i + 1) * columns);
    // All are read before one is written, which the engine cannot know to be somewhere else.
    for (const [v, sum] of row.entries()) {
      code.get(sum).get(left).simd(lanes.codes.mul);
      if (added)
        code
          .get(source)
          .simdMemory(v128.load, v * 16)
          .simd(lanes.codes.add);
      code.set(sum);
    }
    for (const [v, sum] of row.entries()) {
      code.get(c).get(sum);
      code.simdMemory(v128.store, v * 16);
    }
    code.get(c).get(stride).op(op.i32Add).set(c);
    if (added) code.get(source).get(stride).op(op.i32Add).set(source);
  }
}

/** edge(tile, c, row, source, rows, columns): the part of a tile that belongs to c, number by number, and the source. */
export function emitEdge(lanes: Lanes, width: number): Code {
  const code = new Code("i32", "i32", "i32", "i32", "i32", "i32");
  const [tile, c, row, source, rows, columns] = [0, 1, 2, 3, 4, 5];
  const [i, j, at] = [code.local("i32"), code.local("i32"), code.local("i32")];
  const { load, store, add } = lanes.scalar;
  const read = (from: number): Code => code.get(from).get(at).op(op.i32Add).memory(load);
  const one = (): void => {
    code.get(j).i32(lanes.size).op(op.i32Mul).set(at);
    // The source may be c itself: it is read before c is written.
    code.get(source).choose(
      () => {
        code.get(c).get(at).op(op.i32Add);
        read(tile);
        read(source).op(add).memory(store);
      },
      () => {
        code.get(c).get(at).op(op.i32Add);
        read(tile).memory(store);
      },
    );
  };
  code.i32(0).set(i);
  code.loop(
    i,
    () => code.get(rows),
    1,
    () => {
      code.i32(0).set(j);
      code.loop(j, () => code.get(columns), 1, one);
      advance(code, tile, width * lanes.size);
      code.get(c).get(row).op(op.i32Add).set(c);
      code.get(source).choose(() => code.get(source).get(row).op(op.i32Add).set(source));
    },
  );
  return code;
}
