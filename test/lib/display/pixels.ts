/** Reads back the palette PNGs that pictures are shown as, with none of the code that writes them. */
import { strict as assert } from "node:assert";
import { inflateSync } from "node:zlib";

export interface Image {
  readonly width: number;
  readonly height: number;
  /** 0xrrggbb, row by row. */
  readonly pixels: readonly number[];
}

function chunksOf(file: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    chunks.set(file.toString("latin1", at + 4, at + 8), file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}

function chunk(chunks: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const found = chunks.get(name);
  assert.ok(found, `the PNG has no chunk ${name}`);
  return found;
}

export function decode(png: string | Buffer): Image {
  const file = typeof png === "string" ? Buffer.from(png, "base64") : png;
  assert.equal(file.toString("latin1", 1, 4), "PNG");
  const chunks = chunksOf(file);
  const header = chunk(chunks, "IHDR");
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  assert.deepEqual([...header.subarray(8, 10)], [8, 3], "8 bits a pixel, with a palette");
  const palette = chunk(chunks, "PLTE");
  const rows = inflateSync(chunk(chunks, "IDAT"));
  assert.equal(rows.length, (width + 1) * height);
  const pixels: number[] = [];
  for (let y = 0; y < height; y++) {
    assert.equal(rows[y * (width + 1)], 0, "no filter");
    for (let x = 0; x < width; x++) {
      const index = rows[y * (width + 1) + 1 + x] ?? 0;
      pixels.push(palette.readUIntBE(3 * index, 3));
    }
  }
  return { width, height, pixels };
}

/** How many pixels have the colour, given as `#rrggbb`. */
export function count(image: Image, color: string): number {
  const wanted = Number.parseInt(color.slice(1), 16);
  return image.pixels.filter((pixel) => pixel === wanted).length;
}
