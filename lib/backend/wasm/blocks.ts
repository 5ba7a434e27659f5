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
 * and add. Where a product needs a register before it is added, or all is read first, 4 × 2 fit.
 * Four columns of which two become one are two columns of vectors twice as wide.
 */
const tiles: Readonly<Record<"wide" | "large" | "small", Tile>> = {
  wide: { rows: 6, columns: 4 },
  large: { rows: 6, columns: 2 },
  small: { rows: 4, columns: 2 },
};

/** The tile that fits the registers of an engine. */
export function tileOf({ fused, hoists, wide }: Abilities): Tile {
  if (wide) return tiles.wide;
  return fused && !hoists ? tiles.large : tiles.small;
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
