/** Messages that a cell begins with: they are made and signed while it runs already, and sent before anything else. */
import type { Message } from "../wire/message.ts";

export class Announcements {
  readonly #publish: (message: Message) => void;
  #messages: Message[] = [];

  /** `publish` must be able to say each of the messages. */
  constructor(publish: (message: Message) => void) {
    this.#publish = publish;
  }

  /** Publishes a message when this turn of the event loop has done its other work, or when something follows it. */
  put(message: Message): void {
    // Behind all promises that can be settled now: they bring the cell on its way.
    if (this.#messages.length === 0) queueMicrotask(() => process.nextTick(() => this.publish()));
    this.#messages.push(message);
  }

  /** To be called before anything else is said. */
  publish(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    this.#messages = [];
    for (const message of messages) this.#publish(message);
  }
}
