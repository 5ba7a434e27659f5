/** Subshells: further queues of requests, whose cells run while a cell of another shell awaits. */
import { object, string } from "../../wire/check.ts";
import { request } from "../request.ts";

export const createSubshell = request({
  type: "create_subshell_request",
  channels: ["control"],
  content: object({}),
  handle: (_content, { subshells }) => ({ status: "ok", subshell_id: subshells.create() }),
});

const named = object({ subshell_id: string });

export const deleteSubshell = request({
  type: "delete_subshell_request",
  channels: ["control"],
  content: named,
  handle: ({ subshell_id }, { subshells }) => {
    subshells.delete(subshell_id);
    return { status: "ok" };
  },
});

export const listSubshells = request({
  type: "list_subshell_request",
  channels: ["control"],
  content: object({}),
  handle: (_content, { subshells }) => ({ status: "ok", subshell_id: subshells.ids }),
});
