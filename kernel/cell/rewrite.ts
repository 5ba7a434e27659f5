/**
 * Edits to a text that never change its lines, so that a position in the result maps back by columns alone.
 */

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Edits at one place: what closes a stretch (shortest first), what opens one (longest first), replacements. */
  readonly rank: number;
}

/** One edit as the position map needs it: on `line`, from `column` on, the result is `shift` columns longer. */
export interface ColumnShift {
  readonly line: number;
  /** First column of the result behind the edit. */
  readonly column: number;
  /** How many columns all edits of this line so far have added. */
  readonly shift: number;
}

export class Rewrite {
  readonly #edits: Edit[] = [];
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  /** Puts text around the stretch [start, end); stretches nest as their lengths do. */
  wrap(start: number, end: number, before: string, after: string): void {
    if (start === end) return this.replace(start, end, before + after);
    const span = (end - start) / (this.#source.length + 1);
    if (before !== "") this.#edits.push({ start, end: start, text: before, rank: 2 - span });
    if (after !== "") this.#edits.push({ start: end, end, text: after, rank: span });
  }

  /** Replaces a stretch; line breaks inside it are kept, so that lines hold. */
  replace(start: number, end: number, text: string): void {
    const breaks = this.#source.slice(start, end).split("\n").length - 1;
    this.#edits.push({ start, end, text: text + "\n".repeat(breaks), rank: 3 });
  }

  /** The text with all edits made, and what they did to its columns. */
  apply(): { text: string; shifts: ColumnShift[] } {
    const edits = this.#edits.toSorted((a, b) => a.start - b.start || a.rank - b.rank);
    const parts: string[] = [];
    const shifts: ColumnShift[] = [];
    let from = 0;
    let line = 0;
    let column = 0;
    let shift = 0;
    const advance = (text: string): void => {
      parts.push(text);
      const last = text.lastIndexOf("\n");
      if (last < 0) {
        column += text.length;
        return;
      }
      line += text.split("\n").length - 1;
      column = text.length - last - 1;
      shift = 0;
    };
    for (const { start, end, text } of edits) {
      advance(this.#source.slice(from, start));
      advance(text);
      from = end;
      shift += text.length - (end - start);
      if (!text.includes("\n")) shifts.push({ line, column, shift });
    }
    advance(this.#source.slice(from));
    return { text: parts.join(""), shifts };
  }
}

/** The column before the edits of a (line, column) of the rewritten text. */
export function unshift(shifts: readonly ColumnShift[], line: number, column: number): number {
  let shift = 0;
  for (const entry of shifts) {
    if (entry.line > line || (entry.line === line && entry.column > column)) break;
    if (entry.line === line) shift = entry.shift;
  }
  return Math.max(0, column - shift);
}

/** What no name of a text begins with. */
export function unusedPrefix(code: string): string {
  let prefix = "$$";
  while (code.includes(prefix)) prefix += "_$";
  return prefix;
}
