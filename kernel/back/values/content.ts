/** Contents of a bundle, checked: texts are texts, images are images, all else is JSON. */
import { types } from "node:util";
import type { Bundle } from "../../channel.ts";
import { formatOf, nameOfMime, viewOf } from "./image.ts";
import { classNameOf, isObject } from "./reflect.ts";
import { lineOf } from "./text.ts";

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** Enough to tell every format by. */
const HEAD = 2048;

/**
 * The bundle of what a display function or method was given; `where` names it in what is thrown. Where it has no text,
 * a client that shows nothing else is told what it is missing.
 */
export function bundleFrom(data: Readonly<Record<string, unknown>>, where?: string): Bundle {
  const entries = Object.entries(data).map(([mime, content]) => [
    mime,
    contentOf(mime, content, where ?? mime),
  ]);
  const made = Object.fromEntries(entries) as Record<string, unknown>;
  const mimes = Object.keys(made);
  if (mimes.length > 0) made["text/plain"] ??= textFor(made, mimes);
  return { data: made, metadata: {} };
}

/** Some text there is, as text; else the types that there are. */
function textFor(made: Readonly<Record<string, unknown>>, mimes: readonly string[]): unknown {
  const readable = mimes.find((mime) => mime.startsWith("text/"));
  return readable === undefined ? `<${mimes.join(", ")}>` : made[readable];
}

function contentOf(mime: string, content: unknown, where: string): unknown {
  if (/^text\/|^image\/svg|javascript$/.test(mime)) {
    if (typeof content === "string") return content;
    throw new TypeError(`${where}: wanted a string, got ${describe(content)}`);
  }
  if (nameOfMime(mime) !== null) return binaryOf(mime, content, where);
  if (mime.endsWith("json")) return asJson(content, where);
  if (typeof content === "string") return content;
  const bytes = bytesOf(content);
  return bytes === null ? asJson(content, where) : viewOf(bytes).toString("base64");
}

/** Bytes, their base64 or a data URL of it, as base64. */
function binaryOf(mime: string, content: unknown, where: string): string {
  const name = nameOfMime(mime) ?? mime;
  const bytes = bytesOf(content);
  if (bytes !== null) {
    check(bytes, { mime, name, where });
    return viewOf(bytes).toString("base64");
  }
  const wanted = `the bytes of a ${name} (a Uint8Array) or their base64`;
  if (typeof content !== "string") {
    throw new TypeError(`${where}: wanted ${wanted}, got ${describe(content)}`);
  }
  const base64 = content.replace(/^data:[^,]*;base64,/, "").replaceAll(/\s+/g, "");
  if (base64 === "" || base64.length % 4 === 1 || !BASE64.test(base64)) {
    const got = content.length > 40 ? `${content.slice(0, 40)}…` : content;
    throw new TypeError(`${where}: wanted ${wanted}, got the text ${JSON.stringify(got)}`);
  }
  check(Buffer.from(base64.slice(0, HEAD), "base64"), { mime, name, where });
  return base64;
}

interface Wanted {
  readonly mime: string;
  readonly name: string;
  readonly where: string;
}

/** A page shows an image of the wrong kind as a broken one, and says nothing; bytes of no kind we know may be of one. */
function check(bytes: Uint8Array, { mime, name, where }: Wanted): void {
  if (bytes.length === 0) throw new TypeError(`${where}: wanted the bytes of a ${name}, got none`);
  const found = formatOf(bytes);
  if (found === null || found.mime === mime) return;
  const way = found.name === "WebP" ? "" : `; use display.${found.mime.replace(/^.*\//, "")}`;
  throw new TypeError(`${where}: wanted a ${name}, got the bytes of a ${found.name}${way}`);
}

function bytesOf(content: unknown): Uint8Array | null {
  if (types.isUint8Array(content)) return content;
  return types.isAnyArrayBuffer(content) ? new Uint8Array(content) : null;
}

/** What JSON makes of it: typed arrays become lists of numbers. */
export function asJson(content: unknown, where: string): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(content, (_key, value: unknown) =>
      types.isTypedArray(value) ? Array.from(value as Uint8Array) : value,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    const sentence = `${where}: the content cannot be written as JSON: ${reason}`;
    throw new TypeError(sentence, { cause: error });
  }
  if (text !== undefined) return JSON.parse(text);
  throw new TypeError(`${where}: wanted something that JSON can hold, got ${describe(content)}`);
}

/** `the number 42`, `an array of 3`, `a Promise (is an await missing?)`: what was given, in words. */
export function describe(value: unknown): string {
  if (!isObject(value)) {
    if (value === undefined || value === null) return String(value);
    return `the ${typeof value} ${lineOf(value, 40)}`;
  }
  if (typeof value === "function") return `the function ${lineOf(value, 60)}`;
  if (types.isPromise(value)) return "a Promise (is an await missing?)";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const name = types.isProxy(value) ? "Proxy" : classNameOf(value);
  if (name === null || name === "Object") return `the object ${lineOf(value, 60)}`;
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}
