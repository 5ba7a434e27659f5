/** Jupyter messages. https://jupyter-client.readthedocs.io/en/stable/messaging.html */

export const PROTOCOL_VERSION = "5.5";

/** Channels on which a client asks; answers go back on the one the question came from. */
export type RequestChannel = "shell" | "control" | "stdin";

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly username: string;
  readonly session: string;
  /** ISO 8601. */
  readonly date: string;
  readonly version: string;
  readonly subshell_id?: string | null;
}

export interface Message<Content = unknown> {
  /** Where a ROUTER socket sends the answer; for a published message, its topic. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parent_header: Header | Record<string, never>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

/** What makes headers: ids and the clock are passed in, so that a test can fix them. */
export interface HeaderSource {
  readonly session: string;
  readonly username: string;
  newId(): string;
  now(): Date;
}

export function newHeader(source: HeaderSource, type: string): Header {
  return {
    msg_id: source.newId(),
    msg_type: type,
    username: source.username,
    session: source.session,
    date: source.now().toISOString(),
    version: PROTOCOL_VERSION,
  };
}

/** A message of the given type that belongs to `parent`, or to nothing when that is null. */
export function childOf<Content>(
  source: HeaderSource,
  parent: Message | null,
  type: string,
  content: Content,
): Message<Content> {
  return {
    identities: [],
    header: newHeader(source, type),
    parent_header: parent?.header ?? {},
    metadata: {},
    content,
    buffers: [],
  };
}

/** The answer to a request: its type, parent and address follow from the request. */
export function replyTo<Content>(
  source: HeaderSource,
  request: Message,
  content: Content,
): Message<Content> {
  const type = request.header.msg_type.replace(/_request$/, "_reply");
  return { ...childOf(source, request, type, content), identities: request.identities };
}

/** Whether its sender waits for a reply. */
export function isRequest({ header }: Pick<Message, "header">): boolean {
  return header.msg_type.endsWith("_request");
}
