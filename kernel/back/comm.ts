/** A comm as a cell sees it: a channel to code in the front end, opened from either side. */
import { inspect } from "node:util";
import type { CommMessage } from "../channel.ts";

type Metadata = Readonly<Record<string, unknown>>;

/** What goes along with the data of a message. */
export interface CommExtras {
  readonly metadata?: Metadata;
  /** Bytes that are sent as they are, not as JSON. */
  readonly buffers?: readonly (ArrayBufferLike | ArrayBufferView)[];
}

/** A message as its handler gets it. */
export interface CommReceived<D> {
  readonly data: D;
  readonly metadata: Metadata;
  /** Each with memory of its own: `new Float32Array(buffers[0].buffer)` is safe. */
  readonly buffers: readonly Uint8Array<ArrayBuffer>[];
}

export type CommHandler<D> = (message: CommReceived<D>) => unknown;

/** One end of a comm; the other is in the front end. */
export class Comm {
  readonly id: string;
  readonly target: string;
  readonly #post: (message: CommMessage) => void;
  readonly #onMessage: CommHandler<never>[] = [];
  readonly #onClose: CommHandler<never>[] = [];
  #isClosed = false;

  constructor(id: string, target: string, post: (message: CommMessage) => void) {
    this.id = id;
    this.target = target;
    this.#post = post;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends an object as JSON, with bytes beside it where they are given. */
  send(data: object, extras: CommExtras = {}): void {
    if (this.#isClosed) {
      throw new Error(`comm.send: the comm ${this.id} (${this.target}) is closed; open a new one`);
    }
    this.#post(this.#message("message", data, extras));
  }

  /** Calls the handler for every message from the front end. */
  onMessage<D = Readonly<Record<string, unknown>>>(handler: CommHandler<D>): this {
    this.#onMessage.push(asHandler("comm.onMessage", handler));
    return this;
  }

  /** Calls the handler when the front end closes the comm. */
  onClose<D = Readonly<Record<string, unknown>>>(handler: CommHandler<D>): this {
    this.#onClose.push(asHandler("comm.onClose", handler));
    return this;
  }

  /** Closes the comm; its handlers are not called any more. */
  close(data: object = {}, extras: CommExtras = {}): void {
    if (this.#isClosed) return;
    this.#post(this.#message("close", data, extras));
    this.#isClosed = true;
  }

  /** Tells the front end of a comm that was opened here. */
  announce(data: object, extras: CommExtras): void {
    this.#post(this.#message("open", data, extras));
  }

  /** The handlers of a message of the front end, each ready to be called. */
  callsFor({ action, data, metadata, buffers }: CommMessage): (() => unknown)[] {
    if (action === "close") this.#isClosed = true;
    const handlers = action === "close" ? this.#onClose : this.#onMessage;
    return handlers.map((handler) => () => handler({ data: data as never, metadata, buffers }));
  }

  #message(action: CommMessage["action"], data: object, extras: CommExtras): CommMessage {
    const { metadata = {}, buffers = [] } = extras;
    if (!Array.isArray(buffers)) {
      throw new TypeError(`comm: the buffers must be an array of bytes, got ${brief(buffers)}`);
    }
    return {
      action,
      id: this.id,
      target: this.target,
      data: asJson("data", data),
      metadata: asJson("metadata", metadata),
      buffers: buffers.map(bytesOf),
    };
  }
}

export function asHandler<F>(what: string, handler: F): F {
  if (typeof handler === "function") return handler;
  throw new TypeError(`${what}: the handler must be a function, got ${brief(handler)}`);
}

/** A snapshot: what the cell does to its object afterwards is not sent. */
function asJson(what: string, data: unknown): Metadata {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new TypeError(
      `comm: the ${what} must be an object, got ${brief(data)}; put it in one: { value: … }`,
    );
  }
  try {
    return JSON.parse(JSON.stringify(data)) as Metadata;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new TypeError(`comm: the ${what} cannot be written as JSON: ${reason}`, { cause: error });
  }
}

/** A copy, of nothing but these bytes: the cell may write into its own at once, and a view may show a part of much. */
function bytesOf(buffer: ArrayBufferLike | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(buffer)) {
    return Uint8Array.from(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength));
  }
  if (buffer instanceof ArrayBuffer || buffer instanceof SharedArrayBuffer) {
    return Uint8Array.from(new Uint8Array(buffer));
  }
  throw new TypeError(
    `comm: a buffer must be an ArrayBuffer or a view of one, got ${brief(buffer)}`,
  );
}

function brief(value: unknown): string {
  return inspect(value, { depth: 0 });
}
