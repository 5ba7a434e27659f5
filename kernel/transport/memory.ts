/** A transport inside one process: a test is the client, and reads what was sent in the order it was sent. */
import type { Message, RequestChannel } from "../wire/message.ts";
import type { Receiver, Transport } from "./transport.ts";

export interface Sent {
  readonly channel: RequestChannel | "iopub";
  readonly message: Message;
}

export class MemoryTransport implements Transport {
  readonly ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  readonly sent: Sent[] = [];
  #receiver: Receiver = () => {};
  #waiting: { until: (sent: Sent) => boolean; resolve: () => void }[] = [];

  receive(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  /** Plays the client: hands a message to the kernel. */
  request(channel: RequestChannel, message: Message): void {
    this.#receiver(channel, message);
  }

  /** Resolves when a message has been sent for which `until` is true, one sent before included. */
  async sentUntil(until: (sent: Sent) => boolean): Promise<void> {
    if (this.sent.some(until)) return;
    await new Promise<void>((resolve) => this.#waiting.push({ until, resolve }));
  }

  reply(channel: RequestChannel, message: Message): void {
    this.#record({ channel, message });
  }

  publish(message: Message): void {
    this.#record({ channel: "iopub", message });
  }

  room(): null {
    return null;
  }

  takeLoss(): number {
    return 0;
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}

  #record(sent: Sent): void {
    this.sent.push(sent);
    for (const { until, resolve } of this.#waiting) if (until(sent)) resolve();
    this.#waiting = this.#waiting.filter(({ until }) => !until(sent));
  }
}
