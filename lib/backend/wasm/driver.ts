/**
 * Matrix products in blocks that stay in cache (Goto, van de Geijn: Anatomy of High-Performance Matrix Multiplication,
 * 2008): both factors are copied into strips in the order in which the innermost loop reads them, so that it does not
 * matter whether they were stored transposed.
 */
import { Code, op } from "./code.ts";
import type { Abilities, Lanes } from "./lanes.ts";

/** The sizes of blocks: a tile of the output in registers, and the blocks of the factors in cache. */
export interface Blocks {
  readonly rows: number;
  /** In vectors. */
  readonly columns: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

type Tile = Pick<Blocks, "rows" | "columns">;

/**
 * 6 × 2 vectors are 12 sums, with 2 vectors of b and one of a in 16 registers: 95 % of what the processor can multiply
 * and add, where 3 × 3 come to 90 %. Where a product needs a register before it is added, 3 × 3 are as fast or faster.
 * Four columns of which two become one are two columns of vectors twice as wide.
 */
const tiles: Readonly<Record<"wide" | "fused" | "apart", Tile>> = {
  wide: { rows: 6, columns: 4 },
  fused: { rows: 6, columns: 2 },
  apart: { rows: 3, columns: 3 },
};

/** The tile that fits the registers of an engine. */
export function tileOf({ fused, wide }: Abilities): Tile {
  if (wide) return tiles.wide;
  return fused ? tiles.fused : tiles.apart;
}

/** How wide a block of b is. */
const MOST_VECTORS = 128;

/** A strip of b stays in the first cache, the blocks of both factors in the second. */
export function blocksOf(lanes: Lanes): Blocks {
  const { rows, columns } = tileOf(lanes);
  const strips = Math.floor(MOST_VECTORS / columns);
  return { rows, columns, m: 96, n: strips * columns * lanes.width, k: 256 };
}

/** The bytes for a tile at the edge. */
export const TILE_BYTES = 1024;

/** The functions that pack a factor, by what lies side by side in memory: one line's numbers, or those of all lines. */
export interface Packers {
  readonly along: number;
  readonly across: number;
}

/** The functions that a driver calls, by number. */
export interface Parts {
  readonly left: Packers;
  readonly right: Packers;
  readonly micro: number;
  readonly edge: number;
}

/** The parameters of a driver, all addresses and strides in bytes. */
const A = 0;
const A_I = 1;
const A_P = 2;
const B = 3;
const B_P = 4;
const B_J = 5;
const C = 6;
const C_I = 7;
const ADDEND = 8;
const M = 9;
const N = 10;
const K = 11;
const SCALE = 12;
const MEMORY = 13;

/** Pushes the lesser of two locals' values, the first less a local. */
function pushRest(code: Code, total: number, done: number, most: number): Code {
  code.get(total).get(done).op(op.i32Sub).i32(most);
  code.get(total).get(done).op(op.i32Sub).i32(most);
  return code.op(op.i32LtS, op.select);
}

interface Driving {
  readonly code: Code;
  readonly lanes: Lanes;
  readonly parts: Parts;
  readonly blocks: Blocks;
  readonly local: Readonly<Record<LocalName, number>>;
}

const localNames = [
  "jc",
  "pc",
  "ic",
  "jr",
  "ir",
  "nc",
  "kc",
  "mc",
  "stripA",
  "stripB",
  "source",
  "c",
  "s",
] as const;
type LocalName = (typeof localNames)[number];

/** gemm(a, …, c, row, addend, m, n, k, scale, memory): c = addend + scale·a·b; without an addend, scale·a·b. */
export function emitDriver(lanes: Lanes, parts: Parts): Code {
  const code = new Code(...Array.from({ length: 12 }, () => "i32" as const), lanes.type, "i32");
  const local = Object.fromEntries(
    localNames.map((name) => [name, code.local("i32")]),
  ) as unknown as Record<LocalName, number>;
  const driving: Driving = { code, lanes, parts, blocks: blocksOf(lanes), local };
  const { m, n, k } = driving.blocks;
  code.get(MEMORY).i32(TILE_BYTES).op(op.i32Add).set(local.stripA);
  code
    .get(local.stripA)
    .i32((m + 16) * k * lanes.size)
    .op(op.i32Add)
    .set(local.stripB);
  code.i32(0).set(local.jc);
  code.loop(
    local.jc,
    () => code.get(N),
    n,
    () => {
      pushRest(code, N, local.jc, n).set(local.nc);
      code.i32(0).set(local.pc);
      code.loop(
        local.pc,
        () => code.get(K),
        k,
        () => {
          pushRest(code, K, local.pc, k).set(local.kc);
          packRight(driving);
          // What the product is added to: the addend at first, then what was there.
          code.get(C).get(ADDEND).get(local.pc).op(op.select).set(local.source);
          code.i32(0).set(local.ic);
          code.loop(
            local.ic,
            () => code.get(M),
            m,
            () => {
              pushRest(code, M, local.ic, m).set(local.mc);
              packLeft(driving);
              emitTiles(driving);
            },
          );
        },
      );
    },
  );
  return code;
}

/** A factor as it is packed: its base, where the block begins along its lines and across them, and where it goes. */
interface Factor {
  readonly base: number;
  /** The stride from line to line, and along one. */
  readonly strides: readonly [number, number];
  readonly first: number;
  readonly count: number;
  readonly strip: number;
}

function packRight(driving: Driving): void {
  const { jc, nc, stripB } = driving.local;
  pack(driving, driving.parts.right, {
    base: B,
    strides: [B_J, B_P],
    first: jc,
    count: nc,
    strip: stripB,
  });
}

function packLeft(driving: Driving): void {
  const { ic, mc, stripA } = driving.local;
  pack(driving, driving.parts.left, {
    base: A,
    strides: [A_I, A_P],
    first: ic,
    count: mc,
    strip: stripA,
  });
}

/** Packs a block, with one packer where lines are contiguous, and with another where they are neighbours. */
function pack({ code, lanes, local }: Driving, packers: Packers, factor: Factor): void {
  const { base, first, count, strip } = factor;
  const [line, along] = factor.strides;
  const call = (stride: number, packer: number): void => {
    code.get(base).get(first).get(line).op(op.i32Mul, op.i32Add);
    code.get(local.pc).get(along).op(op.i32Mul, op.i32Add);
    code.get(stride).get(count).get(local.kc).get(strip).call(packer);
  };
  code.get(along).i32(lanes.size).op(op.i32Eq);
  code.choose(
    () => call(line, packers.along),
    () => call(along, packers.across),
  );
}

/** Every tile of the block: those at the edge are computed aside, and copied in part. */
function emitTiles(driving: Driving): void {
  const { code, lanes, parts, local, blocks: sizes } = driving;
  const width = sizes.columns * lanes.width;
  const strips = (): Code => {
    code
      .get(local.stripA)
      .get(local.ir)
      .get(local.kc)
      .op(op.i32Mul)
      .i32(lanes.size)
      .op(op.i32Mul, op.i32Add);
    code
      .get(local.stripB)
      .get(local.jr)
      .get(local.kc)
      .op(op.i32Mul)
      .i32(lanes.size)
      .op(op.i32Mul, op.i32Add);
    return code.get(local.kc);
  };
  code.i32(0).set(local.jr);
  code.loop(
    local.jr,
    () => code.get(local.nc),
    width,
    () => {
      code.i32(0).set(local.ir);
      code.loop(
        local.ir,
        () => code.get(local.mc),
        sizes.rows,
        () => {
          place(driving, C, local.c);
          code.get(local.source).choose(
            () => place(driving, local.source, local.s),
            () => code.i32(0).set(local.s),
          );
          code.get(local.ir).i32(sizes.rows).op(op.i32Add).get(local.mc).op(0x4c);
          code.get(local.jr).i32(width).op(op.i32Add).get(local.nc).op(0x4c, 0x71);
          code.choose(
            () => strips().get(local.c).get(C_I).get(local.s).get(SCALE).call(parts.micro),
            () => {
              strips()
                .get(MEMORY)
                .i32(width * lanes.size)
                .i32(0)
                .get(SCALE)
                .call(parts.micro);
              code.get(MEMORY).get(local.c).get(C_I).get(local.s);
              pushRest(code, local.mc, local.ir, sizes.rows);
              pushRest(code, local.nc, local.jr, width).call(parts.edge);
            },
          );
        },
      );
    },
  );
}

/** to = from + (ic + ir)·row + (jc + jr)·size. */
function place({ code, lanes, local }: Driving, from: number, to: number): void {
  code.get(from);
  code.get(local.ic).get(local.ir).op(op.i32Add).get(C_I).op(op.i32Mul, op.i32Add);
  code.get(local.jc).get(local.jr).op(op.i32Add).i32(lanes.size).op(op.i32Mul, op.i32Add).set(to);
}
