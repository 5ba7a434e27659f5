/** Frames ⇄ messages. The signature is verified before any JSON is parsed. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { type Checker, isRecord, object, optional, string } from "./check.ts";
import type { Header, Message } from "./message.ts";
import type { Seen } from "./seen.ts";

const DELIMITER = Buffer.from("<IDS|MSG>");

/** Deeper values cross no channel between threads: they would be lost on the way. Python's own JSON reads as many. */
const MAX_DEPTH = 1000;

/** Frames that are no message of ours: wrongly signed, cut short, or not what the specification says. */
export class WireError extends Error {
  override name = "WireError";
}

/** How messages are signed; an empty key means they are not. */
export interface Signature {
  readonly key: string;
  /** A hash of node:crypto, `sha256` for the scheme `hmac-sha256`. */
  readonly hash: string;
}

const fields = object({
  msg_id: string,
  msg_type: string,
  session: optional(string, ""),
  username: optional(string, ""),
  date: optional(string, ""),
  version: optional(string, ""),
  subshell_id: optional(string, ""),
});

/** A request of the main shell has no `subshell_id`, or null for one; its answer's parent header then has none. */
const header: Checker<Header> = (value, path) => {
  const { subshell_id, ...rest } = fields(value, path);
  return subshell_id === "" ? rest : { ...rest, subshell_id };
};

/** What is sent: text goes as UTF-8, and costs less than a buffer, which is given back by way of the event loop. */
export type Frame = string | Uint8Array;

export function encode(signature: Signature, message: Message): Frame[] {
  const { identities, header: head, parent_header, metadata, content, buffers } = message;
  const parts = [jsonOf(head), jsonOf(parent_header), jsonOf(metadata), jsonOf(content)];
  // Hashed in one piece: each further call costs more than joining them.
  const digest = sign(signature, [parts.join("")]);
  return [...identities, DELIMITER, digest, ...parts, ...buffers];
}

function jsonOf(part: unknown): string {
  return wellFormed(JSON.stringify(part));
}

/** Half a surrogate pair is the one thing that JSON escapes so; Python cannot write a file with it in. */
function wellFormed(json: string): string {
  if (!json.includes("\\ud")) return json;
  return json.replaceAll(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, "$1\\ufffd");
}

/** `seen` drops what has come before. */
export function decode(
  signature: Signature,
  frames: readonly Uint8Array[],
  seen: Seen | null = null,
): Message {
  const at = frames.findIndex(isDelimiter);
  if (at < 0) throw new WireError("no <IDS|MSG> delimiter among the frames");
  const [digest, ...rest] = frames.slice(at + 1);
  const parts = rest.slice(0, 4);
  if (digest === undefined || parts.length < 4) {
    throw new WireError(`${frames.length - at - 1} frames behind the delimiter; at least 5 wanted`);
  }
  verify(signature, digest, parts);
  if (signature.key !== "" && seen?.isNew(Buffer.from(digest).toString("latin1")) === false) {
    throw new WireError("the same message, with the same signature, has come before");
  }
  const [head, parent, metadata, content] = parts.map(parse);
  try {
    return {
      identities: frames.slice(0, at),
      header: header(head, "header"),
      parent_header: isRecord(parent) && "msg_id" in parent ? header(parent, "parent_header") : {},
      metadata: isRecord(metadata) ? metadata : {},
      content,
      buffers: rest.slice(4),
    };
  } catch (error) {
    throw new WireError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function isDelimiter(frame: Uint8Array): boolean {
  return frame.length === DELIMITER.length && DELIMITER.equals(frame);
}

function sign({ key, hash }: Signature, parts: readonly Frame[]): string {
  if (key === "") return "";
  const hmac = createHmac(hash, key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

function verify(signature: Signature, digest: Uint8Array, parts: readonly Uint8Array[]): void {
  if (signature.key === "") return;
  const expected = Buffer.from(sign(signature, parts));
  const isEqual = expected.length === digest.length && timingSafeEqual(expected, digest);
  if (!isEqual) throw new WireError("wrong signature");
}

function parse(frame: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString());
  } catch {
    throw new WireError("a part of the message is not JSON");
  }
  // Two bytes for each level: what is shorter cannot be deeper.
  if (frame.length > 2 * MAX_DEPTH) checkDepth(value, MAX_DEPTH);
  return value;
}

function checkDepth(value: unknown, left: number): void {
  if (typeof value !== "object" || value === null) return;
  if (left === 0) throw new WireError(`a part is nested more than ${MAX_DEPTH} levels deep`);
  for (const item of Object.values(value)) checkDepth(item, left - 1);
}
