/** What is on its way to a socket. */
import { setTimeout as delay } from "node:timers/promises";
import type { Frame } from "../wire/codec.ts";

export interface Sender {
  send(frames: Frame[]): Promise<void>;
}

/** Above this many bytes in one outbox, whoever produces more should wait. */
const ROOM = 4 * 1024 * 1024;

/** One `send` at a time for each socket: a second one while the first waits is an error of zeromq. */
export class Outbox {
  readonly #socket: Sender;
  #queue: Frame[][] = [];
  #draining: Promise<void> | null = null;
  #backlog = 0;
  #room: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;
  #isClosed = false;

  constructor(socket: Sender) {
    this.#socket = socket;
  }

  put(frames: Frame[]): void {
    // Nobody is there any more: an answer that comes while the kernel ends.
    if (this.#isClosed) return;
    this.#queue.push(frames);
    this.#backlog += sizeOf(frames);
    this.#draining ??= this.#drain();
  }

  /** Null where there is room for more, else what resolves when there is. */
  room(): Promise<void> | null {
    if (this.#backlog <= ROOM || this.#isClosed) return null;
    if (this.#room === null) {
      let resolve = (): void => {};
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      this.#room = { promise, resolve };
    }
    return this.#room.promise;
  }

  async empty(): Promise<void> {
    while (this.#draining !== null) await this.#draining;
  }

  /** Sends what was put, and takes nothing more. */
  async close(): Promise<void> {
    await this.empty();
    this.#isClosed = true;
  }

  async #drain(): Promise<void> {
    // What this turn of the event loop has to do comes first: the back runs a cell while its `busy` is being sent.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      for (const frames of batch) {
        await this.#socket.send(frames);
        this.#backlog -= sizeOf(frames);
        if (this.#backlog <= ROOM) this.#letIn();
      }
    }
    this.#draining = null;
  }

  #letIn(): void {
    this.#room?.resolve();
    this.#room = null;
  }
}

function sizeOf(frames: readonly Frame[]): number {
  return frames.reduce((sum, { length }) => sum + length, 0);
}

/** A publisher's socket that can refuse a message when a subscriber's queue is full, or drop it for that one. */
interface Publisher extends Sender {
  noDrop: boolean;
}

const RETRY_MS = 2;
const PATIENCE_MS = 10_000;

/** Waits for subscribers that read slowly; one that has not read for ten seconds loses what it does not read. */
export class PatientPublisher implements Sender {
  readonly #socket: Publisher;
  #lost = 0;
  #isLossy = false;

  constructor(socket: Publisher) {
    this.#socket = socket;
    socket.noDrop = true;
  }

  async send(frames: Frame[]): Promise<void> {
    const started = performance.now();
    while (!(await this.#accepts(frames))) {
      if (performance.now() - started > PATIENCE_MS) return this.#sendToReaders(frames);
      await delay(RETRY_MS);
    }
    if (this.#isLossy) this.#lost += sizeOf(frames);
  }

  /** How many bytes a subscriber may have missed since this was last asked. */
  takeLoss(): number {
    const lost = this.#lost;
    this.#lost = 0;
    this.#isLossy = false;
    return lost;
  }

  async #accepts(frames: Frame[]): Promise<boolean> {
    try {
      await this.#socket.send(frames);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return false;
      throw error;
    }
  }

  /** After this zeromq leaves the subscriber out until it reads again. */
  async #sendToReaders(frames: Frame[]): Promise<void> {
    this.#isLossy = true;
    this.#lost += sizeOf(frames);
    this.#socket.noDrop = false;
    await this.#socket.send(frames);
    this.#socket.noDrop = true;
  }
}
