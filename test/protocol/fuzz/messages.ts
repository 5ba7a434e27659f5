/** Messages that are nearly right, as frames; most of them rightly signed. */
import { createHmac, randomUUID } from "node:crypto";
import { encode, type Signature } from "../../../kernel/wire/codec.ts";
import type { Header, Message, RequestChannel } from "../../../kernel/wire/message.ts";
import { requestSamples } from "../../schema/samples.ts";
import { isRecord } from "../../../kernel/wire/check.ts";
import type { Json, JsonObject } from "../../schema/shape.ts";
import type { Random } from "./random.ts";
import { bent } from "./values.ts";

/** All that may ever be run: changed in meaning by nothing, harmless whatever comes before it. */
const SNIPPETS = [
  "1 + 1",
  "",
  " \n",
  "const x = ;",
  "`open",
  "let a = 1; a++",
  "console.log('fuzz')",
  "console.error('💥')",
  "throw new RangeError('fuzz')",
  "throw null",
  "display.html('<b>x</b>')",
  "await null; 3",
  "({ a: [1, { b: 2 }] })",
  "undefined",
  "nowhere.to.be.found",
  "'\\ud800'",
  "[".repeat(200) + "]".repeat(200),
  "Object.create(null)",
  "clearOutput()",
  "?Math",
];
const SAFE: ReadonlySet<unknown> = new Set(SNIPPETS);

const CONTROL = /^(interrupt|debug|usage|.*_subshell)_/;
/** How often, if not once in each round. */
const WEIGHT: Readonly<Record<string, number>> = {
  execute_request: 3,
  interrupt_request: 0.01,
  // Each is a question to the language server: right or wrong, it takes its time.
  complete_request: 0.2,
  inspect_request: 0.2,
};
// A shutdown would be obeyed; it has tests of its own.
const TYPES = Object.keys(requestSamples).filter((type) => type !== "shutdown_request");
const WEIGHTS = TYPES.map((type) => WEIGHT[type] ?? 1);
const ODD_TYPES = [
  "execute_reply",
  "status",
  "constructor",
  "__proto___request",
  "toString_request",
  "_request",
  "",
  "x".repeat(5000),
  "💥_request",
];
const CHANNELS = ["shell", "control", "stdin"] as const;

export interface Fuzzed {
  readonly channel: RequestChannel;
  readonly frames: Uint8Array[];
  /** Whether it was signed after the last change. */
  readonly isSigned: boolean;
}

export interface Target {
  readonly signature: Signature;
  /** The subshells that were made, the first as good as the last. */
  readonly subshells: readonly string[];
}

/** One message, bent in its parts, its bytes or its frames. */
export function fuzzed(target: Target, random: Random): Fuzzed {
  const type = weighted(random);
  const usual = type === "input_reply" ? "stdin" : CONTROL.test(type) ? "control" : "shell";
  const channel = random.chance(0.85) ? usual : random.pick(CHANNELS);
  const message = bentMessage(type, target, random);
  const frames = encode(target.signature, message).map((frame) => Buffer.from(frame));
  if (random.chance(0.12)) return { channel, frames: torn(frames, random), isSigned: false };
  if (random.chance(0.07)) {
    const parts = frames.slice(-4).map((part) => scratched(part, random));
    if (!isHarmless(parts)) return { channel, frames, isSigned: true };
    return { channel, frames: signed(target.signature, parts), isSigned: true };
  }
  return { channel, frames, isSigned: true };
}

function weighted(random: Random): string {
  let at = random.next() * WEIGHTS.reduce((sum, weight) => sum + weight, 0);
  return TYPES.find((_type, i) => (at -= WEIGHTS[i] ?? 0) < 0) ?? "execute_request";
}

function bentMessage(type: string, { subshells }: Target, random: Random): Message {
  const right: JsonObject = {
    msg_id: randomUUID(),
    msg_type: random.chance(0.05) ? random.pick([...TYPES, ...ODD_TYPES]) : type,
    username: "fuzz",
    session: "fuzz",
    date: new Date().toISOString(),
    version: "5.5",
    ...(random.chance(0.1)
      ? { subshell_id: random.pick([random.pick(subshells), "", "nowhere"]) }
      : {}),
  };
  const part = random.next();
  const header = part < 0.1 ? bent(right, random) : right;
  const content = harmless(
    { ...requestSamples[type], ...freedom(type, subshells, random) },
    random,
  );
  const isContent = part >= 0.1 && part < 0.8;
  return {
    identities: [],
    header: (isShutdown(header) ? right : header) as unknown as Header,
    parent_header: random.chance(0.05) ? (bent(right, random) as never) : {},
    metadata: part >= 0.8 ? bent({ a: 1, cellId: "c", deletedCells: [] }, random) : {},
    content: isContent ? harmless(bent(content, random), random) : content,
    buffers: [],
  };
}

