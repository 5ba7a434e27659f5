/** What a handler of a request is: one value that knows its type, its channels, its content and its answer. */
import type { History } from "./history.ts";
import type { Questions } from "./questions.ts";
import type { Session } from "./session.ts";
import type { Usage } from "./usage.ts";
import type { Ports } from "../transport/connection.ts";
import type { Checker } from "../wire/check.ts";
import type { Message, RequestChannel } from "../wire/message.ts";

/** What a published message may carry besides its content. */
export interface Extras {
  readonly metadata?: Message["metadata"];
  readonly buffers?: Message["buffers"];
}

export type Publish = (type: string, content: object, parent?: Message, extras?: Extras) => void;

/** Further queues of requests. */
export interface Subshells {
  readonly ids: readonly string[];
  /** Returns the id of a new one. */
  create(): string;
  /** Fails what waits in one; what runs in it runs to its end. */
  delete(id: string): void;
}

/** What a handler may use. */
export interface Context {
  readonly session: Session;
  readonly history: History;
  readonly questions: Questions;
  readonly usage: Usage;
  readonly ports: Ports;
  readonly message: Message;
  /** Publishes on iopub as a child of the request, or of `parent` where that is given. */
  readonly publish: Publish;
  /** Publishes a child of the request whose content is plain text and numbers, when the request is on its way. */
  readonly announce: (type: string, content: object) => void;
  readonly subshells: Subshells;
  /** Fails all waiting requests: of every shell now, or of this one once this answer has been sent. */
  readonly abortQueue: () => void;
  readonly abortQueueAfterReply: () => void;
  /** Lets others of the shell begin before this one's end: comm messages behind a cell, any behind a comm message. */
  readonly release: () => void;
  /** Ends the process once this answer has been sent. */
  readonly exit: () => void;
}

export interface RequestOptions<Content> {
  readonly type: string;
  readonly channels: readonly RequestChannel[];
  readonly content: Checker<Content>;
  /** Whether requests of this type wait for those before them in their shell. */
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
