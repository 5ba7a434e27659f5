/** A client of one kernel process: starts it, asks it, ends it. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { kernelCommand } from "../install/kernelspec.ts";
import type { TypesMode } from "../cell/magics/types.ts";
import {
  type Connection,
  type Ports,
  readConnection,
  writeConnection,
} from "../transport/connection.ts";
import { removeFolder, temporaryFolder } from "../transport/folders.ts";
import { ZmqClient } from "../transport/zmq.ts";
import type { Frame } from "../wire/codec.ts";
import {
  childOf,
  type HeaderSource,
  isRequest,
  type Message,
  type RequestChannel,
} from "../wire/message.ts";

export interface LaunchOptions {
  /** The notebook, for relative imports; its folder is the kernel's working directory too. */
  readonly notebook?: string;
  readonly cwd?: string;
  /** What is started, from the path of the connection file; this package's own kernel by default. */
  readonly command?: (connectionFile: string) => string[];
  /** Whether the kernel checks cells; of this package's own kernel the default is "on". */
  readonly types?: TypesMode;
  readonly env?: NodeJS.ProcessEnv;
  /** Sees every message from the first on. */
  readonly onMessage?: (received: Received) => void;
  /** The file of its history; without one, what is run here is no part of the user's. */
  readonly history?: string;
  /** Where the kernel's log goes; to this process's stderr by default. */
  readonly log?: "inherit" | "ignore" | "pipe";
  /** Where the connection file is written; in a folder of its own by default. */
  readonly connectionFile?: string;
  /** Ports for a kernel that does not choose its own; they must be free. */
  readonly ports?: Ports;
  /** Keys that encrypt the connection. */
  readonly curve?: { readonly publicKey: string; readonly secretKey: string };
}

export interface RequestOptions {
  readonly channel?: RequestChannel;
  readonly onMessage?: (received: Received) => void;
  /** The subshell the request is for; the parent shell by default. */
  readonly subshell?: string;
  readonly metadata?: Message["metadata"];
  readonly buffers?: Message["buffers"];
  /** Whether the reply alone is not enough; the default is true. */
  readonly untilIdle?: boolean;
}

/** A message of the kernel, with the channel it came on. */
export interface Received {
  readonly channel: RequestChannel | "iopub";
  readonly message: Message<Record<string, unknown>>;
}

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 2;

interface Pending {
  readonly onMessage: (received: Received) => void;
  reply: Message<Record<string, unknown>> | null;
  isIdle: boolean;
  isResolved: boolean;
  readonly resolve: (reply: Message<Record<string, unknown>>) => void;
  readonly reject: (error: Error) => void;
}

