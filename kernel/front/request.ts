/** What a handler of a request is: one value that knows its type, its channels, its content and its answer. */
import type { History } from "./history.ts";
import type { Questions } from "./questions.ts";
import type { Session } from "./session.ts";
import type { Usage } from "./usage.ts";
import type { Ports } from "../transport/connection.ts";
import type { Checker } from "../wire/check.ts";
import type { Message, RequestChannel } from "../wire/message.ts";

/** What a handler may use. */
export interface Context {
  readonly session: Session;
  readonly history: History;
  readonly questions: Questions;
  readonly usage: Usage;
  readonly ports: Ports;
  readonly message: Message;
  /** Publishes on iopub as a child of the request, or of `parent` where that is given. */
  readonly publish: (type: string, content: object, parent?: Message) => void;
  /** Fails all waiting requests of the queue, now or once this answer has been sent. */
  readonly abortQueue: () => void;
  readonly abortQueueAfterReply: () => void;
  /** Ends the process once this answer has been sent. */
  readonly exit: () => void;
}

export interface RequestOptions<Content> {
  readonly type: string;
  readonly channels: readonly RequestChannel[];
  readonly content: Checker<Content>;
  /** Whether requests of this type wait for each other. */
  readonly isQueued?: boolean;
  /** Whether it answers the kernel instead of asking it: no status is published for it. */
  readonly isAnswer?: boolean;
  /** Returns the content of the reply; null for a message that has no reply. */
  handle(content: Content, context: Context): Promise<object | null> | object | null;
}

/** A handler with its content type sealed inside: unknown content in, checked before it is handled. */
export interface RequestHandler {
  readonly type: string;
  readonly channels: readonly RequestChannel[];
  readonly isQueued: boolean;
  readonly isAnswer: boolean;
  handle(context: Context): Promise<object | null>;
}

/** A handler whose content type can still be read off. */
export interface TypedHandler<Content> extends RequestHandler {
  readonly content: Checker<Content>;
}

export function request<Content>(options: RequestOptions<Content>): TypedHandler<Content> {
  const { type, channels, content, isQueued = false, isAnswer = false } = options;
  return {
    type,
    channels,
    isQueued,
    isAnswer,
    content,
    handle: async (context) => options.handle(content(context.message.content, type), context),
  };
}
