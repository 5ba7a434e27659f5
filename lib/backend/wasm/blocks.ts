/** How a product is cut: tiles of the output in registers, and blocks of the factors in cache. */
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
  return { rows, columns, m: 96, n: strips * columns * lanes.width, k: 264 };
}

/** Rows that are left over get tiles of their own: sizes that are powers of two leave two or four. */
export function fewerRows({ rows }: Blocks): readonly number[] {
  return rows === tiles.wide.rows ? [2, 4] : [];
}

/** The bytes for a tile at the edge. */
export const TILE_BYTES = 1024;
