/** Reading the cells of a table: a few of its rows, and of each only what it holds itself. */
import { types } from "node:util";
import { isObject } from "./reflect.ts";

export interface Rows {
  /** How many there are. */
  readonly count: number;
  /** How many of the first can be read. */
  readonly readable: number;
  at(row: number): unknown;
}

export type Cells = (row: number, column: number) => unknown;

/** Stands for a cell that its row does not have. */
export const MISSING = Symbol("missing");

/** Up to this many rows all are shown; of more, the first and the last. */
const ALL_ROWS = 60;
const FIRST_ROWS = 20;
const LAST_ROWS = 10;
/** So many cells are looked at to find the types of the columns. */
const SAMPLED_CELLS = 20_000;
const SAMPLED_ROWS = 2_000;

/** The numbers of the rows that are shown; null for those left out. */
export function shownRows({ count, readable }: Rows): (number | null)[] {
  return withGap(count, { all: ALL_ROWS, first: FIRST_ROWS, last: LAST_ROWS, readable });
}

interface Gap {
  /** Up to so many there is no gap. */
  readonly all: number;
  readonly first: number;
  readonly last: number;
  readonly readable: number;
}

export function withGap(count: number, { all, first, last, readable }: Gap): (number | null)[] {
  if (count <= all) return range(0, count);
  if (readable < count) return [...range(0, Math.min(first + last, readable)), null];
  return [...range(0, first), null, ...range(count - last, count)];
}

/** All rows of a short table; else those that are shown, and others in even steps between them. */
export function sampledRows(rows: Rows, columns: number): number[] {
  const { readable } = rows;
  const most = Math.min(SAMPLED_ROWS, Math.max(1, Math.floor(SAMPLED_CELLS / (columns + 1))));
  if (readable <= Math.max(most, ALL_ROWS)) return range(0, readable);
  const step = Math.ceil(readable / most);
  const between = Array.from({ length: Math.ceil(readable / step) }, (_, i) => i * step);
  const shown = shownRows(rows).filter((row) => row !== null);
  return [...new Set([...shown, ...between])].toSorted((a, b) => a - b);
}

/** What an object holds under a key; no getter is run. */
export function readOf(value: unknown, key: PropertyKey): unknown {
  if (!isObject(value) || types.isProxy(value)) return MISSING;
  const property = Object.getOwnPropertyDescriptor(value, key);
  if (property === undefined) return MISSING;
  return property.get === undefined && property.set === undefined ? property.value : MISSING;
}

/** Whether a cell can show the value whole. */
export function isLeaf(value: unknown): boolean {
  return !isObject(value) || types.isDate(value);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
