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
import type { Context, Extras, RequestHandler } from "./request.ts";
import type { Session } from "./session.ts";
import { type Shell, Shells, type Waiting } from "./shells.ts";
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
  #lastInterrupt: Header | null = null;
  #isExiting = false;

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.#shells = new Shells(() => parts.headers.newId());
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
    const shell = this.#shellOf(message);
    if (shell instanceof Error) return this.#refuse(channel, message, shell.message);
    shell.put({ handler, channel, message });
    if (shell.isIdle) await this.#work(shell);
  }

  #shellOf(message: Message): Shell | Error {
    try {
      return this.#shells.of(message);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #work(shell: Shell): Promise<void> {
    for (let next = shell.next(); next !== undefined; next = shell.next()) {
      shell.current = next.message;
      await this.#handle(next);
      shell.current = null;
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
    if (isQueueLost) this.#abortAll(this.#shellsWith(message));
    if (this.#isExiting) this.#parts.exit();
  }

  #answer(channel: RequestChannel, message: Message, content: object | null): void {
    const { transport, headers } = this.#parts;
    if (content !== null) transport.reply(channel, replyTo(headers, message, content));
    // Idle goes last: clients stop listening for a request's output once they see it.
    this.#publishStatus("idle", message);
    // A client takes any status for the kernel's own: while a cell runs, say again that it does.
    const running = this.#shells.all.flatMap(({ current }) => current ?? []);
    const other = running.findLast((current) => current !== message);
    if (other !== undefined) this.#publishStatus("busy", other);
  }

  #shellsWith(message: Message): Shell[] {
    return this.#shells.all.filter(({ current }) => current === message);
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
      publish: (type, content, parent = message, extras = {}) =>
        this.#publish(type, content, parent, extras),
      subshells: {
        ids: this.#shells.ids,
        create: () => this.#shells.create(),
        delete: (id) => {
          for (const waiting of this.#shells.delete(id)) this.#abort(waiting);
        },
      },
      abortQueue: () => this.#abortAll(this.#shells.all),
      exit: () => {
        this.#isExiting = true;
      },
    };
  }

  #abortAll(shells: readonly Shell[]): void {
    for (const shell of shells) for (const waiting of shell.takeAll()) this.#abort(waiting);
  }

  #abort({ channel, message }: Waiting): void {
    const isRequest = message.header.msg_type.endsWith("_request");
    this.#publishStatus("busy", message);
    this.#answer(channel, message, isRequest ? { status: "aborted" } : null);
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

  #publish(type: string, content: object, parent: Message | null, extras: Extras = {}): void {
    const message = { ...childOf(this.#parts.headers, parent, type, content), ...extras };
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