/** What has to differ from message to message for much to happen. */
function freedom(type: string, subshells: readonly string[], random: Random): JsonObject {
  switch (type) {
    case "execute_request":
      return { stop_on_error: random.chance(0.1), silent: random.chance(0.2) };
    case "history_request":
      return { hist_access_type: random.pick(["range", "tail", "search"]) };
    case "delete_subshell_request":
      return { subshell_id: random.pick(subshells) };
    case "comm_open":
    case "comm_msg":
    case "comm_close":
      return { comm_id: `c${random.below(20)}` };
    default:
      return {};
  }
}

/** A copy in which whatever could be run is one of the snippets, or no text at all. */
function harmless(value: Json, random: Random): JsonObject {
  if (!isRecord(value)) return value as unknown as JsonObject;
  const content: JsonObject = { ...value };
  if (typeof content["code"] === "string") content["code"] = random.pick(SNIPPETS);
  const expressions = content["user_expressions"];
  if (isRecord(expressions)) {
    const safe = Object.entries(expressions).map(([name, expression]) => [
      name,
      typeof expression === "string" ? random.pick(SNIPPETS) : expression,
    ]);
    content["user_expressions"] = Object.fromEntries(safe) as JsonObject;
  }
  return content;
}

function isShutdown(header: JsonObject): boolean {
  return JSON.stringify(header).includes("shutdown");
}

/** After a change of bytes: nothing to be run but the snippets, and no shutdown. */
function isHarmless(parts: readonly Uint8Array[]): boolean {
  try {
    const [header, , , content] = parts.map(
      (part) => JSON.parse(Buffer.from(part).toString()) as unknown,
    );
    if (isRecord(header) && isShutdown(header as JsonObject)) return false;
    if (!isRecord(content)) return true;
    const { code, user_expressions: expressions } = content;
    const texts = [code, ...(isRecord(expressions) ? Object.values(expressions) : [])];
    return texts.every((text) => typeof text !== "string" || SAFE.has(text));
  } catch {
    // Not JSON any more: nobody runs it.
    return true;
  }
}

/** Signed as they are: the signature is over bytes, whatever they mean. */
export function signed({ key, hash }: Signature, parts: readonly Uint8Array[]): Uint8Array[] {
  const hmac = createHmac(hash, key);
  for (const part of parts) hmac.update(part);
  return [Buffer.from("<IDS|MSG>"), Buffer.from(hmac.digest("hex")), ...parts];
}

/** A few bytes changed, left out or doubled; some texts that JSON knows and JavaScript does not. */
function scratched(part: Uint8Array, random: Random): Uint8Array {
  if (random.chance(0.5)) return part;
  const text = Buffer.from(part);
  const at = random.below(text.length);
  switch (random.below(6)) {
    case 0:
      return Buffer.concat([text.subarray(0, at), text.subarray(at + 1 + random.below(4))]);
    case 5: {
      // Deeper than JSON.stringify can write.
      const depth = random.chance(0.05) ? 200_000 : 10_000;
      const nested = "[".repeat(depth) + "]".repeat(depth);
      return Buffer.from(text.toString().replace(/:("[^"]*"|\d+|true|false|null)/, `:${nested}`));
    }
    case 1:
      return Buffer.concat([
        text.subarray(0, at),
        Buffer.from([random.below(256)]),
        text.subarray(at),
      ]);
    case 2:
      return Buffer.from(text.toString().replace(/:\s*(\d+|true|false|null)/, ":1e999"));
    case 3:
      return Buffer.concat([Buffer.from("\ufeff \n"), text]);
    default: {
      const copy = Buffer.from(text);
      copy[at] = random.below(256);
      return copy;
    }
  }
}

/** Frames as nobody signed them. */
function torn(frames: readonly Uint8Array[], random: Random): Uint8Array[] {
  const copy = [...frames];
  const at = random.below(copy.length);
  switch (random.below(5)) {
    case 0:
      copy.splice(at, 1);
      return copy.length > 0 ? copy : [Buffer.alloc(0)];
    case 1:
      copy.splice(at, 0, Buffer.from("<IDS|MSG>"));
      return copy;
    case 2:
      copy[1] = Buffer.from(random.pick(["", "0".repeat(64), "ä".repeat(32), "f".repeat(63)]));
      return copy;
    case 3:
      return Array.from({ length: 1 + random.below(8) }, () => noise(random));
    default:
      copy[at] = noise(random);
      return copy;
  }
}

export function noise(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.below(64) }, () => random.below(256)));
}
