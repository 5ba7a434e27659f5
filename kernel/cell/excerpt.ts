/** A few lines of a cell with a caret under the place that matters, in terminal colours. */

export const paint = {
  red: (text: string): string => `\u001b[31m${text}\u001b[39m`,
  bold: (text: string): string => `\u001b[1m${text}\u001b[22m`,
  cyan: (text: string): string => `\u001b[36m${text}\u001b[39m`,
  // JupyterLab's dark theme draws the grey of the sixteen colours almost black; this one reads on both.
  dim: (text: string): string => `\u001b[38;5;244m${text}\u001b[39m`,
};

/** A place in a cell; line and column count from 0, in UTF-16. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** How many columns to underline. */
  readonly length: number;
}

const CONTEXT = 2;

export function placeAt(source: string, start: number, end: number): Place {
  const before = source.slice(0, start);
  const line = before.split("\n").length - 1;
  const column = start - (before.lastIndexOf("\n") + 1);
  const rest = source.slice(start, end).split("\n")[0] ?? "";
  return { line, column, length: Math.max(1, rest.length) };
}

/** `Cell [3], line 2`, then the line with its neighbours and the caret. */
export function excerpt(label: string, source: string, place: Place): string {
  const lines = source.split("\n");
  const from = Math.max(0, place.line - CONTEXT);
  const to = Math.min(lines.length - 1, place.line + CONTEXT);
  const width = String(to + 1).length;
  const shown: string[] = [paint.cyan(`${label}, line ${place.line + 1}`)];
  for (let at = from; at <= to; at++) {
    const number = String(at + 1).padStart(width);
    const isHere = at === place.line;
    const gutter = isHere ? paint.red(`> ${number} |`) : paint.dim(`  ${number} |`);
    shown.push(`${gutter} ${lines[at] ?? ""}`.trimEnd());
    if (!isHere) continue;
    // Tabs stay tabs, so that the caret stands where the reader's editor puts the column.
    const space = (lines[at] ?? "").slice(0, place.column).replace(/[^\t]/g, " ");
    const caret = paint.red(`${space}${"^".repeat(place.length)}`);
    shown.push(`${paint.dim(`  ${" ".repeat(width)} |`)} ${caret}`);
  }
  return shown.join("\n");
}
