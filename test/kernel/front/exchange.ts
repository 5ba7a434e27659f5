/** A router with a fake session, in memory: a test is its client, and every message is held against the schemas. */
import { History } from "../../../kernel/front/history.ts";
import * as requests from "../../../kernel/front/requests/index.ts";
import { Router } from "../../../kernel/front/router.ts";
import type { Sent } from "../../../kernel/transport/memory.ts";
import {
  childOf,
  type HeaderSource,
  type Message,
  type RequestChannel,
} from "../../../kernel/wire/message.ts";
import { CheckedTransport } from "../../schema/checked.ts";
import { FakeSession } from "./fake_session.ts";

export function setUp() {
  let ids = 0;
  const headers: HeaderSource = {
    session: "k",
    username: "k",
    newId: () => `k${++ids}`,
    now: () => new Date(0),
  };
  const client: HeaderSource = { ...headers, newId: () => `c${++ids}` };
  const transport = new CheckedTransport();
  const session = new FakeSession();
  const exits: number[] = [];
  const logged: string[] = [];
  new Router({
    transport,
    headers,
    handlers: Object.values(requests),
    session,
    history: new History(),
    log: (sentence) => logged.push(sentence),
    exit: () => exits.push(1),
  }).start();
  const send = (
    type: string,
    content: object,
    channel: RequestChannel = "shell",
    subshell: string | null = null,
    extras: Partial<Message> = {},
  ): Message => {
    const plain = childOf(client, null, type, content);
    const message = { ...plain, header: { ...plain.header, subshell_id: subshell }, ...extras };
    transport.request(channel, message);
    return message;
  };
  const idle = async (of: Message): Promise<void> =>
    transport.sentUntil((sent) => stateOf(sent) === "idle" && parentOf(sent) === of.header.msg_id);
  const replyTo = (request: Message): Record<string, unknown> => {
    const reply = transport.sent.find(
      (sent) => sent.channel !== "iopub" && parentOf(sent) === request.header.msg_id,
    );
    return (reply?.message.content ?? {}) as Record<string, unknown>;
  };
  return { transport, session, send, idle, replyTo, exits, logged };
}

export function stateOf({ message }: Sent): unknown {
  return (message.content as { execution_state?: unknown }).execution_state;
}

export function parentOf({ message }: Sent): unknown {
  return "msg_id" in message.parent_header ? message.parent_header.msg_id : null;
}

/** `iopub status busy`, `shell execute_reply ok`, … of one request. */
export function storyOf(sent: readonly Sent[], request: Message): string[] {
  return sent
    .filter((entry) => parentOf(entry) === request.header.msg_id)
    .map(({ channel, message }) => {
      const { execution_state, status } = message.content as Record<string, string>;
      return [channel, message.header.msg_type, execution_state ?? status]
        .filter(Boolean)
        .join(" ");
    });
}
