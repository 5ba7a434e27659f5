/** Where the kernel listens, and what it uses of its machine. */
import { object } from "../../wire/check.ts";
import { request } from "../request.ts";

export const connect = request({
  type: "connect_request",
  channels: ["shell", "control"],
  content: object({}),
  handle: (_content, { ports }) => ({ status: "ok", ...ports }),
});

/** On control, so that it is answered while a cell runs. */
export const usage = request({
  type: "usage_request",
  channels: ["control"],
  content: object({}),
  handle: (_content, { usage: meter }) => ({ status: "ok", ...meter.read() }),
});
