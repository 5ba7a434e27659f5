/** Whether a text that cannot be parsed only waits for more. */
import { type CellSyntaxError, firstSyntaxError, parse } from "./transpile.ts";

/** The error of a text as far as it is written, which may become what the parser does not take it for yet. */
export function firstErrorIn(source: string): CellSyntaxError | null {
  const error = firstSyntaxError(source);
  if (error === null || endsTooSoon(source, error)) return error;
  // Without its body an arrow function is read as the expression in its parentheses.
  const begun = /=>\s*$/.test(source) ? `${source} {` : source;
  // Half of an element is no TypeScript.
  const languages = source.includes("<") ? (["ts", "tsx"] as const) : (["ts"] as const);
  for (const language of languages) {
    const other = parse(begun, language).error;
    if (other !== null && endsTooSoon(begun, other)) return other;
  }
  return error;
}

/** Whether an error of a text stands at its end: in an open bracket, template string or comment, or behind an operator. */
export function endsTooSoon(source: string, { start, message }: CellSyntaxError): boolean {
  if (message.startsWith("Unterminated multiline comment")) return true;
  // A template goes on behind each `}`.
  if (message.startsWith("Unterminated string")) return /[`}]/.test(source[start] ?? "");
  // The parser sees a name missing behind `?.` where that begins.
  return ["", "?."].includes(source.slice(start).trim());
}

/** The end of the line that an offset is in, before its line break. */
export function lineEnd(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end < 0 ? source.length : end;
}

/** Nobody goes on with a statement for longer than this. */
const MAX_LINES = 200;

/** Whether some lines from `start` on are whole statements, the line that `from` is in at least among them. */
export function readsFrom(source: string, start: number, from = start): boolean {
  let end = lineEnd(source, from);
  for (let lines = 0; lines < MAX_LINES; lines++) {
    const text = source.slice(start, end);
    const error = firstSyntaxError(text);
    if (error === null) return true;
    if (end >= source.length || !endsTooSoon(text, error)) return false;
    end = lineEnd(source, end + 1);
  }
  return false;
}
