/** History in a file that several kernels read and write at once. */
import { closeSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../../transport/folders.ts";
import { type Database, openDatabase } from "./database.ts";
import { sizeOf } from "./memory.ts";
import {
  type HistoryEntry,
  type HistoryStore,
  MAX_CHARACTERS,
  MAX_ENTRIES,
  type StoredEntry,
} from "./store.ts";

/** Written into the file, so that a later version with another schema is not misread. */
const VERSION = 1;
/** How long a write of another kernel is waited for; it takes less than a millisecond. */
const PATIENCE_MS = 20;
/** Entries between two looks at how much there is. */
const TRIM_EVERY = 50;
const PAGE = 200;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS cells (id INTEGER PRIMARY KEY AUTOINCREMENT, session INTEGER NOT NULL,
    line INTEGER NOT NULL, size INTEGER NOT NULL, source TEXT NOT NULL, output TEXT);
  CREATE INDEX IF NOT EXISTS cells_by_line ON cells (session, line);
  CREATE INDEX IF NOT EXISTS cells_by_size ON cells (size);
  PRAGMA user_version = ${VERSION};
`;

/** Opens the file, made if it is missing, and counts a new session. */
export function openSqliteStore(path: string, now: Date): SqliteStore {
  makePrivate(path);
  const database = openDatabase(path);
  if (database === null) {
    throw new Error("this Node has no SQLite and the optional package libsql is not installed");
  }
  try {
    return new SqliteStore(database, prepare(database, now));
  } catch (error) {
    database.close();
    throw error;
  }
}

export class SqliteStore implements HistoryStore {
  readonly session: number;
  readonly #database: Database;
  /** Looks at the bounds with its first write. */
  #untilTrim = 0;

  constructor(database: Database, session: number) {
    this.#database = database;
    this.session = session;
  }

  append(entries: readonly HistoryEntry[]): void {
    transact(this.#database, () => {
      for (const entry of entries) {
        const { line, source, output } = entry;
        const values = [this.session, line, sizeOf(entry), source, output];
        this.#database.run(
          "INSERT INTO cells (session, line, size, source, output) VALUES (?, ?, ?, ?, ?)",
          ...values,
        );
      }
      this.#untilTrim -= entries.length;
      if (this.#untilTrim > 0) return;
      trim(this.#database);
      this.#untilTrim = TRIM_EVERY;
    });
  }

  *latest(): Iterable<StoredEntry> {
    let before = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const rows = this.#database.all(
        "SELECT id, session, line, source, output FROM cells WHERE id < ? ORDER BY id DESC LIMIT ?",
        before,
        PAGE,
      );
      for (const row of rows) yield entryOf(row);
      const last = rows.at(-1);
      if (last === undefined) return;
      before = last["id"] as number;
    }
  }

  range(session: number, start: number, stop: number | null): StoredEntry[] {
    return this.#database
      .all(
        "SELECT session, line, source, output FROM cells WHERE session = ? AND line >= ? AND line < ? ORDER BY id",
        session,
        start,
        stop ?? Number.MAX_SAFE_INTEGER,
      )
      .map(entryOf);
  }

  close(): void {
    this.#database.close();
  }
}

/** What was typed is the user's own business. */
function makePrivate(path: string): void {
  makeFolder(dirname(path), 0o700);
  closeSync(openSync(path, "a", 0o600));
}

function prepare(database: Database, now: Date): number {
  database.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
  const [found] = database.all("PRAGMA user_version");
  const version = Number(found?.["user_version"]);
  if (version > VERSION) {
    throw new Error(
      `it was written by a later version (schema ${version}, this one knows ${VERSION})`,
    );
  }
  // Readers and a writer at once, and no wait for the disk at each write; a file system without shared memory stays with the older way.
  database.all("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = NORMAL");
  return transact(database, () => {
    if (version < VERSION) database.exec(SCHEMA);
    const [row] = database.all(
      "INSERT INTO sessions (started) VALUES (?) RETURNING id",
      now.toISOString(),
    );
    const id = Number(row?.["id"]);
    database.run("DELETE FROM sessions WHERE id <= ?", id - MAX_ENTRIES);
    return id;
  });
}

/** All or nothing. */
function transact<T>(database: Database, act: () => T): T {
  // At once as a writer: one that becomes a writer half-way is not waited for but refused.
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = act();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // Where the disk is full, SQLite has rolled back already.
    }
    throw error;
  }
}

function trim(database: Database): void {
  database.run("DELETE FROM cells WHERE id <= (SELECT max(id) FROM cells) - ?", MAX_ENTRIES);
  const [row] = database.all("SELECT total(size) AS size FROM cells");
  if (Number(row?.["size"]) <= MAX_CHARACTERS) return;
  database.run(
    `DELETE FROM cells WHERE id <= (SELECT max(id) FROM
       (SELECT id, sum(size) OVER (ORDER BY id DESC) AS kept FROM cells) WHERE kept > ?)`,
    MAX_CHARACTERS,
  );
}

function entryOf(row: Record<string, unknown>): StoredEntry {
  const { session, line, source, output } = row;
  return {
    session: Number(session),
    line: Number(line),
    source: String(source),
    output: typeof output === "string" ? output : null,
  };
}
