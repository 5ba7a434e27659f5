/** PNG with a palette: a plot has few colours, so a quarter of the bytes of a true-colour image. */
import { deflateSync } from "node:zlib";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PALETTE = 256;

// The check value of PNG chunks: PNG specification, annex D.
const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** The colours of an opaque image, most frequent first, as 0xrrggbb. */
function colorsOf(rgba: Uint8Array): number[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < rgba.length; i += 4) {
    const color = (rgba[i] << 16) | (rgba[i + 1] << 8) | rgba[i + 2];
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([color]) => color);
}

function distance(a: number, b: number): number {
  const [r, g, bl] = [
    (a >> 16) - (b >> 16),
    ((a >> 8) & 255) - ((b >> 8) & 255),
    (a & 255) - (b & 255),
  ];
  return 2 * r * r + 4 * g * g + bl * bl;
}

function nearest(color: number, palette: readonly number[]): number {
  let best = 0;
  let least = Infinity;
  for (let i = 0; i < palette.length; i++) {
    const away = distance(color, palette[i]);
    if (away < least) [best, least] = [i, away];
  }
  return best;
}

/** The image's rows as palette indices, each after its filter type (0, none: the best for palettes). */
function indexed(
  rgba: Uint8Array,
  width: number,
  colors: readonly number[],
  palette: readonly number[],
): Uint8Array {
  const index = new Map(
    colors.map((color, i) => [color, i < palette.length ? i : nearest(color, palette)]),
  );
  const height = rgba.length / 4 / width;
  const rows = new Uint8Array((width + 1) * height);
  for (let p = 0, at = 0; p < width * height; p++) {
    if (p % width === 0) at++;
    const i = 4 * p;
    const color = (rgba[i] << 16) | (rgba[i + 1] << 8) | rgba[i + 2];
    rows[at++] = index.get(color) as number;
  }
  return rows;
}

/**
 * An opaque image as PNG. Colours beyond the 256 most frequent, which in a plot are shades of smoothed edges, become
 * the nearest of those.
 */
export function encodePng(rgba: Uint8Array, width: number): Buffer {
  const colors = colorsOf(rgba);
  const palette = colors.slice(0, PALETTE);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rgba.length / 4 / width, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const table = Uint8Array.from(
    palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]),
  );
  const data = deflateSync(indexed(rgba, width, colors, palette), { level: 9 });
  return Buffer.concat([
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("PLTE", table),
    chunk("IDAT", data),
    chunk("IEND", new Uint8Array()),
  ]);
}
