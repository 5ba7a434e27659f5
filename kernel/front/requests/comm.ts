/** Comms: nothing in a cell can register a target yet, so there are none to list and every offer is declined. */
import { object, optional, string } from "../../wire/check.ts";
import { request } from "../request.ts";

export const commInfo = request({
  type: "comm_info_request",
  channels: ["shell"],
  content: object({ target_name: optional(string, "") }),
  handle: () => ({ status: "ok", comms: {} }),
});

export const commOpen = request({
  type: "comm_open",
  channels: ["shell"],
  content: object({ comm_id: string }),
  handle: ({ comm_id }, { publish }) => {
    publish("comm_close", { comm_id, data: {} });
    return null;
  },
});
