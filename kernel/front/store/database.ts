/** SQLite, from wherever this Node has it: its own, or where it has none (Node 20) an optional package. */
import { createRequire } from "node:module";
import { Busy } from "./store.ts";

export type Value = string | number | null;

/** The little of SQLite that history needs. */
export interface Database {
  /** Runs statements that give nothing back. */
  exec(sql: string): void;
  run(sql: string, ...values: Value[]): void;
  all(sql: string, ...values: Value[]): Record<string, unknown>[];
  close(): void;
}

interface Statement {
  run(...values: Value[]): unknown;
  all(...values: Value[]): unknown[];
}

/** What both engines have in common. */
interface Connection {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

type Engine = new (path: string) => Connection;

/** Opens a database file; null where there is no SQLite to open it with. */
export function openDatabase(path: string): Database | null {
  const Connection = engine();
  return Connection === null ? null : wrap(attempt(() => new Connection(path)));
}

/** The engine of Node itself, else the package's; null if neither is there. */
function engine(): Engine | null {
  const own = process.getBuiltinModule?.("node:sqlite") as { DatabaseSync: Engine } | undefined;
  if (own !== undefined) return own.DatabaseSync;
  try {
    // Its binary comes in the package: no install script, and the file's locks are the ones Node's own SQLite takes.
    return createRequire(import.meta.url)("libsql") as Engine;
  } catch {
    return null;
  }
}

function wrap(connection: Connection): Database {
  const statements = new Map<string, Statement>();
  const prepared = (sql: string): Statement => {
    const known = statements.get(sql) ?? connection.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  return {
    exec: (sql) => attempt(() => connection.exec(sql)),
    run: (sql, ...values) => void attempt(() => prepared(sql).run(...values)),
    all: (sql, ...values) =>
      attempt(() => prepared(sql).all(...values) as Record<string, unknown>[]),
    close: () => connection.close(),
  };
}

/** SQLite's own words are the same in both engines; the codes are not. */
function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error) || !/database (table )?is locked/.test(error.message))
      throw error;
    throw new Busy(error.message, { cause: error });
  }
}
