/** The frame of every request: busy, check, handle, reply, idle. Handlers return content and know none of this. */
import type { Transport } from "../transport/transport.ts";
import {
  childOf,
  type Header,
  type HeaderSource,
  isRequest,
  type Message,
  replyTo,
  type RequestChannel,
} from "../wire/message.ts";
import { Announcements } from "./announcements.ts";
import type { History } from "./history.ts";
import * as iopub from "./iopub.ts";
import { Questions } from "./questions.ts";
import type { Context, Extras, RequestHandler } from "./request.ts";
import type { Session } from "./session.ts";
import { Shells, type Waiting } from "./shells.ts";
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

export class Router {
  readonly #parts: RouterParts;
  readonly #handlers: ReadonlyMap<string, RequestHandler>;
  readonly #questions: Questions;
  readonly #shells: Shells;
  readonly #usage = new Usage();
  readonly #topics = new Map<string, Uint8Array>();
  readonly #announcements: Announcements;
  #lastInterrupt: Header | null = null;
  #isExiting = false;

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.#announcements = new Announcements((message) => parts.transport.publish(message));
    this.#shells = new Shells({
      newId: () => parts.headers.newId(),
      handle: async (waiting, release) => this.#handle(waiting, release),
      abort: (waiting) => this.#abort(waiting),
    });
    this.#questions = new Questions(parts.transport, parts.headers);
    this.#handlers = new Map(parts.handlers.map((handler) => [handler.type, handler]));
  }

  start(): void {
    this.#publishStatus("starting", null);
    this.#parts.transport.receive(
      (channel, message) => this.#receive(channel, message),
      (channel, identity) => {
        if (channel === "stdin") this.#questions.leave(identity);
      },
    );
  }

  #receive(channel: RequestChannel, message: Message): void {
    const type = message.header.msg_type;
    const handler = this.#handlers.get(type);
    if (handler === undefined) {
      return this.#refuse(channel, message, new Unsupported(`${type} is not supported`));
    }
    if (!handler.channels.includes(channel)) {
      const wanted = handler.channels.join(" or ");
      const reason = `${type} belongs on ${wanted}, not on ${channel}`;
      return this.#refuse(channel, message, new Unsupported(reason));
    }
    if (type === "interrupt_request") this.#lastInterrupt = message.header;
    try {
      if (channel === "shell") this.#shells.check(message);
    } catch (error) {
      return this.#refuse(channel, message, error);
    }
    if (!handler.isQueued) void this.#handle({ handler, channel, message });
    else if (this.#wasInterrupted(message)) this.#abort({ handler, channel, message });
    else this.#shells.put({ handler, channel, message });
  }

  async #handle({ handler, channel, message }: Waiting, release = (): void => {}): Promise<void> {
    if (!handler.isAnswer) this.#announce("status", iopub.status("busy"), message);
    const context = this.#contextOf(message);
    let isQueueLost = false;
    let content: object | null;
    try {
      content = await handler.handle({
        ...context,
        release,
        abortQueueAfterReply: () => {
          isQueueLost = true;
        },
      });
    } catch (error) {
      content = this.#failureOf(message, error);
    }
    if (handler.isAnswer) return;
    this.#answer(channel, message, content);
    if (isQueueLost) this.#shells.abortBehind(message);
    if (this.#isExiting) this.#parts.exit();
  }

  #answer(channel: RequestChannel, message: Message, content: object | null): void {
    const { transport, headers } = this.#parts;
    this.#announcements.publish();
    try {
      if (content !== null) transport.reply(channel, replyTo(headers, message, content));
    } catch (error) {
      // A value in it that JSON cannot say; whoever asked still waits for an answer.
      const failure = this.#failureOf(message, error);
      if (failure !== null) transport.reply(channel, replyTo(headers, message, failure));
    }
    // Idle goes last: clients stop listening for a request's output once they see it.
    this.#publishStatus("idle", message);
    // A client takes any status for the kernel's own: while a cell runs, say again that it does.
    const busy = this.#shells.busyBesides(message);
    if (busy !== null) this.#publishStatus("busy", busy);
  }

  #contextOf(message: Message): Omit<Context, "abortQueueAfterReply" | "release"> {
    const { session, history } = this.#parts;
    return {
      session,
      history,
      questions: this.#questions,
      usage: this.#usage,
      ports: this.#parts.transport.ports,
      message,
      publish: (type, content, parent = message, extras = {}) =>
        this.#publish(type, content, parent, extras),
      announce: (type, content) => this.#announce(type, content, message),
      subshells: this.#shells,
      abortQueue: () => this.#shells.abortAll(),
      exit: () => {
        this.#isExiting = true;
      },
    };
  }

  #abort({ channel, message }: Waiting): void {
    this.#publishStatus("busy", message);
    this.#answer(channel, message, { status: "aborted" });
  }

  /** Two channels keep no common order: an interrupt may overtake the cell that it was sent to stop. */
  #wasInterrupted(message: Message): boolean {
    const interrupt = this.#lastInterrupt;
    const { header } = message;
    if (interrupt === null || !isRequest(message) || interrupt.session !== header.session)
      return false;
    return Date.parse(header.date) < Date.parse(interrupt.date);
  }

  #refuse(channel: RequestChannel, message: Message, reason: unknown): void {
    const content = this.#failureOf(message, reason);
    const handler = this.#handlers.get(message.header.msg_type);
    // Of a message without a reply, idle is all that its sender waits for.
    if (content === null && handler?.isAnswer !== false) return;
    this.#publishStatus("busy", message);
    this.#answer(channel, message, content);
  }

  /** A request gets an error for an answer, so that nobody waits for ever; other messages are only logged. */
  #failureOf(message: Message, error: unknown): object | null {
    const { name, message: reason } = error instanceof Error ? error : new Error(String(error));
    if (!isRequest(message)) {
      this.#parts.log(`${message.header.msg_type} was dropped: ${reason}`);
      return null;
    }
    return { status: "error", ename: name, evalue: reason, traceback: [`${name}: ${reason}`] };
  }

  #publishStatus(state: "starting" | "busy" | "idle", parent: Message | null): void {
    this.#publish("status", iopub.status(state), parent);
  }

  /** For contents of strings and numbers: nothing can be wrong with them. */
  #announce(type: string, content: object, parent: Message): void {
    const identities = [this.#topicOf(type)];
    this.#announcements.put({ ...childOf(this.#parts.headers, parent, type, content), identities });
  }

  #publish(type: string, content: object, parent: Message | null, extras: Extras = {}): void {
    const { headers, transport } = this.#parts;
    this.#announcements.publish();
    const identities = [this.#topicOf(type)];
    try {
      transport.publish({ ...childOf(headers, parent, type, content), ...extras, identities });
    } catch (error) {
      // A cell's own values may be in it, in the metadata of a display say: what JSON cannot say costs this message alone.
      const reason = `${type} was left out: ${String(error)}`;
      this.#parts.log(reason);
      if (type !== "stream") this.#publish("stream", iopub.stream("stderr", `${reason}\n`), parent);
    }
  }

  #topicOf(type: string): Uint8Array {
    const known = this.#topics.get(type);
    if (known !== undefined) return known;
    const topic = Buffer.from(`kernel.${this.#parts.headers.session}.${type}`);
    this.#topics.set(type, topic);
    return topic;
  }
}

class Unsupported extends Error {
  override name = "Unsupported";
}
