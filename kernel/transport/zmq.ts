/** ZeroMQ sockets, the kernel's side and a client's. The only file that imports zeromq. */
import { Dealer, Reply, Router, Subscriber, XPublisher } from "zeromq";
import { decode, encode, type Frame, type Signature, WireError } from "../wire/codec.ts";
import type { Message, RequestChannel } from "../wire/message.ts";
import { Seen } from "../wire/seen.ts";
import {
  addressOf,
  type Connection,
  type PortName,
  PORTS,
  type Ports,
  portsOf,
  signatureOf,
} from "./connection.ts";
import { Outbox, PatientPublisher } from "./outbox.ts";
import { curveClient, type CurveOptions, curveServer } from "./curve.ts";
import type { BoundTransport, Receiver, TransportOptions } from "./transport.ts";

const LINGER_MS = 1000;
const SUBSCRIBER_QUEUE = 100;

export class ZmqTransport implements BoundTransport {
  /** The connection with the ports that were really bound. */
  readonly connection: Connection;
  readonly #signature: Signature;
  readonly #seen = new Seen();
  readonly #options: TransportOptions;
  readonly #routers: Record<RequestChannel, Router>;
  readonly #iopub: XPublisher;
  readonly #heartbeat: Reply;
  readonly #publisher: PatientPublisher;
  readonly #outboxes: Record<RequestChannel | "iopub", Outbox>;

  private constructor(connection: Connection, sockets: KernelSockets, options: TransportOptions) {
    this.connection = connection;
    this.#signature = signatureOf(connection);
    this.#options = options;
    const { shell, control, stdin, iopub, heartbeat } = sockets;
    this.#routers = { shell, control, stdin };
    this.#iopub = iopub;
    this.#heartbeat = heartbeat;
    this.#publisher = new PatientPublisher(iopub);
    this.#outboxes = {
      shell: new Outbox(shell),
      control: new Outbox(control),
      stdin: new Outbox(stdin),
      iopub: new Outbox(this.#publisher),
    };
  }

  /** Binds all five sockets; a port 0 in the connection is replaced by one that was free. */
  static async bind(connection: Connection, options: TransportOptions): Promise<ZmqTransport> {
    const sockets = openKernelSockets(curveServer(connection));
    const bound = { ...connection };
    const bind = async (socket: Bindable, port: PortName): Promise<void> => {
      if (connection.transport === "ipc") bound[port] ||= PORTS.indexOf(port) + 1;
      await socket.bind(addressOf(bound, bound[port]));
      const actual = /:(\d+)$/.exec(socket.lastEndpoint ?? "")?.[1];
      if (connection.transport === "tcp" && actual !== undefined) bound[port] = Number(actual);
    };
    await Promise.all([
      bind(sockets.shell, "shell_port"),
      bind(sockets.control, "control_port"),
      bind(sockets.stdin, "stdin_port"),
      bind(sockets.iopub, "iopub_port"),
      bind(sockets.heartbeat, "hb_port"),
    ]);
    return new ZmqTransport(bound, sockets, options);
  }

  get ports(): Ports {
    return portsOf(this.connection);
  }

  receive(receiver: Receiver): void {
    for (const channel of ["shell", "control", "stdin"] as const) {
      void this.#listen(channel, receiver);
    }
    void this.#greet();
    void this.#beat();
  }

  reply(channel: RequestChannel, message: Message): void {
    this.#outboxes[channel].put(encode(this.#signature, message));
  }

  publish(message: Message): void {
    this.#outboxes.iopub.put(encode(this.#signature, message));
  }

  room(): Promise<void> | null {
    return this.#outboxes.iopub.room();
  }

  takeLoss(): number {
    return this.#publisher.takeLoss();
  }

