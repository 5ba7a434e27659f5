/** A gradient check as a table, for the console and for a notebook. */

/** One entry of one gradient, computed in both ways. */
export interface CheckRow {
  readonly name: string;
  readonly order: 1 | 2;
  readonly index: readonly number[];
  readonly symbolic: number;
  readonly numeric: number;
  /** |symbolic − numeric| / max(1, |symbolic|, |numeric|) */
  readonly error: number;
  /** Where they disagree because of a kink: the slopes below and above, with the symbolic one between. */
  readonly kink?: readonly [below: number, above: number];
}

interface Report {
  readonly rows: readonly CheckRow[];
  readonly tolerance: number;
  readonly worst: number;
  readonly ok: boolean;
}

/** A column: its heading, and what it says of an entry. */
type Column = readonly [head: string, text: (row: CheckRow) => string];

const NAME: Column = ["", ({ name }) => name];
const ENTRY: Column = ["entry", ({ index }) => (index.length === 0 ? "" : `[${index.join(", ")}]`)];
const ORDER: Column = ["order", ({ order }) => String(order)];
const NUMBERS: readonly Column[] = [
  ["symbolic", ({ symbolic }) => symbolic.toPrecision(8)],
  ["numeric", ({ numeric }) => numeric.toPrecision(8)],
  ["relative error", ({ error }) => error.toExponential(1)],
];

const KINK: Column = [
  "slope below | above",
  ({ kink }) => (kink === undefined ? "" : kink.map((side) => side.toPrecision(4)).join(" | ")),
];

/** The columns that tell entries apart: an order that is the same for all is left out, and kinks if there are none. */
function columnsOf(rows: readonly CheckRow[]): readonly Column[] {
  const order = rows.some((row) => row.order !== 1) ? [ORDER] : [];
  return [NAME, ENTRY, ...order, ...NUMBERS, ...(hasKink(rows) ? [KINK] : [])];
}

function hasKink(rows: readonly CheckRow[]): boolean {
  return rows.some(({ kink }) => kink !== undefined);
}

/** The table as text, the verdict on top. */
export function formatCheck(check: Report): string {
  const columns = columnsOf(check.rows);
  const body = check.rows.map((row) => columns.map(([, text]) => text(row)));
  const table = [columns.map(([head]) => head), ...body];
  const widths = columns.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map((row) =>
    row.map((text, i) => (i < 2 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join("  "),
  );
  return [verdict(check), ...lines.map((line) => line.trimEnd())].join("\n");
}

/** The table as HTML, entries that disagree marked. */
export function formatCheckAsHtml(check: Report): string {
  const styleOf = (head: string): string =>
    `text-align:${head === "" || head === "entry" ? "left" : "right"};padding:2px 8px`;
  const columns = columnsOf(check.rows);
  const header = columns.map(([head]) => `<th style="${styleOf(head)}">${head}</th>`).join("");
  const body = check.rows.map((row) => {
    const wrong = !(row.error <= check.tolerance);
    const mark = wrong ? ";background:rgba(214,69,65,.4)" : "";
    const data = columns.map(([head, text]) => {
      const shown = escape(text(row));
      return `<td style="${styleOf(head)}${mark}">${head === "" ? shown : typeset(shown)}</td>`;
    });
    return `<tr>${data.join("")}</tr>`;
  });
  const said = typeset(verdict(check));
  return `<div>${said}</div><table><tr>${header}</tr>${body.join("")}</table>`;
}

function verdict({ ok, worst, tolerance, rows }: Report): string {
  const found = `largest relative error ${worst.toExponential(1)}, tolerance ${inShort(tolerance)}`;
  const hint = hasKink(rows)
    ? "; a kink? slopes below and above an entry differ, move it a little"
    : "";
  return ok ? `gradients agree: ${found}` : `gradients DISAGREE: ${found}${hint}`;
}

/** 1e-6, not 0.000001. */
function inShort(value: number): string {
  return value < 0.001 ? value.toExponential() : String(value);
}

/** Numbers with a true minus sign, which a page has; in a console it would not line up, or be pasted. */
function typeset(numbers: string): string {
  return numbers.replaceAll("-", "−");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
