/** Images by their first bytes: what they are, and how large. */

export interface Image {
  readonly mime: string;
  /** `PNG`, as people say. */
  readonly name: string;
  readonly size: { readonly width: number; readonly height: number } | null;
}

type Size = Image["size"];

interface Format {
  readonly mime: string;
  readonly name: string;
  matches(bytes: Buffer): boolean;
  size(bytes: Buffer): Size;
}

const FORMATS: readonly Format[] = [
  {
    mime: "image/png",
    name: "PNG",
    matches: (bytes) => starts(bytes, "89504e470d0a1a0a"),
    size: (bytes) => ({ width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }),
  },
  {
    mime: "image/jpeg",
    name: "JPEG",
    matches: (bytes) => starts(bytes, "ffd8ff"),
    size: jpegSize,
  },
  {
    mime: "image/gif",
    name: "GIF",
    matches: (bytes) => /^GIF8[79]a/.test(bytes.toString("latin1", 0, 6)),
    size: (bytes) => ({ width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }),
  },
  {
    mime: "image/webp",
    name: "WebP",
    matches: (bytes) => /^RIFF[^]{4}WEBP/.test(bytes.toString("latin1", 0, 12)),
    size: webpSize,
  },
  {
    mime: "application/pdf",
    name: "PDF",
    // A few bytes of something else may stand in front.
    matches: (bytes) => bytes.subarray(0, 1024).includes("%PDF-"),
    size: () => null,
  },
];

/** What the bytes are, or null for what is not known. */
export function formatOf(bytes: Uint8Array): Image | null {
  const view = viewOf(bytes);
  const format = FORMATS.find((each) => each.matches(view));
  if (format === undefined) return null;
  return { mime: format.mime, name: format.name, size: sizeOrNull(format, view) };
}

/** The formats that can be told by their bytes. */
export function nameOfMime(mime: string): string | null {
  return FORMATS.find((format) => format.mime === mime)?.name ?? null;
}

/** An image whose size can be read: a few bytes alone may look like one by chance. */
export function imageOf(bytes: Uint8Array): Image | null {
  const found = formatOf(bytes);
  const isWhole = found !== null && found.size !== null && found.size.width > 0;
  return isWhole && found.mime.startsWith("image/") ? found : null;
}

export function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `12.3 kB`, as a file manager says it. */
export function byteCount(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"] as const;
  const power = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const shown = power === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1));
  return `${shown} ${units[power]}`;
}

function sizeOrNull(format: Format, bytes: Buffer): Size {
  try {
    return format.size(bytes);
  } catch {
    // The bytes end before the size.
    return null;
  }
}

function starts(bytes: Buffer, hex: string): boolean {
  return bytes.toString("hex", 0, hex.length / 2) === hex;
}

/** From segment to segment up to the one with the frame's size. ITU T.81, B.2.2 */
function jpegSize(bytes: Buffer): Size {
  let at = 2;
  while (bytes.readUInt8(at) === 0xff) {
    const marker = bytes.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** Lossy, lossless and extended files differ. RFC 9649, 2.5 to 2.7 */
function webpSize(bytes: Buffer): Size {
  const kind = bytes.toString("latin1", 12, 16);
  if (kind === "VP8 ") {
    return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  }
  if (kind === "VP8L") {
    const bits = bytes.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind !== "VP8X") return null;
  return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
}
