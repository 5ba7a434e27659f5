/** Comms as a cell sees them: a channel to code in the front end, opened from either side. */
import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import type { CommMessage } from "../channel.ts";
import { isThenable } from "./interruption.ts";

type Data = Readonly<Record<string, unknown>>;

/** What goes along with the data of a message. */
export interface CommExtras {
  readonly metadata?: Data;
  /** Bytes that are sent as they are, not as JSON. */
  readonly buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
}

/** A message as its handler gets it. */
export interface CommReceived {
  readonly data: Data;
  readonly metadata: Data;
  readonly buffers: readonly Uint8Array[];
}

export type CommHandler = (message: CommReceived) => unknown;
export type TargetHandler = (comm: Comm, openMessage: CommReceived) => unknown;

type Post = (message: CommMessage) => void;

/** One end of a comm; the other is in the front end. */
export class Comm {
  readonly id: string;
  readonly target: string;
  readonly #post: Post;
  readonly #onMessage: CommHandler[] = [];
  readonly #onClose: CommHandler[] = [];
  #isClosed = false;

  constructor(id: string, target: string, post: Post) {
    this.id = id;
    this.target = target;
    this.#post = post;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends JSON data, with bytes beside it where they are given. */
  send(data: Data, extras: CommExtras = {}): void {
    if (this.#isClosed) {
      throw new Error(`comm.send: the comm ${this.id} (${this.target}) is closed; open a new one`);
    }
    this.#post(this.#message("message", data, extras));
  }

  /** Calls the handler for every message from the front end. */
  onMessage(handler: CommHandler): this {
    this.#onMessage.push(asHandler("onMessage", handler));
    return this;
  }

  /** Calls the handler when the front end closes the comm. */
  onClose(handler: CommHandler): this {
    this.#onClose.push(asHandler("onClose", handler));
    return this;
  }

  /** Closes the comm; its handlers are not called any more. */
  close(data: Data = {}, extras: CommExtras = {}): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#post(this.#message("close", data, extras));
  }

  /** Tells the front end of a comm that was opened here. */
  announce(data: Data, extras: CommExtras): void {
    this.#post(this.#message("open", data, extras));
  }

  /** Takes a message of the front end; returns what its handlers returned. */
  receive({ action, data, metadata, buffers }: CommMessage): unknown[] {
    if (action === "close") this.#isClosed = true;
    const handlers = action === "close" ? this.#onClose : this.#onMessage;
    return handlers.map((handler) => handler({ data, metadata, buffers }));
  }

  #message(action: CommMessage["action"], data: Data, extras: CommExtras): CommMessage {
    const { metadata = {}, buffers = [] } = extras;
    return {
      action,
      id: this.id,
      target: this.target,
      data: asJson(data),
      metadata: asJson(metadata),
      buffers: buffers.map(bytesOf),
    };
  }
}

/** What a notebook calls `comm`. */
export interface CommApi {
  /** Opens a comm to the handlers that the front end has registered for the target. */
  open(target: string, data?: Data, extras?: CommExtras): Comm;
  /** Calls the handler for each comm that the front end opens to the target; returns what takes that back. */
  registerTarget(target: string, handler: TargetHandler): () => void;
  unregisterTarget(target: string): void;
}

export class Comms {
  readonly #open = new Map<string, Comm>();
  readonly #targets = new Map<string, TargetHandler>();
  readonly #post: Post;
  readonly api: CommApi;

  constructor(post: (message: CommMessage) => void) {
    this.#post = (message) => {
      if (message.action === "close") this.#open.delete(message.id);
      post(message);
    };
    this.api = {
      open: (target, data = {}, extras = {}) => {
        if (typeof target !== "string") {
          throw new TypeError(`comm.open: the target must be a string, got ${inspect(target)}`);
        }
        const comm = new Comm(randomUUID(), target, this.#post);
        this.#open.set(comm.id, comm);
        comm.announce(data, extras);
        return comm;
      },
      registerTarget: (target, handler) => {
        this.#targets.set(target, asHandler("registerTarget", handler));
        return () => void this.#targets.delete(target);
      },
      unregisterTarget: (target) => void this.#targets.delete(target),
    };
  }

  /** Takes a message of the front end. A promise of a handler is not waited for; its failure is told to `report`. */
  receive(message: CommMessage, report: (error: unknown) => void): void {
    const returned =
      message.action === "open"
        ? this.#accept(message)
        : this.#open.get(message.id)?.receive(message);
    if (message.action === "close") this.#open.delete(message.id);
    for (const value of returned ?? []) if (isThenable(value)) value.then(null, report);
  }

  #accept(message: CommMessage): unknown[] {
    const { id, target, data, metadata, buffers } = message;
    const comm = new Comm(id, target, this.#post);
    const handler = this.#targets.get(target);
    if (handler === undefined) {
      comm.close();
      return [];
    }
    this.#open.set(id, comm);
    try {
      return [handler(comm, { data, metadata, buffers })];
    } catch (error) {
      // The front end must not believe that somebody listens.
      comm.close();
      throw error;
    }
  }
}

function asHandler<F>(what: string, handler: F): F {
  if (typeof handler === "function") return handler;
  throw new TypeError(`comm.${what}: the handler must be a function, got ${inspect(handler)}`);
}

function asJson(data: Data): Data {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new TypeError(
      `comm: the data must be an object, got ${inspect(data, { depth: 0 })}; put it in one: { value: … }`,
    );
  }
  return JSON.parse(JSON.stringify(data)) as Data;
}

function bytesOf(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (ArrayBuffer.isView(buffer)) {
    // A copy: the cell may write into its own at once.
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice();
  }
  return new Uint8Array(buffer).slice();
}
