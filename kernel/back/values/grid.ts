/** Values that read better as rows and columns: which they are, and where their cells lie. */
import { types } from "node:util";
import { entriesOfMap, lengthOfTyped, sizeOfMap, sizeOfSet, valuesOfSet } from "./containers.ts";
import type { Keys } from "./printer.ts";
import { classNameOf, dataOf, isObject, isPlain } from "./reflect.ts";
import { type Cells, isLeaf, readOf, sampledRows, type Rows } from "./rows.ts";

/** A value as cells that are read one by one: only those that are shown ever are. */
export interface Grid {
  readonly rows: Rows;
  readonly columns: readonly string[];
  /** What stands below the table, besides its size. */
  readonly note: string;
  readonly hasIndex: boolean;
  /** Columns have numbers, no names. */
  readonly isMatrix?: boolean;
  cell: Cells;
}

/** More columns than this are no table. */
const MAX_COLUMNS = 500;
/** With fewer of its cells filled a table is mostly holes. */
const MIN_FILLED = 0.6;
/** Longer maps and sets are read from the front only: there is no other way into them. */
const FRONT = 60;
const MAX_WALK = 10_000;

const DISPLAY = Symbol.for("Jupyter.display");

/** The grid of a value, or null for one that reads better as text. */
export function gridOf(value: unknown, keys: Keys): Grid | null {
  if (!isObject(value) || types.isProxy(value)) return null;
  if (Array.isArray(value)) return gridOfRows(arrayRows(value), keys, "");
  if (types.isSet(value)) {
    return recordGrid(frontRows(valuesOfSet(value), sizeOfSet(value)), keys, "Set");
  }
  if (types.isMap(value)) return mapGrid(value, keys);
  return isPlain(value) && !isForeign(value) ? columnGrid(value, keys) : null;
}

function gridOfRows(rows: Rows, keys: Keys, note: string): Grid | null {
  const first = rows.count === 0 ? undefined : rows.at(0);
  return isList(first) ? matrixGrid(rows) : recordGrid(rows, keys, note);
}

/** Objects with properties in common. */
function recordGrid(rows: Rows, keys: Keys, note: string): Grid | null {
  const first = rows.count === 0 ? undefined : rows.at(0);
  if (!isRecord(first) || keys.refuses(first)) return null;
  const columns = new Set<string>();
  const classes = new Set<string>();
  let filled = 0;
  const sampled = sampledRows(rows, keys.of(first).length);
  for (const row of sampled) {
    const record = rows.at(row);
    if (!isRecord(record) || keys.refuses(record)) return null;
    const names = keys.of(record).filter((key) => typeof key === "string");
    filled += names.length;
    for (const name of names) columns.add(name);
    classes.add(classNameOf(record) ?? "Object");
    if (columns.size > MAX_COLUMNS) return null;
  }
  if (columns.size < 2 || filled < MIN_FILLED * columns.size * sampled.length) return null;
  const [name = ""] = classes;
  const className = classes.size === 1 && name !== "Object" ? name : "";
  const names = [...columns];
  return {
    rows,
    columns: names,
    note: [note, className].filter((text) => text !== "").join(" of "),
    hasIndex: true,
    cell: (row, column) => readOf(rows.at(row), names[column] ?? ""),
  };
}

/** Lists of equal length, of nothing but primitives. */
function matrixGrid(rows: Rows): Grid | null {
  const first = rows.at(0);
  if (!isList(first) || rows.count < 2) return null;
  const length = lengthOf(first);
  if (length < 2) return null;
  for (const row of sampledRows(rows, length)) {
    const list = rows.at(row);
    if (!isList(list) || lengthOf(list) !== length) return null;
    for (let i = 0; i < Math.min(length, FRONT); i++) if (!isLeaf(readOf(list, i))) return null;
  }
  const name = classNameOf(first) ?? "Array";
  return {
    rows,
    columns: Array.from({ length }, (_, i) => String(i)),
    note: name === "Array" ? "" : name,
    hasIndex: true,
    isMatrix: true,
    cell: (row, column) => readOf(rows.at(row), column),
  };
}

function mapGrid(value: object, keys: Keys): Grid | null {
  const size = sizeOfMap(value);
  const entries = frontRows(entriesOfMap(value), size);
  if (size < 2) return null;
  const pair = (row: number): readonly unknown[] => entries.at(row) as readonly unknown[];
  const values = { ...entries, at: (row: number) => pair(row)[1] };
  const records = recordGrid(values, keys, "Map");
  const sampled = sampledRows(entries, 2);
  if (!sampled.every((row) => isLeaf(pair(row)[0]))) return null;
  if (records !== null) {
    return {
      ...records,
      columns: ["key", ...records.columns],
      hasIndex: false,
      cell: (row, column) => (column === 0 ? pair(row)[0] : records.cell(row, column - 1)),
    };
  }
  if (!sampled.every((row) => isLeaf(pair(row)[1]))) return null;
  return {
    rows: entries,
    columns: ["key", "value"],
    note: "Map",
    hasIndex: false,
    cell: (row, column) => pair(row)[column],
  };
}

/** An object whose properties are columns: lists of equal length. */
function columnGrid(value: object, keys: Keys): Grid | null {
  const names = keys.of(value);
  if (names.length < 2 || names.length > MAX_COLUMNS) return null;
  const lists = names.map((name) => readOf(value, name));
  const [first] = lists;
  if (!isList(first)) return null;
  const count = lengthOf(first);
  const isEven = lists.every((list) => isList(list) && lengthOf(list) === count);
  if (count < 2 || !isEven) return null;
  const rows: Rows = { count, readable: count, at: (row) => row };
  const cell: Cells = (row, column) => readOf(lists[column], row);
  const sampled = sampledRows(rows, names.length);
  const isFlat = sampled.every((row) => lists.every((_list, column) => isLeaf(cell(row, column))));
  if (!isFlat) return null;
  return { rows, columns: names.map(String), note: "", hasIndex: true, cell };
}

function arrayRows(value: readonly unknown[]): Rows {
  const { length } = value;
  return { count: length, readable: length, at: (row) => readOf(value, row) };
}

function frontRows(items: Iterable<unknown>, size: number): Rows {
  const shown: unknown[] = [];
  const limit = size > MAX_WALK ? FRONT : size;
  if (limit > 0) {
    for (const item of items) {
      shown.push(item);
      if (shown.length >= limit) break;
    }
  }
  return { count: size, readable: shown.length, at: (row) => shown[row] };
}

function isRecord(value: unknown): value is object {
  return isPlain(value) && !isForeign(value);
}

/** A value with a display of its own is no row of somebody else's table. */
function isForeign(value: object): boolean {
  return dataOf(value, DISPLAY) !== undefined;
}

function isList(value: unknown): value is ArrayLike<unknown> & object {
  if (!isObject(value) || types.isProxy(value)) return false;
  return Array.isArray(value) || types.isTypedArray(value);
}

function lengthOf(value: ArrayLike<unknown> & object): number {
  return Array.isArray(value) ? value.length : lengthOfTyped(value);
}
