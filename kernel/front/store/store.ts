/** What keeps history: cells that were run, by session and line. */

/** A cell that was run, of the session that is running. */
export interface HistoryEntry {
  readonly line: number;
  readonly source: string;
  /** Its value as text; null where it had none. */
  readonly output: string | null;
}

export interface StoredEntry extends HistoryEntry {
  readonly session: number;
}

/** Synchronous throughout: its owner chooses moments in which nobody waits for the front. */
export interface HistoryStore {
  /** Sessions count from 1, one for each kernel that ran a cell. */
  readonly session: number;
  /** Keeps entries of the current session, all or none; throws Busy where another process holds the store. */
  append(entries: readonly HistoryEntry[]): void;
  /** Entries of all sessions, the latest first. */
  latest(): Iterable<StoredEntry>;
  /** Lines from `start` up to but not including `stop` of one session, in order. */
  range(session: number, start: number, stop: number | null): StoredEntry[];
  close(): void;
}

/** Another process holds the store for longer than a write takes: the next attempt may succeed. */
export class Busy extends Error {
  override name = "Busy";
}

export const MAX_ENTRIES = 10_000;
/** Of inputs and outputs together; the file is little larger. */
export const MAX_CHARACTERS = 10_000_000;
