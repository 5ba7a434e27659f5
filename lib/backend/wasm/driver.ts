/**
 * Matrix products in blocks that stay in cache (Goto, van de Geijn: Anatomy of High-Performance Matrix Multiplication,
 * 2008): both factors are copied into strips in the order in which the innermost loop reads them, so that it does not
 * matter whether they were stored transposed.
 */
import { Code, op } from "./code.ts";
import { TILE_BYTES, blocksOf, type Blocks } from "./blocks.ts";
import type { Lanes } from "./lanes.ts";

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
  /** Tiles of fewer rows, by their number. */
  readonly fewer: ReadonlyMap<number, number>;
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

/** Pushes what is left of a total, but not more than a block, which is a number or what pushes one. */
function pushRest(code: Code, total: number, done: number, most: number | (() => Code)): Code {
  const block = (): Code => (typeof most === "number" ? code.i32(most) : most());
  code.get(total).get(done).op(op.i32Sub);
  block();
  code.get(total).get(done).op(op.i32Sub);
  block();
  return code.op(op.i32LtS, op.select);
}

/** Pushes how deep blocks are: all alike, since a shallow one at the end would read and write c for little. */
function pushDepth(code: Code, most: number): Code {
  const blocks = (): Code =>
    code.get(K).i32(1).op(op.i32Sub).i32(most).op(op.i32DivU).i32(1).op(op.i32Add);
  code.get(K).i32(1).op(op.i32Sub);
  blocks().op(op.i32Add);
  blocks().op(op.i32DivU);
  return code.i32(3).op(op.i32Add).i32(-4).op(op.i32And);
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
  "depth",
  "kc",
  "mc",
  "stripA",
  "stripB",
  "right",
  "step",
  "column",
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
  const depth = (): Code => code.get(local.depth);
  pushDepth(code, k).set(local.depth);
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
        depth,
        () => {
          pushRest(code, K, local.pc, depth).set(local.kc);
          takeRight(driving);
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

/** A block of a factor: the base of the factor, and the first of the lines that belong to the block. */
interface Block {
  readonly base: number;
  /** The stride from line to line, and along one. */
  readonly strides: readonly [number, number];
  readonly first: number;
}

/** A block as it is packed: how many lines, and where they go. */
interface Packed extends Block {
  readonly count: number;
  readonly strip: number;
}

/** Rows of a below which b is read where it lies: packing it would take longer than the few tiles that it is for. */
const FEW_ROWS = 200;
/** Bytes between the rows of b from which on they fight for the same places in the cache. */
const FAR = 4096;

/**
 * Packs a block of b, unless few rows of a need it, its columns lie side by side, its rows are not far apart, and no strip
 * ends before its width.
 */
function takeRight(driving: Driving): void {
  const { code, lanes, local, parts, blocks } = driving;
  const { jc, nc, stripB, kc, right, step, column } = local;
  const width = blocks.columns * lanes.width;
  const block = { base: B, strides: [B_J, B_P], first: jc } as const;
  code.get(M).i32(FEW_ROWS).op(op.i32LtS);
  code.get(B_J).i32(lanes.size).op(op.i32Eq, op.i32And);
  code.get(B_P).i32(FAR).op(op.i32LtS, op.i32And);
  code.get(N).i32(width).op(op.i32RemU, op.i32Eqz, op.i32And);
  code.choose(
    () => {
      pushBlock(driving, block).set(right);
      code.get(B_P).set(step).i32(lanes.size).set(column);
    },
    () => {
      pack(driving, parts.right, { ...block, count: nc, strip: stripB });
      code.get(stripB).set(right);
      code.i32(width * lanes.size).set(step);
      code.get(kc).i32(lanes.size).op(op.i32Mul).set(column);
    },
  );
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
function pack(driving: Driving, packers: Packers, packed: Packed): void {
  const { code, lanes, local } = driving;
  const { count, strip } = packed;
  const [line, along] = packed.strides;
  const call = (stride: number, packer: number): void => {
    pushBlock(driving, packed);
    code.get(stride).get(count).get(local.kc).get(strip).call(packer);
  };
  code.get(along).i32(lanes.size).op(op.i32Eq);
  code.choose(
    () => call(line, packers.along),
    () => call(along, packers.across),
  );
}

/** Pushes where a block begins. */
function pushBlock({ code, local }: Driving, { base, strides: [line, along], first }: Block): Code {
  code.get(base).get(first).get(line).op(op.i32Mul, op.i32Add);
  return code.get(local.pc).get(along).op(op.i32Mul, op.i32Add);
}

/** Every tile of the block. */
function emitTiles(driving: Driving): void {
  const { code, lanes, local, blocks } = driving;
  code.i32(0).set(local.jr);
  code.loop(
    local.jr,
    () => code.get(local.nc),
    blocks.columns * lanes.width,
    () => {
      code.i32(0).set(local.ir);
      code.loop(
        local.ir,
        () => code.get(local.mc),
        blocks.rows,
        () => emitTile(driving),
      );
    },
  );
}

/** A tile that is whole, or has a number of rows for which there is a tile, is written where it belongs. */
function emitTile(driving: Driving): void {
  const { code, lanes, parts, local, blocks } = driving;
  const width = blocks.columns * lanes.width;
  place(driving, C, local.c);
  code.get(local.source).choose(
    () => place(driving, local.source, local.s),
    () => code.i32(0).set(local.s),
  );
  const choose = (tiles: readonly (readonly [rows: number, micro: number])[]): void => {
    if (tiles.length === 0) return emitEdgeTile(driving);
    const [[rows, micro], ...others] = tiles;
    pushRest(code, local.mc, local.ir, blocks.rows).i32(rows).op(op.i32Eq);
    code.get(local.jr).i32(width).op(op.i32Add).get(local.nc).op(op.i32LeS, op.i32And);
    code.choose(
      () => pushStrips(driving).get(local.c).get(C_I).get(local.s).get(SCALE).call(micro),
      () => choose(others),
    );
    return undefined;
  };
  choose([[blocks.rows, parts.micro], ...parts.fewer]);
}

/** Any other is computed aside, and copied in part. */
function emitEdgeTile(driving: Driving): void {
  const { code, lanes, parts, local, blocks } = driving;
  const width = blocks.columns * lanes.width;
  pushStrips(driving)
    .get(MEMORY)
    .i32(width * lanes.size)
    .i32(0)
    .get(SCALE)
    .call(parts.micro);
  code.get(MEMORY).get(local.c).get(C_I).get(local.s);
  pushRest(code, local.mc, local.ir, blocks.rows);
  pushRest(code, local.nc, local.jr, width).call(parts.edge);
}

/** Pushes what a tile is the product of: where the strips begin, how far apart the rows of b are, and how deep it is. */
function pushStrips({ code, lanes, local }: Driving): Code {
  code.get(local.stripA).get(local.ir).get(local.kc).op(op.i32Mul);
  code.i32(lanes.size).op(op.i32Mul, op.i32Add);
  code.get(local.right).get(local.jr).get(local.column).op(op.i32Mul, op.i32Add);
  return code.get(local.step).get(local.kc);
}

/** to = from + (ic + ir)·row + (jc + jr)·size. */
function place({ code, lanes, local }: Driving, from: number, to: number): void {
  code.get(from);
  code.get(local.ic).get(local.ir).op(op.i32Add).get(C_I).op(op.i32Mul, op.i32Add);
  code.get(local.jc).get(local.jr).op(op.i32Add).i32(lanes.size).op(op.i32Mul, op.i32Add).set(to);
}
