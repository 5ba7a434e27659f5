/** A tensor as an HTML table whose cells are shaded by value. */
import type { Dtype } from "./dtype.ts";
import { formatAll, type Printable } from "./format.ts";
import { sizeOf } from "./shape.ts";

const shown = 12;

/** The table of a vector or matrix; of a stack of matrices, the first few. */
export function htmlTable(x: Printable): string {
  const columns = x.shape.at(-1) ?? 1;
  const rows = x.shape.length < 2 ? 1 : x.shape.at(-2)!;
  const stacks = sizeOf(x.shape.slice(0, -2));
  const caption = `${x.dtype} [${x.shape.join(", ")}]`;
  const reach = largest(x.data);
  const matrices = Array.from({ length: Math.min(stacks, 3) }, (_, i) =>
    matrix(x, { offset: i * rows * columns, rows, columns, reach }),
  );
  const more = stacks > 3 ? `<div>… ${stacks - 3} more</div>` : "";
  return `<div style="overflow-x:auto"><div style="font-size:smaller;opacity:.7">${caption}</div>${matrices.join("<br>")}${more}</div>`;
}

interface Part {
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly reach: number;
}

function largest(data: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]);
    if (Number.isFinite(size) && size > most) most = size;
  }
  return most;
}

function matrix(x: Printable, { offset, rows, columns, reach }: Part): string {
  const rowCount = Math.min(rows, shown);
  const columnCount = Math.min(columns, shown);
  const values = Array.from({ length: rowCount * columnCount }, (_, i) => {
    const row = Math.floor(i / columnCount);
    return x.data[offset + row * columns + (i % columnCount)];
  });
  const words = wordsOf(values.map(round), x.dtype, reach);
  const more = columns > columnCount ? '<td style="padding:2px 8px">…</td>' : "";
  const body = Array.from({ length: rowCount }, (_, row) => {
    const from = row * columnCount;
    const cells = values
      .slice(from, from + columnCount)
      .map((v, j) => cell(v, words[from + j], reach));
    return `<tr>${cells.join("")}${more}</tr>`;
  });
  const last =
    rows > rowCount
      ? `<tr><td colspan="${columnCount + 1}" style="text-align:left;padding:2px 8px">… ${rows - rowCount} more rows</td></tr>`
      : "";
  return `<table style="border-collapse:collapse;font-family:monospace;white-space:nowrap">${body.join("")}${last}</table>`;
}

/**
 * As NumPy prints them, but with decimals where it would write all numbers with exponents because one of them is tiny:
 * only that one has an exponent then.
 */
function wordsOf(values: readonly number[], dtype: Dtype, reach: number): string[] {
  const words = formatAll(values, dtype);
  if (reach >= 1e6 || reach < 1e-3 || !words.some((word) => word.includes("e"))) return words;
  const decimals = 5 - Math.floor(Math.log10(reach));
  return values.map((value, i) => {
    if (!Number.isFinite(value)) return words[i];
    const isTiny = value !== 0 && Math.abs(value) < 10 ** (1 - decimals);
    return isTiny ? value.toExponential(1) : value.toFixed(decimals);
  });
}

/** Six significant digits are enough to read; the text form has them all. */
function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : value;
}

// Blue for positive, red for negative; the shade is transparent, so it reads on light and dark pages.
function cell(value: number, word: string, reach: number): string {
  const strength = reach > 0 && Number.isFinite(value) ? Math.abs(value) / reach : 0;
  const colour = value < 0 ? "214,69,65" : "52,120,198";
  const shade = strength > 0 ? `;background:rgba(${colour},${(0.55 * strength).toFixed(2)})` : "";
  return `<td style="text-align:right;padding:2px 8px${shade}">${word.trim()}</td>`;
}
