/** JSON-RPC as language servers speak it: each message behind a header that gives its length in bytes. */

export interface RpcMessage {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const SEPARATOR = "\r\n\r\n";

export function encode(message: object): Buffer {
  const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}${SEPARATOR}`), body]);
}

/** Takes bytes as they come, and hands on each message once it is whole. */
export class Decoder {
  readonly #receive: (message: RpcMessage) => void;
  /** What has come of the next message; joined when it is whole, for a long one comes in many pieces. */
  #pieces: Buffer[] = [];
  #length = 0;
  #wanted = 0;

  constructor(receive: (message: RpcMessage) => void) {
    this.#receive = receive;
  }

  push(bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    while (this.#length > this.#wanted) {
      const all = Buffer.concat(this.#pieces, this.#length);
      this.#pieces = [all];
      const head = all.indexOf(SEPARATOR);
      if (head < 0) return;
      const start = head + SEPARATOR.length;
      const length = lengthOf(all.toString("latin1", 0, head));
      // One byte less, for the loop goes on with as many as are wanted.
      this.#wanted = start + length - 1;
      if (this.#length <= this.#wanted) return;
      const body = all.toString("utf8", start, start + length);
      this.#pieces = [all.subarray(start + length)];
      this.#length -= start + length;
      this.#wanted = 0;
      this.#receive(JSON.parse(body) as RpcMessage);
    }
  }
}

function lengthOf(head: string): number {
  const length = /^Content-Length: *(\d+)/im.exec(head)?.[1];
  if (length === undefined) throw new Error(`a message without a length: ${head.slice(0, 80)}`);
  return Number(length);
}