export class KernelClient {
  readonly process: ChildProcess;
  readonly connection: Connection;
  /** Everything that arrived, for a test to look at. */
  onMessage: (received: Received) => void = () => {};
  /** When the first answer came, by `performance.now()`. */
  answeredAt = 0;
  readonly #socket: ZmqClient;
  readonly #folder: string;
  readonly #pending = new Map<string, Pending>();
  readonly #headers: HeaderSource = {
    session: randomUUID(),
    username: "gradbook",
    newId: () => randomUUID(),
    now: () => new Date(),
  };
  /** Whether anything has arrived on iopub: only then is nothing lost that is published there. */
  #isSubscribed = false;

  private constructor(
    child: ChildProcess,
    connection: Connection,
    { folder, onMessage = () => {} }: { folder: string } & Pick<LaunchOptions, "onMessage">,
  ) {
    this.process = child;
    this.connection = connection;
    this.#folder = folder;
    this.#socket = new ZmqClient(connection);
    this.#socket.receive((channel, message) => {
      const received = { channel, message: message as Received["message"] };
      onMessage(received);
      this.#receive(received);
    });
    child.once("exit", (code, signal) => {
      const how = signal ?? `code ${code}`;
      for (const { reject } of this.#pending.values()) {
        reject(new Error(`the kernel ended (${how}) while a request was waiting for its answer`));
      }
    });
  }

  /** Starts a kernel and resolves when it answers and its output is sure to arrive here. */
  static async launch(options: LaunchOptions = {}): Promise<KernelClient> {
    const folder = temporaryFolder("gradbook-");
    const file = options.connectionFile ?? join(folder, "connection.json");
    const { publicKey, secretKey } = options.curve ?? {};
    const keys =
      publicKey === undefined || secretKey === undefined
        ? {}
        : { curve_publickey: publicKey, curve_secretkey: secretKey };
    writeConnection(file, { ...freshConnection(), ...options.ports, ...keys });
    const own = (path: string): string[] => kernelCommand(path, { types: options.types });
    const [program = "", ...args] = (options.command ?? own)(file);
    const notebook = options.notebook === undefined ? {} : { JPY_SESSION_NAME: options.notebook };
    const env = {
      ...(options.env ?? process.env),
      ...notebook,
      JPY_PARENT_PID: String(process.pid),
      GRADBOOK_HISTORY: options.history ?? "off",
    };
    const child = spawn(program, args, {
      stdio: ["ignore", options.log ?? "inherit", options.log ?? "inherit"],
      cwd: options.cwd,
      env,
    });
    const connection = await boundConnection(file, child);
    const client = new KernelClient(child, connection, { ...options, folder });
    const overdue = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
    await client.#handshake().finally(() => clearTimeout(overdue));
    return client;
  }

  /** Sends a message and resolves with its reply, or with itself if it has none, once the kernel is idle again. */
  async request(
    type: string,
    content: object,
    options: RequestOptions = {},
  ): Promise<Message<Record<string, unknown>>> {
    const { subshell, metadata = {}, buffers = [] } = options;
    const plain = childOf(this.#headers, null, type, content as Record<string, unknown>);
    const header =
      subshell === undefined ? plain.header : { ...plain.header, subshell_id: subshell };
    const message = { ...plain, header, metadata, buffers };
    return new Promise((resolve, reject) => {
      this.#pending.set(header.msg_id, {
        onMessage: options.onMessage ?? (() => {}),
        reply: isRequest(message) ? null : message,
        isIdle: options.untilIdle === false,
        isResolved: false,
        resolve,
        reject,
      });
      this.#socket.send(options.channel ?? "shell", message);
    });
  }

  async execute(
    code: string,
    onMessage: (received: Received) => void = () => {},
    options: object = {},
  ): Promise<Message<Record<string, unknown>>> {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
      ...options,
    };
    return this.request("execute_request", content, { onMessage });
  }

  async interrupt(): Promise<void> {
    await this.request("interrupt_request", {}, { channel: "control" });
  }

  /** Answers a question of the kernel. */
  answer(question: Message, value: string): void {
    this.#socket.send("stdin", childOf(this.#headers, question, "input_reply", { value }));
  }

  /** Sends frames as they are: a test's way to be wrong. */
  sendFrames(channel: RequestChannel, frames: Frame[]): void {
    this.#socket.sendFrames(channel, frames);
  }

  /** Ends the kernel in the way a server does, and resolves when its process is gone. */
  async shutdown(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const gone = new Promise((resolve) => {
        this.process.once("exit", resolve);
      });
      await this.request("shutdown_request", { restart: false }, { channel: "control" });
      await gone;
    }
    this.close();
  }

  close(): void {
    this.#socket.close();
    // The guardian may be writing the record of a death at this moment.
    removeFolder(this.#folder);
  }

  /** A kernel without welcome messages is asked again until its status is heard. */
  async #handshake(): Promise<void> {
    do {
      await this.request("kernel_info_request", {}, { untilIdle: false });
      this.answeredAt ||= performance.now();
      if (!this.#isSubscribed) await delay(POLL_MS);
    } while (!this.#isSubscribed);
  }

  #receive(received: Received): void {
    const { channel, message } = received;
    this.onMessage(received);
    if (channel === "iopub") this.#isSubscribed = true;
    const id = "msg_id" in message.parent_header ? message.parent_header.msg_id : "";
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    pending.onMessage(received);
    if (channel !== "iopub" && channel !== "stdin") pending.reply = message;
    else if (message.content["execution_state"] === "idle") pending.isIdle = true;
    if (pending.reply === null || !pending.isIdle || pending.isResolved) return;
    // The entry stays: what a timer prints later belongs to this request still.
    pending.isResolved = true;
    pending.resolve(pending.reply);
  }
}

/** Ports 0: the kernel binds free ones and writes them back, so none can be taken in between. */
function freshConnection(): Connection {
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    shell_port: 0,
    iopub_port: 0,
    stdin_port: 0,
    control_port: 0,
    hb_port: 0,
    key: randomBytes(24).toString("hex"),
    signature_scheme: "hmac-sha256",
    kernel_name: "gradbook",
  };
}

async function boundConnection(file: string, child: ChildProcess): Promise<Connection> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const connection = readConnection(file);
    if (connection.shell_port !== 0) return connection;
    if (child.exitCode !== null) throw new Error(`the kernel ended with code ${child.exitCode}`);
    await delay(POLL_MS);
  }
  child.kill();
  throw new Error(`the kernel has not bound its sockets within ${START_TIMEOUT_MS / 1000} s`);
}
