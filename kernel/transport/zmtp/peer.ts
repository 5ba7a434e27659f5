/** One connection of a client to one of the kernel's sockets. */
import type { Socket } from "node:net";
import {
  checkGreeting,
  type Command,
  encodeCommand,
  FrameReader,
  greeting,
  GREETING_LENGTH,
  readProperties,
  ready,
  ZmtpError,
} from "./wire.ts";

/** The kinds of sockets that Jupyter's kernels have. */
export type SocketType = "ROUTER" | "XPUB" | "REP";

/** Which sockets may talk to which. https://rfc.zeromq.org/spec/28/ */
const PARTNERS: Record<SocketType, readonly string[]> = {
  ROUTER: ["DEALER", "REQ", "ROUTER"],
  XPUB: ["SUB", "XSUB"],
  REP: ["REQ", "DEALER"],
};

export interface PeerEvents {
  /** The handshake is done. */
  opened(peer: Peer): void;
  received(peer: Peer, frames: Buffer[]): void;
  closed(peer: Peer): void;
  log(sentence: string): void;
}

/** Small pieces are written as one. */
const JOINED_LENGTH = 64 * 1024;
const NOTHING = Buffer.alloc(0);
const SUBSCRIBE = 1;
const CANCEL = 0;
/** Behind the name of a PING come two bytes of a time to live; what follows goes back. */
const TTL_LENGTH = 2;

export class Peer {
  /** What the client calls itself; empty for a client without a wish. */
  identity: Buffer = NOTHING;
  readonly #socket: Socket;
  readonly #type: SocketType;
  readonly #events: PeerEvents;
  readonly #reader: FrameReader;
  #greeting: Buffer = NOTHING;
  #isGreeted = false;
  #isOpen = false;
  #queue: Buffer[] = [];
  #queued = 0;

  constructor(socket: Socket, type: SocketType, events: PeerEvents) {
    this.#socket = socket;
    this.#type = type;
    this.#events = events;
    this.#reader = new FrameReader({
      message: (frames) => this.#receive(frames),
      command: (command) => this.#obey(command),
    });
    socket.on("data", (chunk) => this.#read(chunk));
    // What follows is the closing; whoever went away needs no answer.
    socket.on("error", () => {});
    socket.on("close", () => events.closed(this));
    socket.write(greeting());
  }

  /** How many bytes the client has not been sent yet; none for one that is gone. */
  get backlog(): number {
    if (this.#socket.destroyed) return 0;
    return this.#queued + this.#socket.writableLength;
  }

  /** Sends a message's bytes when this turn of the event loop has done what it has to do. */
  send(bytes: Buffer): void {
    if (this.#queued === 0) queueMicrotask(() => process.nextTick(() => this.#flush()));
    this.#queue.push(bytes);
    this.#queued += bytes.length;
  }

  /** Resolves when everything has been handed to the system, or the client is gone. */
  async empty(): Promise<void> {
    this.#flush();
    if (this.backlog === 0) return;
    // Also called where the client goes away first.
    await new Promise<void>((resolve) => this.#socket.write(NOTHING, () => resolve()));
  }

  /** Ends the connection behind what was sent. */
  close(): void {
    this.#flush();
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #flush(): void {
    const queue = this.#queue;
    const length = this.#queued;
    this.#queue = [];
    this.#queued = 0;
    if (queue.length === 0 || !this.#socket.writable) return;
    if (queue.length === 1) this.#socket.write(queue[0]);
    else if (length <= JOINED_LENGTH) this.#socket.write(Buffer.concat(queue, length));
    else {
      this.#socket.cork();
      for (const bytes of queue) this.#socket.write(bytes);
      this.#socket.uncork();
    }
  }

  #read(chunk: Buffer): void {
    try {
      if (this.#isGreeted) this.#reader.push(chunk);
      else this.#greet(chunk);
    } catch (error) {
      if (!(error instanceof ZmtpError)) throw error;
      this.#events.log(`closed the connection of a client: ${error.message}`);
      this.#socket.destroy();
    }
  }

  #greet(chunk: Buffer): void {
    this.#greeting = Buffer.concat([this.#greeting, chunk]);
    checkGreeting(this.#greeting.subarray(0, GREETING_LENGTH));
    if (this.#greeting.length < GREETING_LENGTH) return;
    this.#isGreeted = true;
    this.#socket.write(ready(this.#type));
    this.#reader.push(this.#greeting.subarray(GREETING_LENGTH));
  }

  #receive(frames: Buffer[]): void {
    if (!this.#isOpen) throw new ZmtpError("it sends messages before it says READY");
    // Closed by ourselves: what is still in the chunk belongs to nobody.
    if (!this.#socket.destroyed) this.#events.received(this, frames);
  }

  #obey({ name, data }: Command): void {
    switch (name) {
      case "READY":
        return this.#open(readProperties(data));
      case "SUBSCRIBE":
        return this.#receive([Buffer.concat([Buffer.from([SUBSCRIBE]), data])]);
      case "CANCEL":
        return this.#receive([Buffer.concat([Buffer.from([CANCEL]), data])]);
      case "PING":
        return this.send(encodeCommand("PONG", data.subarray(TTL_LENGTH)));
      case "ERROR":
        throw new ZmtpError(`it refuses ours: ${data.toString("latin1", 1)}`);
      default:
    }
  }

  #open(properties: ReadonlyMap<string, Buffer>): void {
    const type = properties.get("socket-type")?.toString("latin1") ?? "";
    if (this.#isOpen) throw new ZmtpError("it says READY twice");
    if (!PARTNERS[this.#type].includes(type)) {
      throw new ZmtpError(`its socket ${JSON.stringify(type)} does not go with ${this.#type}`);
    }
    this.identity = properties.get("identity") ?? NOTHING;
    this.#isOpen = true;
    this.#events.opened(this);
  }
}
