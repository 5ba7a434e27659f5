/** How the name of a magic may go on. */
import { magics } from "./index.ts";

export interface MagicProposals {
  /** With their signs. */
  readonly matches: readonly { readonly text: string; readonly doc: string }[];
  readonly start: number;
  readonly end: number;
}

/** Null where no magic can stand: one stands at the beginning of a line, and a `%%` magic on the first. */
export function magicsAt(code: string, offset: number): MagicProposals | null {
  const start = code.lastIndexOf("\n", offset - 1) + 1;
  const [, sign, begun = ""] = /^(%%?)([a-z]*)$/i.exec(code.slice(start, offset)) ?? [];
  if (sign === undefined) return null;
  const isCell = sign === "%%";
  if (isCell && code.slice(0, start).trim() !== "") return null;
  const rest = /^\w*/.exec(code.slice(offset))?.[0] ?? "";
  const matches = magics
    .filter(({ name, forms }) => name.startsWith(begun) && forms.includes(isCell ? "cell" : "line"))
    .map(({ name, doc }) => ({ text: sign + name, doc }));
  return { matches, start, end: offset + rest.length };
}
