/** ZIP archives, as far as .npz files need them: stored or deflated entries, below 4 GB. APPNOTE.TXT, PKWARE. */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

/** One file of an archive. */
export interface Entry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
/** The first day that the format can name, so that equal contents are equal bytes. */
const date = 0x0021;
const utf8 = 0x0800;

/** An archive of the entries, deflated if `compress` is set. */
export function zip(entries: readonly Entry[], { compress = false } = {}): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const body = compress ? deflateRawSync(bytes) : bytes;
    const encoded = new TextEncoder().encode(name);
    const method = compress ? 8 : 0;
    const common = [20, utf8, method, 0, date].map(short);
    const sizes = [crc32(bytes), body.length, bytes.length].map(long);
    const lengths = [encoded.length, 0].map(short);
    const local = join([long(localSignature), ...common, ...sizes, ...lengths, encoded, body]);
    const attributes = [short(0), short(0), short(0), long(0), long(offset)];
    directory.push(
      join([
        long(centralSignature),
        short(20),
        ...common,
        ...sizes,
        ...lengths,
        ...attributes,
        encoded,
      ]),
    );
    parts.push(local);
    offset += local.length;
  }
  const listing = join(directory);
  const counts = [0, 0, entries.length, entries.length].map(short);
  const end = [long(endSignature), ...counts, long(listing.length), long(offset), short(0)];
  return join([...parts, listing, ...end]);
}

/** The entries of an archive; `what` names it in the message of an error. */
export function unzip(what: string, archive: Uint8Array): Entry[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = endOf(view);
  if (end < 0)
    throw new TypeError(
      `${what} is no .npz file: it is no ZIP archive; write one with io.saveNpz, or with numpy.savez`,
    );
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: Entry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > archive.length || view.getUint32(at, true) !== centralSignature)
      throw broken(what);
    const lengths = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    entries.push(entryAt(what, archive, view, at));
    at += 46 + lengths.reduce((sum, length) => sum + length, 0);
  }
  return entries;
}

/** The record at the end, behind which there may be a comment; −1 if there is none. */
function endOf(view: DataView): number {
  const earliest = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= earliest; at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  return -1;
}

function entryAt(what: string, archive: Uint8Array, view: DataView, at: number): Entry {
  const method = view.getUint16(at + 10, true);
  const [sum, packed, size] = [16, 20, 24].map((place) => view.getUint32(at + place, true));
  const start = view.getUint32(at + 42, true);
  const nameLength = view.getUint16(at + 28, true);
  const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
  if (start + 30 > archive.length || view.getUint32(start, true) !== localSignature)
    throw broken(what);
  // The local header may have other fields than the directory: NumPy writes sizes of 64 bits there.
  const body = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  const bytes = unpacked(what, archive.subarray(body, body + packed), { name, method, size });
  if (bytes.length !== size || crc32(bytes) !== sum) throw broken(what);
  return { name, bytes };
}

function unpacked(
  what: string,
  body: Uint8Array,
  { name, method, size }: { name: string; method: number; size: number },
): Uint8Array {
  if (method === 0) return body;
  if (method !== 8) {
    throw new TypeError(
      `${what}: ${name} is compressed by method ${method}; use numpy.savez or numpy.savez_compressed`,
    );
  }
  try {
    return inflateRawSync(body, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    throw broken(what, error);
  }
}

function broken(what: string, cause?: unknown): TypeError {
  return new TypeError(
    `${what} is damaged or was cut off: its contents do not agree with its list of them; write it anew`,
    { cause },
  );
}

function short(value: number): Uint8Array {
  return new Uint8Array([value & 0xff, value >>> 8]);
}

function long(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
