/** A table as HTML that takes its colours from the page, be it light or dark. */
import { escapeHtml as escape } from "../escape.ts";
import type { Cell, Column, Row, Table } from "./table.ts";

/**
 * A stylesheet of its own, as most tables in notebooks have one: where it is removed, as for a notebook that is not
 * trusted, a plain table is left. Two classes outweigh JupyterLab's own rules for tables.
 */
const STYLE = [
  ".gb-values .gb-table{border-collapse:collapse;border:none;margin:0;width:auto;font-size:12px;line-height:1.4}",
  ".gb-values .gb-table td,.gb-values .gb-table th{padding:.2em .65em;border:none;text-align:right;vertical-align:top;white-space:pre;color:inherit}",
  ".gb-values .gb-table thead th{border-bottom:1px solid var(--jp-border-color1,rgba(128,128,128,.5));font-weight:600;vertical-align:bottom}",
  ".gb-values .gb-table .gb-l{text-align:left}",
  ".gb-values .gb-table tbody th,.gb-values .gb-type,.gb-values .gb-size{font-weight:normal;opacity:.6}",
  ".gb-values .gb-type{font-size:90%;display:block}",
  ".gb-values .gb-table .gb-no{font-style:italic}",
  ".gb-values .gb-no span{opacity:.5}",
  ".gb-values .gb-code{font-family:var(--jp-code-font-family,monospace)}",
  ".gb-values .gb-size{font-size:12px;margin-top:.4em}",
].join("");

export function htmlOf(table: Table): string {
  const head = table.columns.map(headCell).join("");
  const body = table.rows.map((row) => bodyRow(table, row)).join("\n");
  const corner = table.hasIndex ? "<th></th>" : "";
  return (
    `<div class="gb-values" style="overflow-x:auto"><style>${STYLE}</style>` +
    `<table class="gb-table"><thead><tr>${corner}${head}</tr></thead>\n<tbody>${body}</tbody></table>` +
    `<div class="gb-size">${escape(table.caption)}</div></div>`
  );
}

function headCell(column: Column | null): string {
  if (column === null) return "<th>…</th>";
  const type = column.type === "" ? "" : `<span class="gb-type">${escape(column.type)}</span>`;
  return `<th${column.isNumeric ? "" : ' class="gb-l"'}>${escape(column.name)}${type}</th>`;
}

function bodyRow({ columns, hasIndex }: Table, row: Row | null): string {
  if (row === null) {
    const dots = columns.map((column) => `<td${leftIn(column)}>…</td>`).join("");
    return `<tr>${hasIndex ? "<th>…</th>" : ""}${dots}</tr>`;
  }
  const cells = row.cells.map((cell, i) => bodyCell(cell, columns[i] ?? null)).join("");
  return `<tr>${hasIndex ? `<th>${escape(row.label)}</th>` : ""}${cells}</tr>`;
}

function bodyCell(cell: Cell | null, column: Column | null): string {
  if (cell === null) return "<td>…</td>";
  const text = escape(cell.text);
  const left = column === null || column.isNumeric ? "" : " gb-l";
  if (cell.kind === "nothing") {
    return text === "" ? "<td></td>" : `<td class="gb-no${left}"><span>${text}</span></td>`;
  }
  if (cell.kind === "number") return `<td>${text}</td>`;
  const title = cell.title === undefined ? "" : ` title="${escape(cell.title)}"`;
  return `<td class="gb-l${cell.kind === "nested" ? " gb-code" : ""}"${title}>${text}</td>`;
}

function leftIn(column: Column | null): string {
  return column === null || column.isNumeric ? "" : ' class="gb-l"';
}
