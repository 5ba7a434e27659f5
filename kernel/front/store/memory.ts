/** History that ends with the process, in the same bounds as history that does not. */
import {
  type HistoryEntry,
  type HistoryStore,
  MAX_CHARACTERS,
  MAX_ENTRIES,
  type StoredEntry,
} from "./store.ts";

export class MemoryStore implements HistoryStore {
  session = 1;
  #entries: HistoryEntry[] = [];
  #characters = 0;

  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  append(entries: readonly HistoryEntry[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#characters += sizeOf(entry);
    }
    let dropped = Math.max(this.#entries.length - MAX_ENTRIES, 0);
    for (const entry of this.#entries.slice(0, dropped)) this.#characters -= sizeOf(entry);
    for (; this.#characters > MAX_CHARACTERS; dropped++) {
      const entry = this.#entries[dropped];
      if (entry !== undefined) this.#characters -= sizeOf(entry);
    }
    if (dropped > 0) this.#entries = this.#entries.slice(dropped);
  }

  *latest(): Iterable<StoredEntry> {
    for (const entry of this.#entries.toReversed()) yield { ...entry, session: this.session };
  }

  range(session: number, start: number, stop: number | null): StoredEntry[] {
    if (session !== this.session) return [];
    return this.#entries
      .filter(({ line }) => line >= start && (stop === null || line < stop))
      .map((entry) => ({ ...entry, session }));
  }

  clear(): void {
    this.#entries = [];
    this.#characters = 0;
  }

  close(): void {
    this.clear();
  }
}

/** What an entry counts against the bound. */
export function sizeOf({ source, output }: HistoryEntry): number {
  return source.length + (output?.length ?? 0);
}
