/** What is published, on its way to subscribers of which some read slowly. */
import { setTimeout as delay } from "node:timers/promises";

/** A client of iopub, as far as publishing needs it. */
export interface Reader {
  /** How many bytes it has not been sent yet. */
  readonly backlog: number;
  send(bytes: Buffer): void;
  empty(): Promise<void>;
}

interface Published {
  readonly topic: Uint8Array;
  readonly bytes: Buffer;
}

/** Above this many bytes that wait here, whoever produces more should wait. */
const ROOM = 4 * 2 ** 20;
/** So many bytes are handed to one reader before it has read the others. */
const READER_ROOM = 256 * 1024;
/** A reader that does not read that much for so long loses what it does not read. */
const PATIENCE_MS = 10_000;

const SUBSCRIBE = 1;

/** Sends to all in one order, as fast as the slowest reads; one that does not read at all is left out until it does. */
export class Publisher {
  readonly #patienceMs: number;
  readonly #topics = new Map<Reader, Buffer[]>();
  readonly #leftOut = new Set<Reader>();
  #queue: Published[] = [];
  #backlog = 0;
  #draining: Promise<void> | null = null;
  #room: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;
  #lost = 0;

  constructor(patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
  }

  /** Takes what a reader says: 1 and a topic subscribes, 0 and a topic ends that. Returns the new topic, or null. */
  hear(reader: Reader, frame: Buffer): Buffer | null {
    const topics = this.#topics.get(reader) ?? [];
    const topic = Buffer.from(frame.subarray(1));
    if (frame[0] === SUBSCRIBE) {
      this.#topics.set(reader, [...topics, topic]);
      return topic;
    }
    const at = topics.findIndex((known) => known.equals(topic));
    if (at >= 0) this.#topics.set(reader, topics.toSpliced(at, 1));
    return null;
  }

  /** The reader is gone. */
  forget(reader: Reader): void {
    this.#topics.delete(reader);
    this.#leftOut.delete(reader);
  }

  put(topic: Uint8Array, bytes: Buffer): void {
    if (this.#draining === null && this.#full().length === 0) return this.#send({ topic, bytes });
    this.#queue.push({ topic, bytes });
    this.#backlog += bytes.length;
    this.#draining ??= this.#drain();
  }

  /** Null where there is room for more, else what resolves when there is. */
  room(): Promise<void> | null {
    if (this.#backlog <= ROOM) return null;
    if (this.#room === null) {
      let resolve = (): void => {};
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      this.#room = { promise, resolve };
    }
    return this.#room.promise;
  }

  /** How many bytes were not sent to somebody who had subscribed to them, since this was last asked. */
  takeLoss(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  /** Resolves when nothing waits here any more. */
  async empty(): Promise<void> {
    while (this.#draining !== null) await this.#draining;
  }

  #send({ topic, bytes }: Published): void {
    for (const [reader, topics] of this.#topics) {
      if (!topics.some((wanted) => startsWith(topic, wanted))) continue;
      if (this.#isLeftOut(reader)) this.#lost += bytes.length;
      else reader.send(bytes);
    }
  }

  #isLeftOut(reader: Reader): boolean {
    if (!this.#leftOut.has(reader)) return false;
    if (reader.backlog <= READER_ROOM) this.#leftOut.delete(reader);
    return this.#leftOut.has(reader);
  }

  /** The readers that everybody waits for. */
  #full(): Reader[] {
    const full: Reader[] = [];
    for (const reader of this.#topics.keys()) {
      if (reader.backlog > READER_ROOM && !this.#leftOut.has(reader)) full.push(reader);
    }
    return full;
  }

  async #drain(): Promise<void> {
    // Its end must not come before its promise is known.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const full = this.#full();
      if (full.length > 0) await this.#await(full);
      else this.#sendOn();
    }
    this.#draining = null;
  }

  /** Sends what there is room for. */
  #sendOn(): void {
    let sent = 0;
    for (const published of this.#queue) {
      if (sent > 0 && this.#full().length > 0) break;
      this.#send(published);
      this.#backlog -= published.bytes.length;
      sent++;
    }
    this.#queue.splice(0, sent);
    if (this.#backlog > ROOM) return;
    this.#room?.resolve();
    this.#room = null;
  }

  async #await(full: readonly Reader[]): Promise<void> {
    const giveUp = new AbortController();
    const late = delay(this.#patienceMs, "late" as const, giveUp).catch(() => "read" as const);
    const read = Promise.all(full.map((reader) => reader.empty())).then(() => "read" as const);
    const outcome = await Promise.race([read, late]);
    giveUp.abort();
    if (outcome === "read") return;
    for (const reader of full) if (reader.backlog > READER_ROOM) this.#leftOut.add(reader);
  }
}

function startsWith(topic: Uint8Array, start: Buffer): boolean {
  return start.length === 0 || start.equals(topic.subarray(0, start.length));
}
