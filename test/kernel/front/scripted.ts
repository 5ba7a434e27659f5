/** A router with a client that is a script, and a fake session behind it. */
import type { Message, RequestChannel } from "../../../kernel/wire/message.ts";
import type { CheckedTransport } from "../../schema/checked.ts";
import { parentOf, setUp, stateOf } from "./exchange.ts";
import type { FakeSession } from "./fake_session.ts";

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
  const { session, transport, logged, send, idle } = setUp();
  const ask = async (type: string, content: object, channel: RequestChannel = "shell") => {
    const request: Message = send(type, content, channel);
    await idle(request);
    const own = transport.sent.filter((sent) => parentOf(sent) === request.header.msg_id);
    const published = own.filter((sent) => sent.channel === "iopub");
    const reply = own.find((sent) => sent.channel === channel)?.message.content ?? null;
    return {
      published: published.map(
        (sent) => (stateOf(sent) as string | undefined) ?? sent.message.header.msg_type,
      ),
      reply: reply as Record<string, unknown> | null,
    };
  };
  return { session, transport, logged, ask };
}
