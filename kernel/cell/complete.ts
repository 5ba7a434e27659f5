/** Whether a text could be run as it stands, or waits for more. */
import { asObject } from "./object.ts";
import { readMagics } from "./magics/recognise.ts";
import { firstSyntaxError } from "./transpile.ts";
import { endsTooSoon } from "./unfinished.ts";

export type Completeness =
  | { readonly status: "complete" }
  | { readonly status: "incomplete"; readonly indent: string }
  | { readonly status: "invalid" };

const INDENT = "  ";

export function completenessOf(cell: string): Completeness {
  const source = codeOf(cell);
  if (source === null) return { status: "invalid" };
  const error = firstSyntaxError(source);
  if (error === null || asObject(source) !== null) return { status: "complete" };
  if (!endsTooSoon(source, error)) return { status: "invalid" };
  return { status: "incomplete", indent: indentAfter(source) };
}

/** A cell without its magics, which are always complete; null for one with a magic that is not there. */
function codeOf(cell: string): string | null {
  try {
    return readMagics(cell, () => true).plain;
  } catch {
    return null;
  }
}

/** The indent of the last line, one step deeper behind an opening bracket or an arrow. */
function indentAfter(source: string): string {
  const last = source.trimEnd().split("\n").at(-1) ?? "";
  const own = /^\s*/.exec(last)?.[0] ?? "";
  return /([{([]|=>|:)\s*$/.test(last) ? own + INDENT : own;
}
