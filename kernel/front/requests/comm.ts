/** Comms: messages between a cell and code in the front end, both ways. */
import type { CommMessage } from "../../channel.ts";
import { anything, type Checker, object, optional, string } from "../../wire/check.ts";
import { type Context, request } from "../request.ts";
import { listenerOf } from "../broadcast.ts";

export const commInfo = request({
  type: "comm_info_request",
  channels: ["shell", "control"],
  content: object({ target_name: optional<string | null>(string, null) }),
  handle: ({ target_name }, { session }) => {
    const open = [...session.comms].filter(
      ([, target]) => target_name === null || target === target_name,
    );
    const comms = Object.fromEntries(open.map(([id, name]) => [id, { target_name: name }]));
    return { status: "ok", comms };
  },
});

/** An object by the specification; what a client sends besides is for the handler to judge. */
const data: Checker<unknown> = optional(anything, {});

const openContent = object({ comm_id: string, target_name: string, data });
const content = object({ comm_id: string, data });

export const commOpen = request({
  type: "comm_open",
  channels: ["shell"],
  isQueued: true,
  content: openContent,
  handle: (opened, context) =>
    receive({ action: "open", target: opened.target_name, ...opened }, context),
});

export const commMessage = request({
  type: "comm_msg",
  channels: ["shell"],
  isQueued: true,
  content,
  handle: (sent, context) => receive({ action: "message", target: "", ...sent }, context),
});

export const commClose = request({
  type: "comm_close",
  channels: ["shell"],
  isQueued: true,
  content,
  handle: (closed, context) => receive({ action: "close", target: "", ...closed }, context),
});

interface Received {
  readonly action: CommMessage["action"];
  readonly target: string;
  readonly comm_id: string;
  readonly data: unknown;
}

/** Hands a message to the cell's handlers; what they say is output of the message. */
async function receive(received: Received, context: Context): Promise<null> {
  const { action, target, comm_id: id } = received;
  const { metadata } = context.message;
  // What the network hands over may be a part of something larger, all of which would be copied.
  const buffers = context.message.buffers.map((buffer) => new Uint8Array(buffer));
  const message = { action, id, target, data: received.data, metadata, buffers };
  const listener = listenerOf(context, false);
  const outcome = await context.session.comm(message, listener, context.release);
  // There is no reply to say it in.
  if (outcome.status === "error") listener.stream("stderr", `${outcome.traceback.join("\n")}\n`);
  return null;
}
