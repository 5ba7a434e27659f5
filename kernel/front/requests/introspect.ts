/** Questions about code that is not run; none of them waits for a cell. */
import { integer, object, optional, string } from "../../wire/check.ts";
import { toCodePoints, toUtf16 } from "../../wire/offset.ts";
import { request } from "../request.ts";

const completeContent = object({ code: string, cursor_pos: integer });
const inspectContent = object({
  code: string,
  cursor_pos: integer,
  detail_level: optional(integer, 0),
});
const isCompleteContent = object({ code: string });

export const complete = request({
  type: "complete_request",
  channels: ["shell"],
  content: completeContent,
  handle: async ({ code, cursor_pos }, { session }) => {
    const found = await session.complete(code, toUtf16(code, cursor_pos));
    const start = toCodePoints(code, found.start);
    const end = toCodePoints(code, found.end);
    return {
      status: "ok",
      matches: found.matches.map(({ text }) => text),
      cursor_start: start,
      cursor_end: end,
      // As many entries as matches, or JupyterLab takes neither.
      metadata: {
        _jupyter_types_experimental: found.matches.map((match) => ({ ...match, start, end })),
      },
    };
  },
});

export const inspect = request({
  type: "inspect_request",
  channels: ["shell"],
  content: inspectContent,
  handle: async ({ code, cursor_pos, detail_level }, { session }) => {
    const wantsSource = detail_level > 0;
    const found = await session.inspect(code, toUtf16(code, cursor_pos), { wantsSource });
    return { status: "ok", found: found !== null, data: found ?? {}, metadata: {} };
  },
});

export const isComplete = request({
  type: "is_complete_request",
  channels: ["shell"],
  content: isCompleteContent,
  handle: async ({ code }) => {
    const { completenessOf } = await import("../../cell/complete.ts");
    return completenessOf(code);
  },
});
