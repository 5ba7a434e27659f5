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
}

interface Report {
  readonly rows: readonly CheckRow[];
  readonly tolerance: number;
  readonly worst: number;
  readonly ok: boolean;
}

const head = ["", "entry", "order", "symbolic", "numeric", "relative error"];

/** The table as text, the verdict on top. */
export function formatCheck(check: Report): string {
  const table = [head, ...check.rows.map(cells)];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map((row) =>
    row.map((text, i) => (i < 2 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join("  "),
  );
  return [verdict(check), ...lines.map((line) => line.trimEnd())].join("\n");
}

/** The table as HTML, entries that disagree marked. */
export function formatCheckAsHtml(check: Report): string {
  const style = "text-align:right;padding:2px 8px";
  const header = head.map((text) => `<th style="${style}">${text}</th>`).join("");
  const body = check.rows.map((row) => {
    const wrong = !(row.error <= check.tolerance);
    const mark = wrong ? ";background:rgba(214,69,65,.4)" : "";
    const data = cells(row).map((text) => `<td style="${style}${mark}">${escape(text)}</td>`);
    return `<tr>${data.join("")}</tr>`;
  });
  return `<div>${verdict(check)}</div><table><tr>${header}</tr>${body.join("")}</table>`;
}

function verdict({ ok, worst, tolerance }: Report): string {
  const found = `largest relative error ${worst.toExponential(1)}, tolerance ${tolerance}`;
  return ok ? `gradients agree: ${found}` : `gradients DISAGREE: ${found}`;
}

function cells({ name, index, order, symbolic, numeric, error }: CheckRow): string[] {
  const numbers = [symbolic.toPrecision(8), numeric.toPrecision(8), error.toExponential(1)];
  return [name, index.length === 0 ? "" : `[${index.join(", ")}]`, String(order), ...numbers];
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
