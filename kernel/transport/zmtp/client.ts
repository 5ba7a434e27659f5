/** As much of a client as it takes to ask the kernel's own sockets for cells. */
import { connect, type Socket } from "node:net";
import type { Frame } from "../../wire/codec.ts";
import type { Ports } from "../connection.ts";
import { encodeFrames, FrameReader, greeting, GREETING_LENGTH, ready } from "./wire.ts";

const SUBSCRIBE_TO_ALL = Buffer.from([1]);
const IDLE = '{"execution_state":"idle"}';

export class ZmtpClient {
  readonly #shell: Socket;
  readonly #iopub: Socket;
  /** A reply and an idle. */
  #missing = 0;
  #answered: () => void = () => {};

  private constructor(shell: Socket, iopub: Socket) {
    this.#shell = shell;
    this.#iopub = iopub;
  }

  /** Resolves when everything that is published arrives here. */
  static async connect({ shell_port, iopub_port }: Ports): Promise<ZmtpClient> {
    const shell = await dial(shell_port, "DEALER");
    const iopub = await dial(iopub_port, "SUB");
    const client = new ZmtpClient(shell, iopub);
    const welcomed = client.#next();
    listen(shell, () => client.#arrived());
    listen(iopub, (frames) => client.#published(frames));
    iopub.write(encodeFrames([SUBSCRIBE_TO_ALL]));
    await welcomed;
    return client;
  }

  /** Sends the frames of a request on the shell; resolves behind its reply and its idle, or when nobody is there any more. */
  async ask(frames: readonly Frame[]): Promise<void> {
    if (this.#shell.destroyed || this.#iopub.destroyed) return;
    const answered = this.#next(2);
    this.#shell.write(encodeFrames(frames));
    await answered;
  }

  close(): void {
    this.#shell.destroy();
    this.#iopub.destroy();
  }

  async #next(missing = 1): Promise<void> {
    this.#missing = missing;
    await new Promise<void>((resolve) => {
      this.#answered = resolve;
      for (const socket of [this.#shell, this.#iopub]) socket.once("close", () => resolve());
    });
    for (const socket of [this.#shell, this.#iopub]) socket.removeAllListeners("close");
  }

  #published(frames: readonly Buffer[]): void {
    const content = frames.at(-1)?.toString() ?? "";
    if (content === IDLE || content.includes('"subscription"')) this.#arrived();
  }

  #arrived(): void {
    if (--this.#missing === 0) this.#answered();
  }
}

async function dial(port: number, type: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => {});
  socket.write(Buffer.concat([greeting(), ready(type)]));
  return socket;
}

function listen(socket: Socket, message: (frames: Buffer[]) => void): void {
  const reader = new FrameReader({ message, command: () => {} });
  let toSkip = GREETING_LENGTH;
  socket.on("data", (chunk) => {
    const skipped = Math.min(toSkip, chunk.length);
    toSkip -= skipped;
    reader.push(chunk.subarray(skipped));
  });
}
