/** Glyph widths of a TrueType font, read from its tables: a page without a browser cannot measure text. */

/** Tells how wide characters are, in units of the font size. */
export interface Font {
  /** The advance width of one character, or undefined if the font has no glyph for it. */
  advance(codePoint: number): number | undefined;
}

/** Offsets of the tables, by tag; OpenType spec, "Table Directory". */
function tables(bytes: DataView): Map<string, number> {
  const found = new Map<string, number>();
  for (let i = 0; i < bytes.getUint16(4); i++) {
    const entry = 12 + 16 * i;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((k) => bytes.getUint8(entry + k)));
    found.set(tag, bytes.getUint32(entry + 8));
  }
  return found;
}

function tableAt(found: ReadonlyMap<string, number>, tag: string): number {
  const offset = found.get(tag);
  if (offset === undefined)
    throw new Error(`font: the file has no table "${tag}"; is it a TrueType font?`);
  return offset;
}

/** Where the Unicode subtable of format 4 starts; OpenType spec, "cmap". */
function unicodeMap(bytes: DataView, cmap: number): number {
  for (let i = 0; i < bytes.getUint16(cmap + 2); i++) {
    const subtable = cmap + bytes.getUint32(cmap + 8 + 8 * i);
    if (bytes.getUint16(subtable) === 4) return subtable;
  }
  throw new Error("font: the file has no character map of format 4");
}

/** Every character of one format 4 subtable with its glyph. */
function glyphs(bytes: DataView, subtable: number): Map<number, number> {
  const segments = bytes.getUint16(subtable + 6) / 2;
  const ends = subtable + 14;
  const starts = ends + 2 * segments + 2;
  const found = new Map<number, number>();
  for (let s = 0; s < segments; s++) {
    const delta = bytes.getUint16(starts + 2 * segments + 2 * s);
    const rangeAt = starts + 4 * segments + 2 * s;
    const range = bytes.getUint16(rangeAt);
    const first = bytes.getUint16(starts + 2 * s);
    const last = Math.min(bytes.getUint16(ends + 2 * s), 0xfffe);
    for (let code = first; code <= last; code++) {
      const glyph =
        range === 0
          ? (code + delta) & 0xffff
          : bytes.getUint16(rangeAt + range + 2 * (code - first));
      if (glyph !== 0) found.set(code, glyph);
    }
  }
  return found;
}

/** Reads the widths from the bytes of a `.ttf` file. */
export function readFont(file: Uint8Array): Font {
  const bytes = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found = tables(bytes);
  const unitsPerEm = bytes.getUint16(tableAt(found, "head") + 18);
  const metrics = bytes.getUint16(tableAt(found, "hhea") + 34);
  const widths = tableAt(found, "hmtx");
  const glyphOf = glyphs(bytes, unicodeMap(bytes, tableAt(found, "cmap")));
  const advance = (codePoint: number): number | undefined => {
    const glyph = glyphOf.get(codePoint);
    if (glyph === undefined) return undefined;
    return bytes.getUint16(widths + 4 * Math.min(glyph, metrics - 1)) / unitsPerEm;
  };
  return { advance };
}