  async flush(): Promise<void> {
    await Promise.all(Object.values(this.#outboxes).map((outbox) => outbox.empty()));
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#outboxes).map((outbox) => outbox.close()));
    for (const socket of [...Object.values(this.#routers), this.#iopub, this.#heartbeat]) {
      socket.close();
    }
  }

  async #listen(channel: RequestChannel, receiver: Receiver): Promise<void> {
    for await (const frames of this.#routers[channel]) {
      try {
        receiver(channel, decode(this.#signature, frames, this.#seen));
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        this.#options.log(`dropped a message on ${channel}: ${error.message}`);
      }
    }
  }

  /** A subscription arrives as a frame: 1, then the topic. */
  async #greet(): Promise<void> {
    for await (const [frame] of this.#iopub) {
      if (frame?.[0] !== 1) continue;
      this.publish(this.#options.welcome(frame.subarray(1).toString()));
    }
  }

  async #beat(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }
}

interface Bindable {
  bind(address: string): Promise<void>;
  readonly lastEndpoint: string | null;
}

interface KernelSockets {
  readonly shell: Router;
  readonly control: Router;
  readonly stdin: Router;
  readonly iopub: XPublisher;
  readonly heartbeat: Reply;
}

function openKernelSockets(curve: CurveOptions): KernelSockets {
  const router = (): Router =>
    new Router({
      ...curve,
      linger: LINGER_MS,
      sendHighWaterMark: 0,
      receiveHighWaterMark: 0,
      // A client that comes back under its old identity would otherwise be ignored.
      handover: true,
    });
  return {
    shell: router(),
    control: router(),
    stdin: router(),
    // A bound in messages, each of at most a few hundred kilobytes: what does not fit waits in the outbox.
    iopub: new XPublisher({
      ...curve,
      linger: LINGER_MS,
      sendHighWaterMark: SUBSCRIBER_QUEUE,
      verbosity: "allSubs",
    }),
    heartbeat: new Reply({ ...curve, linger: 0 }),
  };
}

/** A client may be there before its kernel: it knocks often. */
const CLIENT = { linger: 0, reconnectInterval: 2, reconnectMaxInterval: 20 } as const;

/** A client's sockets: what `gradbook run` and the tests talk to a kernel with. */
export class ZmqClient {
  readonly #signature: Signature;
  readonly #dealers: Record<RequestChannel, Dealer>;
  readonly #iopub: Subscriber;
  readonly #outboxes: Record<RequestChannel, Outbox>;

  constructor(connection: Connection) {
    this.#signature = signatureOf(connection);
    const routingId = `client-${process.pid}-${Math.random().toString(36).slice(2)}`;
    const curve = curveClient(connection);
    const dial = (port: PortName): Dealer => {
      const socket = new Dealer({ ...CLIENT, ...curve, sendHighWaterMark: 0, routingId });
      socket.connect(addressOf(connection, connection[port]));
      return socket;
    };
    const shell = dial("shell_port");
    const control = dial("control_port");
    const stdin = dial("stdin_port");
    this.#dealers = { shell, control, stdin };
    this.#outboxes = {
      shell: new Outbox(shell),
      control: new Outbox(control),
      stdin: new Outbox(stdin),
    };
    this.#iopub = new Subscriber({ ...CLIENT, ...curve, receiveHighWaterMark: 0 });
    this.#iopub.connect(addressOf(connection, connection.iopub_port));
    this.#iopub.subscribe();
  }

  receive(receiver: (channel: RequestChannel | "iopub", message: Message) => void): void {
    const listen = async (
      channel: RequestChannel | "iopub",
      socket: AsyncIterable<Buffer[]>,
    ): Promise<void> => {
      for await (const frames of socket) receiver(channel, decode(this.#signature, frames));
    };
    void listen("iopub", this.#iopub);
    for (const channel of ["shell", "control", "stdin"] as const) {
      void listen(channel, this.#dealers[channel]);
    }
  }

  send(channel: RequestChannel, message: Message): void {
    this.sendFrames(channel, encode(this.#signature, message));
  }

  /** Sends frames as they are: a test's way to be wrong. */
  sendFrames(channel: RequestChannel, frames: Frame[]): void {
    this.#outboxes[channel].put(frames);
  }

  close(): void {
    for (const socket of [...Object.values(this.#dealers), this.#iopub]) socket.close();
  }
}
