/**
 * The kernel's five sockets over TCP, spoken by ourselves: what one turn of the event loop says goes out as one write,
 * and no thread stands between the wire and the front. Encrypted connections and ipc are zeromq's.
 */
import { setTimeout as delay } from "node:timers/promises";
import { decode, encode, type Signature, WireError } from "../../wire/codec.ts";
import type { Message, RequestChannel } from "../../wire/message.ts";
import { Seen } from "../../wire/seen.ts";
import { type Connection, type Ports, portsOf, signatureOf } from "../connection.ts";
import type { BoundTransport, Departure, Receiver, TransportOptions } from "../transport.ts";
import type { Peer, PeerEvents, SocketType } from "./peer.ts";
import { Publisher } from "./publisher.ts";
import { ZmtpServer } from "./server.ts";
import { encodeFrames } from "./wire.ts";

const LINGER_MS = 1000;
/** A client whose connection broke knocks again by then, under its old identity. */
const RETURN_MS = 2000;

/** What came before anybody listened. */
interface Early {
  readonly channel: RequestChannel;
  readonly frames: Buffer[];
}

export class ZmtpTransport implements BoundTransport {
  readonly #options: TransportOptions;
  readonly #signature: Signature;
  readonly #seen = new Seen();
  readonly #publisher = new Publisher();
  /** By the identity that they chose or were given. */
  readonly #peers: Record<RequestChannel, Map<string, Peer>> = {
    shell: new Map(),
    control: new Map(),
    stdin: new Map(),
  };
  /** What was said to clients that were not there: some are on their way back, or have not got as far as this channel. */
  readonly #kept: Record<RequestChannel, Map<string, Buffer[]>> = {
    shell: new Map(),
    control: new Map(),
    stdin: new Map(),
  };
  readonly #early: Early[] = [];
  #receiver: Receiver | null = null;
  #gone: Departure = () => {};
  #servers: readonly ZmtpServer[] = [];
  #identities = 0;
  #isClosed = false;
  #connection: Connection;

  private constructor(connection: Connection, options: TransportOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#signature = signatureOf(connection);
  }

  /** Binds all five sockets; a port 0 in the connection is replaced by one that was free. */
  static async bind(wanted: Connection, options: TransportOptions): Promise<ZmtpTransport> {
    const transport = new ZmtpTransport(wanted, options);
    await transport.#listen();
    return transport;
  }

  /** The connection with the ports that were really bound. */
  get connection(): Connection {
    return this.#connection;
  }

  get ports(): Ports {
    return portsOf(this.#connection);
  }

  receive(receiver: Receiver, gone: Departure = () => {}): void {
    this.#receiver = receiver;
    this.#gone = gone;
    for (const { channel, frames } of this.#early.splice(0)) this.#receive(channel, frames);
  }

  reply(channel: RequestChannel, message: Message): void {
    const [identity, ...rest] = message.identities;
    const frames = encode(this.#signature, { ...message, identities: rest });
    const peer = this.#peers[channel].get(nameOf(identity));
    const bytes = encodeFrames(frames);
    if (peer !== undefined) peer.send(bytes);
    else this.#keep(channel, identity, bytes);
  }

  publish(message: Message): void {
    const bytes = encodeFrames(encode(this.#signature, message));
    if (!this.#isClosed) this.#publisher.put(message.identities[0], bytes);
  }

  room(): Promise<void> | null {
    return this.#isClosed ? null : this.#publisher.room();
  }

  takeLoss(): number {
    return this.#publisher.takeLoss();
  }

  async flush(): Promise<void> {
    await this.#publisher.empty();
    await Promise.all(this.#servers.map((server) => server.empty()));
  }

  async close(): Promise<void> {
    await this.#publisher.empty();
    this.#isClosed = true;
    await Promise.all(this.#servers.map((server) => server.close(LINGER_MS)));
  }

  async #listen(): Promise<void> {
    const wanted = this.#connection;
    const [shell, control, stdin, iopub, heartbeat] = await Promise.all([
      this.#router("shell", wanted.shell_port),
      this.#router("control", wanted.control_port),
      this.#router("stdin", wanted.stdin_port),
      this.#serve("XPUB", wanted.iopub_port, {
        received: (peer, [frame]) => this.#subscribe(peer, frame),
        closed: (peer) => this.#publisher.forget(peer),
      }),
      this.#serve("REP", wanted.hb_port, {
        received: (peer, frames) => peer.send(encodeFrames(frames)),
      }),
    ]);
    this.#servers = [shell, control, stdin, iopub, heartbeat];
    this.#connection = {
      ...wanted,
      shell_port: shell.port,
      control_port: control.port,
      stdin_port: stdin.port,
      iopub_port: iopub.port,
      hb_port: heartbeat.port,
    };
  }

  #router(channel: RequestChannel, port: number): Promise<ZmtpServer> {
    return this.#serve("ROUTER", port, {
      opened: (peer) => this.#welcome(channel, peer),
      received: (peer, frames) => this.#receive(channel, [peer.identity, ...frames]),
      closed: (peer) => this.#forget(channel, peer),
    });
  }

  #serve(type: SocketType, port: number, events: Partial<PeerEvents>): Promise<ZmtpServer> {
    const log = (sentence: string): void => this.#options.log(sentence);
    return ZmtpServer.listen({ type, ip: this.#connection.ip, port, log, ...events });
  }

  /** Who has no name gets one; who comes back under an old one takes its place. */
  #welcome(channel: RequestChannel, peer: Peer): void {
    if (peer.identity.length === 0) {
      // Names of a client's own do not begin with a zero.
      peer.identity = Buffer.alloc(5);
      peer.identity.writeUInt32BE(++this.#identities, 1);
    }
    const name = nameOf(peer.identity);
    const former = this.#peers[channel].get(name);
    this.#peers[channel].set(name, peer);
    former?.close();
    for (const bytes of this.#kept[channel].get(name) ?? []) peer.send(bytes);
    this.#kept[channel].delete(name);
  }

  #keep(channel: RequestChannel, identity: Uint8Array | undefined, bytes: Buffer): void {
    const kept = this.#kept[channel].get(nameOf(identity));
    if (kept !== undefined) {
      kept.push(bytes);
      return;
    }
    this.#kept[channel].set(nameOf(identity), [bytes]);
    void this.#miss(channel, identity);
  }

  #forget(channel: RequestChannel, peer: Peer): void {
    const name = nameOf(peer.identity);
    if (this.#peers[channel].get(name) !== peer) return;
    this.#peers[channel].delete(name);
    void this.#miss(channel, peer.identity);
  }

  async #miss(channel: RequestChannel, identity: Uint8Array = Buffer.alloc(0)): Promise<void> {
    await delay(RETURN_MS, null, { ref: false });
    const name = nameOf(identity);
    if (this.#isClosed || this.#peers[channel].has(name)) return;
    this.#kept[channel].delete(name);
    this.#gone(channel, identity);
  }

  #subscribe(peer: Peer, frame: Buffer): void {
    const topic = this.#publisher.hear(peer, frame);
    if (topic !== null) this.publish(this.#options.welcome(topic.toString()));
  }

  #receive(channel: RequestChannel, frames: Buffer[]): void {
    if (this.#receiver === null) return void this.#early.push({ channel, frames });
    if (this.#isClosed) return;
    let message: Message;
    try {
      message = decode(this.#signature, frames, this.#seen);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return this.#options.log(`dropped a message on ${channel}: ${error.message}`);
    }
    this.#receiver(channel, message);
  }
}

/** Bytes as a key. */
function nameOf(identity: Uint8Array = Buffer.alloc(0)): string {
  return Buffer.from(identity.buffer, identity.byteOffset, identity.length).toString("latin1");
}
