/** Magics that stand where none can. */
import { CellSyntaxError } from "../transpile.ts";
import { lineEnd } from "../unfinished.ts";
import { findMagic } from "./index.ts";

/** The error, with the way out if it stands in a line that would be a magic elsewhere. */
export function toldOfMagic(error: CellSyntaxError, source: string): CellSyntaxError {
  const start = source.lastIndexOf("\n", error.start - 1) + 1;
  const [line, name] =
    /^\s*%%?([a-z]+)\b.*/i.exec(source.slice(start, lineEnd(source, start))) ?? [];
  if (line === undefined || findMagic(name ?? "") === undefined) return error;
  const sentence = `%${name} is a magic only where a line of its own begins, outside of all brackets`;
  return new CellSyntaxError(`${error.message}: ${sentence}`, start, start + line.trimEnd().length);
}
