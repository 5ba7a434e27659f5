/** The frame of every request: busy, check, handle, reply, idle. Handlers return content and know none of this. */
import type { Transport } from "../transport/transport.ts";
import {
  childOf,
  type Header,
  type HeaderSource,
  type Message,
  replyTo,
  type RequestChannel,
} from "../wire/message.ts";
import type { History } from "./history.ts";
import * as iopub from "./iopub.ts";
import { Questions } from "./questions.ts";
import type { Context, RequestHandler } from "./request.ts";
import type { Session } from "./session.ts";
import { Usage } from "./usage.ts";

export interface RouterParts {
  readonly transport: Transport;
  readonly headers: HeaderSource;
  readonly handlers: readonly RequestHandler[];
  readonly session: Session;
  readonly history: History;
  log(sentence: string): void;
  /** Ends the process. */
  exit(): void;
}

interface Waiting {
  readonly handler: RequestHandler;
  readonly channel: RequestChannel;
  readonly message: Message;
}

export class Router {
  readonly #parts: RouterParts;
  readonly #handlers: ReadonlyMap<string, RequestHandler>;
  readonly #questions: Questions;
  readonly #usage = new Usage();
  #queue: Waiting[] = [];
  /** The queued request that is being handled. */
  #current: Message | null = null;
  #lastInterrupt: Header | null = null;
  #isExiting = false;

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.#questions = new Questions(parts.transport, parts.headers);
    this.#handlers = new Map(parts.handlers.map((handler) => [handler.type, handler]));
  }

  start(): void {
    this.#publishStatus("starting", null);
    this.#parts.transport.receive((channel, message) => void this.#receive(channel, message));
  }

  async #receive(channel: RequestChannel, message: Message): Promise<void> {
    const type = message.header.msg_type;
    const handler = this.#handlers.get(type);
    if (handler === undefined) return this.#refuse(channel, message, `${type} is not supported`);
    if (!handler.channels.includes(channel)) {
      const wanted = handler.channels.join(" or ");
      return this.#refuse(channel, message, `${type} belongs on ${wanted}, not on ${channel}`);
    }
    if (type === "interrupt_request") this.#lastInterrupt = message.header;
    if (!handler.isQueued) return this.#handle({ handler, channel, message });
    if (this.#wasInterrupted(message)) return this.#abort({ handler, channel, message });
    this.#queue.push({ handler, channel, message });
    if (this.#current === null) await this.#work();
  }

  async #work(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#current = next.message;
      await this.#handle(next);
      this.#current = null;
    }
  }

  async #handle({ handler, channel, message }: Waiting): Promise<void> {
    if (!handler.isAnswer) this.#publishStatus("busy", message);
    const context = this.#contextOf(message);
    let isQueueLost = false;
    let content: object | null;
    try {
      content = await handler.handle({
        ...context,
        abortQueueAfterReply: () => {
          isQueueLost = true;
        },
      });
    } catch (error) {
      content = failure(error);
    }
    if (handler.isAnswer) return;
    this.#answer(channel, message, content);
    if (isQueueLost) this.#abortQueue();
    if (this.#isExiting) this.#parts.exit();
  }

  #answer(channel: RequestChannel, message: Message, content: object | null): void {
    const { transport, headers } = this.#parts;
    if (content !== null) transport.reply(channel, replyTo(headers, message, content));
    // Idle goes last: clients stop listening for a request's output once they see it.
    this.#publishStatus("idle", message);
    // A client takes any status for the kernel's own: while a cell runs, say again that it does.
    if (this.#current !== null && this.#current !== message) {
      this.#publishStatus("busy", this.#current);
    }
  }

  #contextOf(message: Message): Omit<Context, "abortQueueAfterReply"> {
    const { session, history } = this.#parts;
    return {
      session,
      history,
      questions: this.#questions,
      usage: this.#usage,
      ports: this.#parts.transport.ports,
      message,
      publish: (type, content, parent = message) => this.#publish(type, content, parent),
      abortQueue: () => this.#abortQueue(),
      exit: () => {
        this.#isExiting = true;
      },
    };
  }

  #abortQueue(): void {
    const waiting = this.#queue;
    this.#queue = [];
    for (const request of waiting) this.#abort(request);
  }

  #abort({ channel, message }: Waiting): void {
    this.#publishStatus("busy", message);
    this.#answer(channel, message, { status: "aborted" });
  }

  /** Two channels keep no common order: an interrupt may overtake the cell that it was sent to stop. */
  #wasInterrupted({ header }: Message): boolean {
    const interrupt = this.#lastInterrupt;
    if (interrupt === null || interrupt.session !== header.session) return false;
    return Date.parse(header.date) < Date.parse(interrupt.date);
  }

  /** A request gets an error for an answer, so that nobody waits for ever; other messages are only logged. */
  #refuse(channel: RequestChannel, message: Message, reason: string): void {
    if (!message.header.msg_type.endsWith("_request")) return this.#parts.log(reason);
    this.#publishStatus("busy", message);
    this.#answer(channel, message, failure(new Unsupported(reason)));
  }

  #publishStatus(state: "starting" | "busy" | "idle", parent: Message | null): void {
    this.#publish("status", iopub.status(state), parent);
  }

  #publish(type: string, content: object, parent: Message | null): void {
    const message = childOf(this.#parts.headers, parent, type, content);
    const topic = Buffer.from(`kernel.${this.#parts.headers.session}.${type}`);
    this.#parts.transport.publish({ ...message, identities: [topic] });
  }
}

class Unsupported extends Error {
  override name = "Unsupported";
}

function failure(error: unknown): object {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { status: "error", ename: name, evalue: message, traceback: [`${name}: ${message}`] };
}
