/** The inputs of this session, by number, from the end, or by pattern. */
import {
  boolean,
  type Checker,
  integer,
  object,
  oneOf,
  optional,
  string,
} from "../../wire/check.ts";
import { request } from "../request.ts";

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
  handle: (asked, context) => {
    const { hist_access_type: access, output: withOutput, session, start, stop, n } = asked;
    const { pattern, unique } = asked;
    const past = context.history;
    const rows =
      access === "tail"
        ? past.tail(n ?? 0, withOutput)
        : access === "range"
          ? past.range(session, start, stop, withOutput)
          : past.search(pattern, { n, unique, withOutput });
    return { status: "ok", history: rows };
  },
});
