/** Whether a text could be run as it stands, or waits for more. */
import { asObject } from "./object.ts";
import { firstSyntaxError } from "./transpile.ts";

export type Completeness =
  | { readonly status: "complete" }
  | { readonly status: "incomplete"; readonly indent: string }
  | { readonly status: "invalid" };

const INDENT = "  ";

export function completenessOf(source: string): Completeness {
  const error = firstSyntaxError(source);
  if (error === null || asObject(source) !== null) return { status: "complete" };
  if (!endsTooSoon(source, error.start, error.message)) return { status: "invalid" };
  return { status: "incomplete", indent: indentAfter(source) };
}

function endsTooSoon(source: string, start: number, message: string): boolean {
  if (message.startsWith("Unterminated multiline comment")) return true;
  if (message.startsWith("Unterminated string")) return source[start] === "`";
  return source.slice(start).trim() === "";
}

/** The indent of the last line, one step deeper behind an opening bracket or an arrow. */
function indentAfter(source: string): string {
  const last = source.trimEnd().split("\n").at(-1) ?? "";
  const own = /^\s*/.exec(last)?.[0] ?? "";
  return /([{([]|=>|:)\s*$/.test(last) ? own + INDENT : own;
}
