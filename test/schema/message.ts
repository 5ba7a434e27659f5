/** A whole message of a kernel: its channel, header, parent, metadata, content, topic. */
import { isRecord, string } from "../../kernel/wire/check.ts";
import type { RequestChannel } from "../../kernel/wire/message.ts";
import { abortedReply, asked, errorReply, executeError, published, replies } from "./contents.ts";
import { either, exact, jsonObject, literal, matching } from "./shape.ts";

export interface Envelope {
  readonly header: unknown;
  readonly parent_header: unknown;
  readonly metadata: unknown;
  readonly content: unknown;
  /** The frames before the delimiter; null where a server has taken them off. */
  readonly identities: readonly Uint8Array[] | null;
}

const present = matching(/^.+$/su);

// messaging.html#message-header; ISO 8601 with a zone
const header = exact({
  msg_id: present,
  msg_type: present,
  session: present,
  username: present,
  date: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/),
  version: literal("5.5"),
});

/** Of a request as it came: a client may leave out what the text did not always have. */
const parentHeader = exact(
  { msg_id: string, msg_type: present, session: string, username: string },
  {
    date: string,
    version: string,
    subshell_id: (value, path) => (value === null ? null : present(value, path)),
  },
);

type Check = (value: unknown, path: string) => unknown;

/** Checks the messages of one kernel; ids must differ from first to last. */
export function newChecker(): (channel: RequestChannel | "iopub", message: Envelope) => void {
  const ids = new Set<string>();
  return (channel, message) => {
    const { msg_id, msg_type: type } = header(message.header, "header");
    if (ids.has(msg_id)) throw new TypeError(`header.msg_id: ${msg_id} was used before`);
    ids.add(msg_id);
    const where = `${channel} ${type}`;
    jsonObject(message.metadata, `${where}: metadata`);
    checkParent(where, channel, type, message.parent_header);
    contentOf(channel, type, message.content)(message.content, where);
    if (channel === "iopub" && message.identities !== null) checkTopic(where, type, message);
  };
}

/** Nobody asked for a greeting, for the news that a kernel starts, or for a comm of the kernel's own. */
function checkParent(where: string, channel: string, type: string, parent: unknown): void {
  const isEmpty = isRecord(parent) && Object.keys(parent).length === 0;
  if (isEmpty && channel === "iopub") return;
  const { msg_type } = parentHeader(parent, `${where}: parent_header`);
  const wanted = type.replace(/_reply$/, "_request");
  if (type.endsWith("_reply") && msg_type !== wanted) {
    throw new TypeError(`${where}: parent_header.msg_type: ${msg_type} is not ${wanted}`);
  }
}

function contentOf(channel: string, type: string, content: unknown): Check {
  const status = isRecord(content) ? content["status"] : undefined;
  if (channel === "iopub") return known(published, type, channel);
  if (type === "input_request" && channel === "stdin") return known(asked, type, channel);
  if (!type.endsWith("_reply")) return known({}, type, channel);
  if (status === "aborted") return abortedReply;
  // A request that nobody knows, or on a channel that is not its own, is refused where it came.
  if (status === "error")
    return type === "execute_reply" ? either(executeError, errorReply) : errorReply;
  if (channel === "stdin") return known({}, type, channel);
  return known(replies, type, channel);
}

function known(schemas: Record<string, Check>, type: string, channel: string): Check {
  const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined) throw new TypeError(`${type} has no place on ${channel}`);
  return schema;
}

/** messaging.html#the-wire-protocol: "there should be just one prefix component, which is the topic" */
function checkTopic(where: string, type: string, { identities, content }: Envelope): void {
  const topics = (identities ?? []).map((frame) => Buffer.from(frame).toString());
  const { subscription } = content as { subscription?: string };
  const isRight =
    type === "iopub_welcome"
      ? topics[0] === subscription
      : /^(kernel\.[^.]+\.)?[a-z_]+(\.\w+)?$/.test(topics[0] ?? "") && topics[0]?.includes(type);
  if (topics.length !== 1 || !isRight) throw new TypeError(`${where}: topic ${topics.join()}`);
}
