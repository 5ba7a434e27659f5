/** A router with a client that is a script, and a fake session behind it. */
import { History } from "../../../kernel/front/history.ts";
import * as requests from "../../../kernel/front/requests/index.ts";
import { Router } from "../../../kernel/front/router.ts";
import {
  childOf,
  type HeaderSource,
  type Message,
  type RequestChannel,
} from "../../../kernel/wire/message.ts";
import { CheckedTransport } from "../../schema/checked.ts";
import { FakeSession } from "./fake_session.ts";

/** What one request brought: types and states on iopub in order, and its reply's content. */
export interface Exchange {
  readonly published: string[];
  readonly reply: Record<string, unknown> | null;
}

export interface Script {
  readonly session: FakeSession;
  readonly transport: CheckedTransport;
  readonly logged: string[];
  /** Sends a request, and resolves when the kernel is idle again. */
  readonly ask: (type: string, content: object, channel?: RequestChannel) => Promise<Exchange>;
}

export function script(): Script {
  let ids = 0;
  const headers: HeaderSource = {
    session: "s",
    username: "u",
    newId: () => `${++ids}`,
    now: () => new Date(0),
  };
  const transport = new CheckedTransport();
  const session = new FakeSession();
  const logged: string[] = [];
  new Router({
    transport,
    headers,
    handlers: Object.values(requests),
    session,
    history: new History(),
    log: (sentence) => logged.push(sentence),
    exit: () => {},
  }).start();
  const ask = async (type: string, content: object, channel: RequestChannel = "shell") => {
    const request = childOf(headers, null, type, content);
    transport.request(channel, request);
    const isOwn = ({ parent_header }: Message): boolean =>
      "msg_id" in parent_header && parent_header.msg_id === request.header.msg_id;
    await transport.sentUntil(({ message }) => isOwn(message) && stateOf(message) === "idle");
    const own = transport.sent.filter(({ message }) => isOwn(message));
    const published = own.filter((sent) => sent.channel === "iopub");
    const reply = own.find((sent) => sent.channel === channel)?.message.content ?? null;
    return {
      published: published.map(({ message }) => stateOf(message) ?? message.header.msg_type),
      reply: reply as Record<string, unknown> | null,
    };
  };
  return { session, transport, logged, ask };
}

function stateOf({ content }: Message): string | undefined {
  return (content as { execution_state?: string }).execution_state;
}
