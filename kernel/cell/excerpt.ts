/** A few lines of a cell with a caret under the place that matters, in terminal colours. */

// JupyterLab shows errors on pink, and in its dark theme on dark red: these have a contrast of 3 and more on both, which
// of its sixteen colours most have not. (A bold one of the first eight it draws darker still.)
export const paint = {
  red: (text: string): string => `\u001b[38;5;196m${text}\u001b[39m`,
  green: (text: string): string => `\u001b[32m${text}\u001b[39m`,
  bold: (text: string): string => `\u001b[1m${text}\u001b[22m`,
  cyan: (text: string): string => `\u001b[96m${text}\u001b[39m`,
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
/** Columns of code that are shown; a longer line would wrap, and its caret stand under something else. */
const COLUMNS = 96;

export function placeAt(source: string, start: number, end: number): Place {
  const before = source.slice(0, start);
  const line = before.split("\n").length - 1;
  const column = start - (before.lastIndexOf("\n") + 1);
  const rest = source.slice(start, end).split("\n")[0] ?? "";
  return { line, column, length: Math.max(1, rest.length) };
}

/** The columns of a line from `from` on, with an ellipsis on each side where more is left out. */
function windowOf(line: string, from: number): string {
  const before = from > 0 ? "…" : "";
  const room = COLUMNS - before.length;
  const rest = line.slice(from + before.length);
  return before + (rest.length > room ? `${rest.slice(0, room - 1)}…` : rest);
}

/** The first column that is shown of the line with the place: 0, unless the place would be cut. */
function firstColumn(line: string, { column, length }: Place): number {
  if (line.length <= COLUMNS || column + Math.min(length, COLUMNS / 2) < COLUMNS) return 0;
  return Math.min(column - COLUMNS / 3, line.length - COLUMNS);
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
    const line = lines[at] ?? "";
    if (at !== place.line) {
      shown.push(`${paint.dim(`  ${number} |`)} ${windowOf(line, 0)}`.trimEnd());
      continue;
    }
    const first = firstColumn(line, place);
    shown.push(`${paint.red(`> ${number} |`)} ${windowOf(line, first)}`.trimEnd());
    shown.push(`${paint.dim(`  ${" ".repeat(width)} |`)} ${caretUnder(line, first, place)}`);
  }
  return shown.join("\n");
}

function caretUnder(line: string, first: number, { column, length }: Place): string {
  // Tabs stay tabs, so that the caret stands where the reader's editor puts the column.
  const space = line.slice(first, column).replace(/[^\t]/g, " ");
  const room = Math.max(1, COLUMNS - (column - first));
  return paint.red(`${space}${"^".repeat(Math.min(length, room))}`);
}
