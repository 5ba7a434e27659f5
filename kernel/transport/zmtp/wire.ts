/** What goes over a ZeroMQ connection: ZMTP 3.0 without encryption. https://rfc.zeromq.org/spec/23/ */
import type { Frame } from "../../wire/codec.ts";

/** A peer that speaks something else: its connection is closed. */
export class ZmtpError extends Error {
  override name = "ZmtpError";
}

export const GREETING_LENGTH = 64;

const SIGNATURE_LENGTH = 10;
const VERSION = 3;
const MECHANISM = "NULL";
const MECHANISM_START = 12;
const MECHANISM_LENGTH = 20;

const HAS_MORE = 1;
const IS_LONG = 2;
const IS_COMMAND = 4;
const SHORT_HEAD = 2;
const LONG_HEAD = 9;
const LONGEST_SHORT = 255;
/** What a connection file may travel with is far below; a peer that announces more is no client. */
const LONGEST_FRAME = 2 ** 30;

/** The first bytes of a connection, in either direction. */
export function greeting(): Buffer {
  const bytes = Buffer.alloc(GREETING_LENGTH);
  bytes[0] = 0xff;
  bytes[SIGNATURE_LENGTH - 1] = 0x7f;
  bytes[SIGNATURE_LENGTH] = VERSION;
  bytes.write(MECHANISM, MECHANISM_START);
  return bytes;
}

/** Throws as soon as the first bytes of a peer are none of a greeting that we understand. */
export function checkGreeting(bytes: Buffer): void {
  const isSigned = bytes.length < SIGNATURE_LENGTH || (bytes[SIGNATURE_LENGTH - 1] & 1) === 1;
  if (bytes[0] !== 0xff || !isSigned) throw new ZmtpError("it does not speak ZMTP 3");
  if (bytes.length > SIGNATURE_LENGTH && bytes[SIGNATURE_LENGTH] < VERSION) {
    throw new ZmtpError(`it speaks ZMTP ${bytes[SIGNATURE_LENGTH]}, which is older than 3`);
  }
  if (bytes.length < GREETING_LENGTH) return;
  const end = MECHANISM_START + MECHANISM_LENGTH;
  const mechanism = bytes.toString("latin1", MECHANISM_START, end).replace(/\0+$/, "");
  if (mechanism !== MECHANISM) {
    throw new ZmtpError(`its security mechanism is ${mechanism}, this connection has none`);
  }
}

export interface Command {
  readonly name: string;
  readonly data: Buffer;
}

export function readCommand(body: Buffer): Command {
  const end = 1 + (body[0] ?? 0);
  return { name: body.toString("latin1", 1, end), data: body.subarray(end) };
}

export function encodeCommand(name: string, data: Buffer): Buffer {
  const length = 1 + name.length + data.length;
  if (length > LONGEST_SHORT) throw new ZmtpError(`the command ${name} is too long`);
  return Buffer.concat([Buffer.from([IS_COMMAND, length, name.length]), Buffer.from(name), data]);
}

/** The handshake's last word: what kind of socket this is. */
export function ready(socketType: string): Buffer {
  const name = "Socket-Type";
  const bytes = Buffer.alloc(1 + name.length + 4 + socketType.length);
  bytes[0] = name.length;
  bytes.write(name, 1);
  bytes.writeUInt32BE(socketType.length, 1 + name.length);
  bytes.write(socketType, 1 + name.length + 4);
  return encodeCommand("READY", bytes);
}

/** The properties of a peer's READY; their names count without case. */
export function readProperties(data: Buffer): Map<string, Buffer> {
  const properties = new Map<string, Buffer>();
  for (let at = 0; at < data.length;) {
    const nameEnd = at + 1 + data[at];
    if (nameEnd + 4 > data.length) throw new ZmtpError("its READY is cut short");
    const end = nameEnd + 4 + data.readUInt32BE(nameEnd);
    if (end > data.length) throw new ZmtpError("its READY is cut short");
    const name = data.toString("latin1", at + 1, nameEnd).toLowerCase();
    properties.set(name, data.subarray(nameEnd + 4, end));
    at = end;
  }
  return properties;
}

/** The bytes of one message. */
export function encodeFrames(frames: readonly Frame[]): Buffer {
  const lengths = frames.map((frame) =>
    typeof frame === "string" ? Buffer.byteLength(frame) : frame.length,
  );
  const heads = (sum: number, length: number): number =>
    sum + (length > LONGEST_SHORT ? LONG_HEAD : SHORT_HEAD) + length;
  const bytes = Buffer.allocUnsafe(lengths.reduce(heads, 0));
  let at = 0;
  for (const [index, frame] of frames.entries()) {
    at = writeHead(bytes, at, index < frames.length - 1 ? HAS_MORE : 0, lengths[index]);
    if (typeof frame === "string") bytes.write(frame, at);
    else bytes.set(frame, at);
    at += lengths[index];
  }
  return bytes;
}

function writeHead(bytes: Buffer, at: number, flags: number, length: number): number {
  if (length <= LONGEST_SHORT) {
    bytes[at] = flags;
    bytes[at + 1] = length;
    return at + SHORT_HEAD;
  }
  bytes[at] = flags | IS_LONG;
  bytes.writeUInt32BE(Math.floor(length / 2 ** 32), at + 1);
  bytes.writeUInt32BE(length % 2 ** 32, at + 5);
  return at + LONG_HEAD;
}

export interface FrameSink {
  message(frames: Buffer[]): void;
  command(command: Command): void;
}

/** Puts a connection's chunks, cut anywhere, together to messages and commands. */
export class FrameReader {
  readonly #sink: FrameSink;
  #frames: Buffer[] = [];
  #chunks: Buffer[] = [];
  #length = 0;
  /** With fewer bytes there is nothing to be read yet. */
  #wanted = SHORT_HEAD;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    // A large frame is put together once, when all of it is there.
    if (this.#length < this.#wanted) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    let at = 0;
    for (;;) {
      const left = bytes.length - at;
      const isLong = left > 0 && (bytes[at] & IS_LONG) !== 0;
      const head = isLong ? LONG_HEAD : SHORT_HEAD;
      if (left < head) return this.#keep(bytes, at, head);
      const length = isLong ? longLength(bytes, at + 1) : bytes[at + 1];
      if (left < head + length) return this.#keep(bytes, at, head + length);
      const start = at + head;
      const flags = bytes[at];
      at = start + length;
      this.#take(flags, bytes.subarray(start, at));
    }
  }

  #keep(bytes: Buffer, at: number, wanted: number): void {
    this.#length = bytes.length - at;
    this.#chunks = this.#length === 0 ? [] : [bytes.subarray(at)];
    this.#wanted = wanted;
  }

  #take(flags: number, body: Buffer): void {
    if ((flags & IS_COMMAND) !== 0) return this.#sink.command(readCommand(body));
    this.#frames.push(body);
    if ((flags & HAS_MORE) !== 0) return;
    const frames = this.#frames;
    this.#frames = [];
    this.#sink.message(frames);
  }
}

function longLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
  if (length > LONGEST_FRAME) throw new ZmtpError(`it announces a frame of ${length} bytes`);
  return length;
}
