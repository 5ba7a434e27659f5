/** What was run in this session, for the arrow keys and the search of a client. */

export interface HistoryEntry {
  readonly line: number;
  readonly source: string;
  readonly output: string | null;
}

/** A row of a history reply: session, line, and the input or the pair of input and output. */
export type HistoryRow = [number, number, string | [string, string | null]];

/** Sessions count from 1; 0 and negative numbers are relative to the current one, as IPython has it. */
const CURRENT_SESSION = 1;

export class History {
  readonly #entries: HistoryEntry[] = [];
  #line = 0;

  /** The number of the last cell that counted. */
  get line(): number {
    return this.#line;
  }

  nextLine(): number {
    return ++this.#line;
  }

  add(entry: HistoryEntry): void {
    this.#entries.push(entry);
  }

  tail(n: number, withOutput: boolean): HistoryRow[] {
    return (n > 0 ? this.#entries.slice(-n) : []).map((entry) => row(entry, withOutput));
  }

  /** Lines from `start` up to but not including `stop` of a session. */
  range(session: number, start: number, stop: number | null, withOutput: boolean): HistoryRow[] {
    if (session !== 0 && session !== CURRENT_SESSION) return [];
    return this.#entries
      .filter(({ line }) => line >= start && (stop === null || line < stop))
      .map((entry) => row(entry, withOutput));
  }

  /** The latest `n` inputs that match a glob: `*` any text, `?` one character. */
  search(
    pattern: string,
    options: { readonly n: number | null; readonly unique: boolean; readonly withOutput: boolean },
  ): HistoryRow[] {
    const matcher = globToRegExp(pattern);
    let found = this.#entries.filter(({ source }) => matcher.test(source));
    if (options.unique) found = [...new Map(found.map((entry) => [entry.source, entry])).values()];
    const latest = options.n === null ? found : found.slice(-Math.max(options.n, 0));
    return latest.map((entry) => row(entry, options.withOutput));
  }
}

function row({ line, source, output }: HistoryEntry, withOutput: boolean): HistoryRow {
  return [CURRENT_SESSION, line, withOutput ? [source, output] : source];
}

function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
}
