/** What was run, in this session and in those before, for the arrow keys and the search of a client. */
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { MemoryStore } from "./store/memory.ts";
import { Busy, type HistoryEntry, type HistoryStore, type StoredEntry } from "./store/store.ts";

/** A row of a history reply: session, line, and the input or the pair of input and output. */
export type HistoryRow = [number, number, string | [string, string | null]];

export interface HistoryParts {
  /** Opens what outlives the process; null where history ends with it. Called after the first cell, not before. */
  readonly open: (() => Promise<HistoryStore>) | null;
  log(sentence: string): void;
}

export interface SearchOptions {
  readonly n: number | null;
  readonly unique: boolean;
  readonly withOutput: boolean;
}

/** A longer input is left out: a part of it would be another program. */
const MAX_SOURCE = 100_000;
const MAX_OUTPUT = 4_000;
/** Cells that follow each other quickly are written together; a kernel that is killed loses no more than this. */
const WRITE_AFTER_MS = 200;
/** A file that is locked for so many writes on end is left alone. */
const MAX_REFUSALS = 10;
const RETRY_MS = 20;

/** Never a cell's problem: where nothing can be written, history is what this process remembers. */
export class History {
  readonly #parts: HistoryParts;
  /** What is not written yet; all of this session where nothing can be. */
  readonly #memory = new MemoryStore();
  #store: HistoryStore | null = null;
  #opening: Promise<void> | null = null;
  #isInMemory: boolean;
  #refusals = 0;
  #timer: NodeJS.Timeout | null = null;
  #line = 0;

  constructor(parts: HistoryParts = { open: null, log: () => {} }) {
    this.#parts = parts;
    this.#isInMemory = parts.open === null;
  }

  /** The number of the last cell that counted. */
  get line(): number {
    return this.#line;
  }

  nextLine(): number {
    return ++this.#line;
  }

  /** Remembers a cell at once, and writes it when its reply is long gone. */
  add({ line, source, output }: HistoryEntry): void {
    if (source.length > MAX_SOURCE) return;
    this.#memory.append([{ line, source, output: output === null ? null : shortened(output) }]);
    if (!this.#isInMemory) this.#timer ??= setTimeout(() => void this.#write(), WRITE_AFTER_MS);
  }

  async tail(n: number, withOutput: boolean): Promise<HistoryRow[]> {
    await this.#write();
    return this.#rows(
      this.#latest(n, () => true),
      withOutput,
    );
  }

  /** Lines from `start` up to but not including `stop` of a session; 0 is the current one, -1 the one before it. */
  async range(
    session: number,
    start: number,
    stop: number | null,
    withOutput: boolean,
  ): Promise<HistoryRow[]> {
    await this.#write();
    const wanted = session > 0 ? session : this.#memory.session + session;
    const stored = this.#read((store) => store.range(wanted, start, stop));
    return this.#rows([...stored, ...this.#memory.range(wanted, start, stop)], withOutput);
  }

  /** The latest `n` inputs that match a glob: `*` any text, `?` one character. */
  async search(pattern: string, { n, unique, withOutput }: SearchOptions): Promise<HistoryRow[]> {
    await this.#write();
    const seen = new Set<string>();
    const found = this.#latest(n ?? Infinity, ({ source }) => {
      if ((unique && seen.has(source)) || !matches(pattern, source)) return false;
      if (unique) seen.add(source);
      return true;
    });
    return this.#rows(found, withOutput);
  }

  /** Writes what is not written yet; the process may end then. */
  async close(): Promise<void> {
    if (this.#memory.entries.length > 0 || this.#store !== null) await this.#write();
    while (this.#memory.entries.length > 0 && !this.#isInMemory) {
      await delay(RETRY_MS);
      await this.#write();
    }
    this.#isInMemory = true;
    const store = this.#store;
    this.#store = null;
    try {
      store?.close();
    } catch (error) {
      this.#parts.log(`history could not be closed: ${String(error)}`);
    }
  }

  /** The latest `n` entries that are wanted, the latest last. */
  #latest(n: number, isWanted: (entry: StoredEntry) => boolean): StoredEntry[] {
    const found: StoredEntry[] = [];
    const take = (entries: Iterable<StoredEntry>): StoredEntry[] => {
      for (const entry of entries) {
        if (found.length >= n) break;
        if (isWanted(entry)) found.push(entry);
      }
      return found;
    };
    take(this.#memory.latest());
    this.#read((store) => take(store.latest()));
    return found.toReversed();
  }

  #rows(entries: readonly StoredEntry[], withOutput: boolean): HistoryRow[] {
    return entries.map(({ session, line, source, output }) => [
      session,
      line,
      withOutput ? [source, output] : source,
    ]);
  }

  #read(ask: (store: HistoryStore) => StoredEntry[]): StoredEntry[] {
    if (this.#store === null) return [];
    try {
      return ask(this.#store);
    } catch (error) {
      this.#refuse(error);
      return [];
    }
  }

  async #write(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#isInMemory) return;
    await (this.#opening ??= this.#open());
    if (this.#store === null || this.#memory.entries.length === 0) return;
    try {
      this.#store.append(this.#memory.entries);
      this.#memory.clear();
      this.#refusals = 0;
    } catch (error) {
      this.#refuse(error);
    }
  }

  async #open(): Promise<void> {
    try {
      this.#store = (await this.#parts.open?.()) ?? null;
      this.#memory.session = this.#store?.session ?? this.#memory.session;
    } catch (error) {
      this.#opening = null;
      this.#refuse(error);
    }
  }

  /** Tries again later if another process is writing; else gives the store up, with one line in the log. */
  #refuse(error: unknown): void {
    if (this.#isInMemory) return;
    if (error instanceof Busy && ++this.#refusals < MAX_REFUSALS) {
      this.#timer ??= setTimeout(() => void this.#write(), WRITE_AFTER_MS);
      return;
    }
    this.#isInMemory = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#parts.log(`history is kept in memory only: ${reason}`);
    this.#rescue();
  }

  /** What this session has written already is still wanted by its clients. */
  #rescue(): void {
    const store = this.#store;
    this.#store = null;
    try {
      const written = store?.range(this.#memory.session, 0, null) ?? [];
      const pending = this.#memory.entries;
      this.#memory.clear();
      this.#memory.append([...written, ...pending]);
      store?.close();
    } catch {
      // It can neither be written nor read.
    }
  }
}

/** Without colours: it is text for a list. */
function shortened(output: string): string {
  const plain = stripVTControlCharacters(output.slice(0, 2 * MAX_OUTPUT));
  return plain.length > MAX_OUTPUT ? `${plain.slice(0, MAX_OUTPUT)}…` : plain;
}

/** In time proportional to both at worst: after a `*` only the last one is ever tried again. */
function matches(glob: string, text: string): boolean {
  let [g, t, star, resume] = [0, 0, -1, 0];
  while (t < text.length) {
    if (glob[g] === "*") [star, resume, g] = [g, t, g + 1];
    else if (glob[g] === "?") [g, t] = [g + 1, t + lengthAt(text, t)];
    else if (glob[g] === text[t]) [g, t] = [g + 1, t + 1];
    else if (star >= 0) {
      resume += lengthAt(text, resume);
      [g, t] = [star + 1, resume];
    } else return false;
  }
  return /^\**$/.test(glob.slice(g));
}

/** A character is one code point: one unit of UTF-16, or two. */
function lengthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
