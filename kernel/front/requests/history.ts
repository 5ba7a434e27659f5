/** The inputs of this session and of earlier ones: by number, from the end, or by pattern. */
import {
  boolean,
  type Checked,
  type Checker,
  integer,
  object,
  oneOf,
  optional,
  string,
} from "../../wire/check.ts";
import type { History, HistoryRow } from "../history.ts";
import { request } from "../request.ts";

/** What IPython gives a client that does not say how many. */
const DEFAULT_TAIL = 10;

const integerOrNull: Checker<number | null> = (value, path) =>
  value === undefined || value === null ? null : integer(value, path);

const content = object({
  hist_access_type: oneOf("range", "tail", "search"),
  output: optional(boolean, false),
  raw: optional(boolean, true),
  session: optional(integer, 0),
  start: optional(integer, 0),
  stop: integerOrNull,
  n: integerOrNull,
  pattern: optional(string, "*"),
  unique: optional(boolean, false),
});

export const history = request({
  type: "history_request",
  channels: ["shell"],
  content,
  handle: async (asked, { history: past }) => ({
    status: "ok",
    history: await rowsOf(asked, past),
  }),
});

/** `raw` makes no difference: what is kept is what was typed. */
async function rowsOf(asked: Checked<typeof content>, past: History): Promise<HistoryRow[]> {
  const { hist_access_type: access, output: withOutput, session, start, stop, n } = asked;
  const { pattern, unique } = asked;
  switch (access) {
    case "tail":
      return past.tail(n ?? DEFAULT_TAIL, withOutput);
    case "range":
      return past.range(session, start, stop, withOutput);
    case "search":
      return past.search(pattern, { n, unique, withOutput });
    default:
      return access satisfies never;
  }
}
