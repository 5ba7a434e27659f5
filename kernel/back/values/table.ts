/** A grid as the table a reader sees: some of its rows and columns, with types, as texts. */
import { types } from "node:util";
import { type Grid, gridOf } from "./grid.ts";
import { formatOf, type NumberFormat } from "./numbers.ts";
import type { Keys } from "./printer.ts";
import { classNameOf, isObject } from "./reflect.ts";
import { isLeaf, MISSING, sampledRows, shownRows, withGap } from "./rows.ts";
import { lineOf } from "./text.ts";

export interface Cell {
  readonly text: string;
  readonly kind: "number" | "text" | "nothing" | "nested";
  /** More of a text that was cut. */
  readonly title?: string;
}

export interface Column {
  readonly name: string;
  /** `number · 2 null`; "" where the reader knows. */
  readonly type: string;
  readonly isNumeric: boolean;
}

/** What is left out between rows or columns is null. */
export interface Table {
  readonly columns: readonly (Column | null)[];
  readonly rows: readonly (Row | null)[];
  readonly hasIndex: boolean;
  readonly caption: string;
}

export interface Row {
  readonly label: string;
  readonly cells: readonly (Cell | null)[];
}

const COLUMNS = { all: 20, first: 14, last: 5 } as const;
/** So many times as long as a cell may its title be. */
const TITLE = 3;
/** All texts of a table together, about. */
const MAX_CHARACTERS = 20_000;

/** The table of a value, or null for one that reads better as text. */
export function tableOf(value: unknown, keys: Keys): Table | null {
  const grid = gridOf(value, keys);
  if (grid === null) return null;
  const { columns, rows } = grid;
  const shown = withGap(columns.length, { ...COLUMNS, readable: columns.length });
  const facts = shown.map((column) => (column === null ? null : factsOf(grid, column)));
  if (isMostlyNested(facts)) return null;
  const common = grid.isMatrix ? commonType(facts) : null;
  const rowNumbers = shownRows(rows);
  const characters = MAX_CHARACTERS / (rowNumbers.length * shown.length);
  const limit = Math.max(12, Math.min(80, Math.floor(characters)));
  const formats = shown.map((column) => formatOfColumn(grid, column, rowNumbers));
  return {
    columns: shown.map((column, i) => {
      const fact = facts[i];
      if (column === null || fact === null || fact === undefined) return null;
      const { text } = stringCell(columns[column] ?? "", limit);
      return { name: text, type: common === null ? fact.type : "", isNumeric: fact.isNumeric };
    }),
    rows: rowNumbers.map((row) => {
      if (row === null) return null;
      const cells = shown.map((column, i): Cell | null => {
        if (column === null) return null;
        return cellOf(grid.cell(row, column), limit, formats[i] ?? PLAIN);
      });
      return { label: String(row), cells };
    }),
    hasIndex: grid.hasIndex,
    caption: [captionOf(grid), common ?? ""].filter((text) => text !== "").join(" · "),
  };
}

export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

function captionOf({ rows, columns, note }: Grid): string {
  const size = `${count(rows.count, "row")} × ${count(columns.length, "column")}`;
  return note === "" ? size : `${size} · ${note}`;
}

/** How the cells of one column are written, so that they can be compared. */
interface Format {
  readonly number: NumberFormat;
  /** Whether its dates have no time of day. */
  readonly areDays: boolean;
}

const PLAIN: Format = { number: String, areDays: false };
const MIDNIGHT = "T00:00:00.000Z";

interface Facts {
  readonly type: string;
  readonly isNumeric: boolean;
  readonly cells: number;
  readonly nested: number;
}

/** The type of a column, from the rows that are sampled. */
function factsOf({ rows, columns, cell }: Grid, column: number): Facts {
  const sampled = sampledRows(rows, columns.length);
  const kinds = new Map<string, number>();
  let nested = 0;
  for (const row of sampled) {
    const value = cell(row, column);
    const kind = kindOf(value);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (!isLeaf(value)) nested++;
  }
  const isAll = sampled.length === rows.count;
  const absent = ["null", "undefined", "missing"].flatMap((kind) => {
    const found = kinds.get(kind);
    kinds.delete(kind);
    if (found === undefined) return [];
    return isAll ? [`${found} ${kind}`] : [`some ${kind}`];
  });
  const present = [...kinds.keys()];
  const type = present.length > 2 ? "mixed" : present.join(" | ");
  return {
    type: [type, ...absent].filter((text) => text !== "").join(" · "),
    isNumeric: present.length > 0 && present.every((kind) => /^(number|bigint)$/.test(kind)),
    cells: sampled.length,
    nested,
  };
}

/** The type of all columns, if they have one. */
function commonType(facts: readonly (Facts | null)[]): string | null {
  const found = new Set(facts.flatMap((fact) => (fact === null ? [] : [fact.type])));
  const [type = null] = found;
  return found.size === 1 ? type : null;
}

/** Deep objects are better read whole, one below the other. */
function isMostlyNested(facts: readonly (Facts | null)[]): boolean {
  const cells = facts.reduce((sum, fact) => sum + (fact?.cells ?? 0), 0);
  const nested = facts.reduce((sum, fact) => sum + (fact?.nested ?? 0), 0);
  return nested * 2 > cells;
}

function kindOf(value: unknown): string {
  if (value === MISSING) return "missing";
  if (value === null) return "null";
  if (!isObject(value)) return typeof value;
  if (typeof value === "function") return "function";
  return types.isProxy(value) ? "Proxy" : (classNameOf(value) ?? "Object");
}

function formatOfColumn(
  { cell }: Grid,
  column: number | null,
  rows: readonly (number | null)[],
): Format {
  if (column === null) return PLAIN;
  const values = rows.map((row) => (row === null ? null : cell(row, column)));
  const dates = values.filter((value) => types.isDate(value)).map(dateText);
  return {
    number: formatOf(values.filter((value) => typeof value === "number")),
    areDays: dates.every((text) => text.endsWith(MIDNIGHT)),
  };
}

/** Also of a date that is none. */
function dateText(date: Date): string {
  return lineOf(date, 40);
}

function cellOf(value: unknown, limit: number, format: Format): Cell {
  if (value === MISSING) return { text: "", kind: "nothing" };
  if (value === null || value === undefined || Number.isNaN(value)) {
    return { text: String(value), kind: "nothing" };
  }
  if (typeof value === "number") return { text: format.number(value), kind: "number" };
  if (typeof value === "bigint") return { text: lineOf(value, limit), kind: "number" };
  if (typeof value === "string") return stringCell(value, limit);
  if (types.isDate(value)) {
    const text = dateText(value);
    return {
      text: format.areDays ? text.replace(MIDNIGHT, "") : text.replace(".000Z", "Z"),
      kind: "text",
    };
  }
  if (isLeaf(value)) return { text: lineOf(value, limit), kind: "text" };
  return { text: lineOf(value, limit), kind: "nested" };
}

function stringCell(value: string, limit: number): Cell {
  const text = value.slice(0, limit + 1).replaceAll(/\r?\n/g, "↵");
  if (text.length <= limit) return { text, kind: "text" };
  const more = limit * TITLE;
  const title = value.length > more ? `${value.slice(0, more)}…` : value;
  return { text: `${text.slice(0, limit - 1)}…`, kind: "text", title };
}
