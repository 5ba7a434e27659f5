/** Entries of a container on one line or on many, as Node's `inspect` lays them out. */
import type { Entries, Parts, Printer } from "./printer.ts";

/** So many levels of containers may share a line. */
const COMPACT = 3;
const SEPARATOR = 2;
/** Lists longer than this are put in columns. */
const SHORT_LIST = 6;
const MAX_COLUMNS = Math.min(COMPACT * 4, 15);
/** A character is about two and a half times as high as it is wide: a square of numbers looks square. */
const CHARACTER_HEIGHT = 2.5;

export function layOut(
  printer: Printer,
  { open, close, base = "", isList = false, isNumeric = false }: Parts,
  entries: Entries,
  level: number,
): string {
  const { shown } = entries;
  const widths = shown.map((text) => (printer.colors ? widthOf(text) : text.length));
  const lines =
    isList && shown.length > SHORT_LIST
      ? inColumns(printer, entries, widths, isNumeric)
      : entries.shown;
  const head = base === "" ? open : `${base} ${open}`;
  if (printer.deepest - level < COMPACT && lines === shown) {
    const start = shown.length + printer.indentation + open.length + base.length + 10;
    const total = widths.reduce((sum, width) => sum + width, start + shown.length);
    const line = shown.join(", ");
    if (total <= printer.width && !line.includes("\n") && !base.includes("\n")) {
      return `${head} ${line} ${close}`;
    }
  }
  const indent = `\n${" ".repeat(printer.indentation)}`;
  return `${head}${indent}  ${lines.join(`,${indent}  `)}${indent}${close}`;
}

/** The entries as rows of a grid, or themselves where a grid would not read well. */
function inColumns(
  printer: Printer,
  { shown, hasMore }: Entries,
  widths: readonly number[],
  isNumeric: boolean,
): string[] {
  const count = hasMore ? shown.length - 1 : shown.length;
  const cells = widths.slice(0, count);
  const widest = Math.max(...cells);
  const total = cells.reduce((sum, width) => sum + width + SEPARATOR, 0);
  const columns = columnCount(printer, { count, widest, total, entries: shown.length });
  if (columns <= 1) return shown;
  const columnWidths = Array.from({ length: columns }, (_, column) =>
    Math.max(...cells.filter((_width, i) => i % columns === column)),
  );
  const rows: string[] = [];
  for (let from = 0; from < count; from += columns) {
    const to = Math.min(from + columns, count);
    const row = shown.slice(from, to).map((text, i) => {
      const isLast = from + i === to - 1;
      const padding = " ".repeat((columnWidths[i] ?? 0) - (cells[from + i] ?? 0));
      const cell = isLast ? text : `${text}, `;
      if (isNumeric) return padding + cell;
      return isLast ? cell : cell + padding;
    });
    rows.push(row.join(""));
  }
  return hasMore ? [...rows, ...shown.slice(count)] : rows;
}

interface Sizes {
  readonly count: number;
  readonly widest: number;
  readonly total: number;
  readonly entries: number;
}

function columnCount({ width, indentation }: Printer, sizes: Sizes): number {
  const { count, widest, total, entries } = sizes;
  const column = widest + SEPARATOR;
  const isEven = total / column > 5 || widest <= 6;
  if (column * 3 + indentation >= width || !isEven) return 1;
  const bias = Math.sqrt(column - total / entries);
  const biased = Math.max(column - 3 - bias, 1);
  return Math.min(
    Math.round(Math.sqrt(CHARACTER_HEIGHT * biased * count) / biased),
    Math.floor((width - indentation) / column),
    MAX_COLUMNS,
  );
}

function widthOf(text: string): number {
  const [plain = "", ...painted] = text.split("\u001b[");
  return painted.reduce((sum, part) => sum + part.length - part.indexOf("m") - 1, plain.length);
}
