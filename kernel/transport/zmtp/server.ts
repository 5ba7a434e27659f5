/** A socket of the kernel: a port, and the clients that are connected to it. */
import { createServer, isIP, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { Peer, type PeerEvents, type SocketType } from "./peer.ts";

export interface ServerOptions extends Partial<PeerEvents> {
  readonly type: SocketType;
  /** An address, the name of an interface, or `*` for all of them. */
  readonly ip: string;
  /** 0 for any that is free. */
  readonly port: number;
  log(sentence: string): void;
}

export class ZmtpServer {
  /** The clients whose handshake is done. */
  readonly peers: ReadonlySet<Peer>;
  readonly #server: Server;
  readonly #connected: ReadonlySet<Peer>;

  private constructor(server: Server, peers: ReadonlySet<Peer>, connected: ReadonlySet<Peer>) {
    this.#server = server;
    this.peers = peers;
    this.#connected = connected;
  }

  static async listen(options: ServerOptions): Promise<ZmtpServer> {
    const { type, ip, port } = options;
    const peers = new Set<Peer>();
    const connected = new Set<Peer>();
    const events: PeerEvents = {
      log: (sentence) => options.log(sentence),
      opened: (peer) => {
        peers.add(peer);
        options.opened?.(peer);
      },
      received: (peer, frames) => options.received?.(peer, frames),
      closed: (peer) => {
        connected.delete(peer);
        if (peers.delete(peer)) options.closed?.(peer);
      },
    };
    const server = createServer({ noDelay: true }, (socket) => {
      connected.add(new Peer(socket, type, events));
    });
    const host = hostOf(ip);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, ...(host === null ? {} : { host }) }, resolve);
    });
    return new ZmtpServer(server, peers, connected);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Resolves when all that was sent has been handed to the system. */
  async empty(): Promise<void> {
    await Promise.all([...this.peers].map((peer) => peer.empty()));
  }

  /** Ends all connections; a client that does not read has so long to do so. */
  async close(patienceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const peer of this.#connected) peer.close();
    await Promise.race([closed, delay(patienceMs, null, { ref: false })]);
    for (const peer of this.#connected) peer.destroy();
  }
}

/** As libzmq reads it; null for all interfaces. */
function hostOf(ip: string): string | null {
  if (ip === "*") return null;
  if (isIP(ip) !== 0) return ip;
  const addresses = networkInterfaces()[ip] ?? [];
  return addresses.find(({ family }) => family === "IPv4")?.address ?? ip;
}
