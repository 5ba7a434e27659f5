/** Whether a text could be run as it stands, or waits for more. */
import { asObject } from "./object.ts";
import { readMagics } from "./magics/recognise.ts";
import type { CellSyntaxError } from "./transpile.ts";
import { endsTooSoon, firstErrorIn } from "./unfinished.ts";

export type Completeness =
  | { readonly status: "complete" }
  | { readonly status: "incomplete"; readonly indent: string }
  | { readonly status: "invalid" };

const INDENT = "  ";

export function completenessOf(cell: string): Completeness {
  const source = codeOf(cell);
  if (source === null) return { status: "invalid" };
  const error = firstErrorIn(source);
  if (error === null || asObject(source) !== null) return { status: "complete" };
  if (!endsTooSoon(source, error)) return { status: "invalid" };
  return { status: "incomplete", indent: indentAfter(source, error) };
}

/** A cell without its magics, which are always complete; null for one with a magic that is not there. */
function codeOf(cell: string): string | null {
  try {
    return readMagics(cell, () => true).plain;
  } catch {
    return null;
  }
}

/** The indent of the last line; deeper behind what it leaves open, none in a text whose spaces count. */
function indentAfter(source: string, { message }: CellSyntaxError): string {
  if (message.startsWith("Unterminated")) return "";
  const last = source.trimEnd().split("\n").at(-1) ?? "";
  const own = /^\s*/.exec(last)?.[0] ?? "";
  return opensMore(last) ? own + INDENT : own;
}

/** Strings, comments and regular expressions of a line, whose brackets are none. */
const OPAQUE = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|\/\/.*|\/\*.*?\*\//g;
const OPEN_TAG = /(?:^|[\s({[>=?:&|,])<(?:[A-Za-z][\w.]*(?:\s[^<>]*[^/<>])?)?>$/;

/** Whether a line has more opening than closing brackets behind its last closing one, or ends in a way that asks for a block. */
function opensMore(line: string): boolean {
  const bare = line.replaceAll(OPAQUE, (part) => (part.startsWith("/") ? "" : "0")).trimEnd();
  let open = 0;
  for (const [bracket] of bare.matchAll(/[()[\]{}]/g)) {
    if ("([{".includes(bracket)) open++;
    else open = Math.max(0, open - 1);
  }
  return open > 0 || /(?:=>|:)$/.test(bare) || OPEN_TAG.test(bare);
}
