/** A value without a display of its own as a MIME bundle: an image, a table beside its text, or its text. */
import { types } from "node:util";
import type { Bundle } from "../../channel.ts";
import { htmlOf } from "./html.ts";
import { byteCount, type Image, imageOf, viewOf } from "./image.ts";
import { Keys } from "./printer.ts";
import { chainOf, classNameOf, isObject } from "./reflect.ts";
import { tableOf } from "./table.ts";
import { textOf } from "./text.ts";
import { typedTableOf } from "./typed_table.ts";

/** A page would hardly show more, and the file of the notebook would hold it as base64. */
const MAX_IMAGE = 20_000_000;

// A cell may replace the class; the kernel keeps its own.
const { Blob: PlatformBlob } = globalThis;

export function valueBundle(value: unknown): Bundle | Promise<Bundle> {
  if (!isObject(value) || types.isProxy(value)) return textBundle(value);
  const bytes = bytesOf(value);
  const image = bytes === null ? null : imageOf(bytes);
  if (bytes !== null && image !== null) return imageBundle(bytes, image, classNameOf(value));
  if (isImageBlob(value)) return blobBundle(value);
  const keys = new Keys();
  const text = textOf(value, { keys });
  const html = tableHtml(value, keys);
  return bundle(html === null ? { "text/plain": text } : { "text/html": html, "text/plain": text });
}

/** A value that cannot be asked for its cells still has its text. */
function tableHtml(value: object, keys: Keys): string | null {
  try {
    const table = typedTableOf(value) ?? tableOf(value, keys);
    return table === null ? null : htmlOf(table);
  } catch {
    return null;
  }
}

function bytesOf(value: object): Uint8Array | null {
  if (types.isUint8Array(value)) return value;
  if (!types.isAnyArrayBuffer(value)) return null;
  try {
    return new Uint8Array(value);
  } catch {
    // Its memory was handed to another thread.
    return null;
  }
}

function imageBundle(bytes: Uint8Array, image: Image, className: string | null): Bundle {
  const text = imageText(bytes.byteLength, image, className);
  if (bytes.byteLength > MAX_IMAGE) {
    return bundle({ "text/plain": `${text} (too large to show: write it to a file)` });
  }
  return bundle({ [image.mime]: viewOf(bytes).toString("base64"), "text/plain": text });
}

/** `<Buffer PNG 640×480, 12.3 kB>` */
function imageText(size: number, { name, size: area }: Image, className: string | null): string {
  const extent = area === null ? "" : ` ${area.width}×${area.height}`;
  return `<${className ?? "Uint8Array"} ${name}${extent}, ${byteCount(size)}>`;
}

function isImageBlob(value: object): value is Blob {
  const isBlob = [...chainOf(value)].slice(1).includes(PlatformBlob.prototype);
  if (!isBlob) return false;
  try {
    const { type, size } = value as Blob;
    return type.startsWith("image/") && size <= MAX_IMAGE;
  } catch {
    // A prototype, or something made from it by hand.
    return false;
  }
}

async function blobBundle(blob: Blob): Promise<Bundle> {
  const bytes = await blob.arrayBuffer().catch(() => null);
  if (bytes === null) return textBundle(blob);
  const view = new Uint8Array(bytes);
  const image = imageOf(view);
  const className = classNameOf(blob);
  if (image !== null) return imageBundle(view, image, className);
  if (!blob.type.startsWith("image/svg+xml")) return textBundle(blob);
  const text = `<${className ?? "Blob"} SVG, ${byteCount(blob.size)}>`;
  return bundle({ "image/svg+xml": viewOf(view).toString("utf8"), "text/plain": text });
}

function textBundle(value: unknown): Bundle {
  return bundle({ "text/plain": textOf(value) });
}

function bundle(data: Readonly<Record<string, unknown>>): Bundle {
  return { data, metadata: {} };
}
