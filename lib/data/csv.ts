/** Tables from files of comma-separated values. */
import { createRequire } from "node:module";
import type { CsvError } from "csv-parse";
import { DISPLAY, type Displayable, type MimeBundle } from "../core/mime.ts";
import { checkOptions } from "../core/options.ts";
import { describe } from "../core/describe.ts";
import { Tensor } from "../core/tensor.ts";
import { readBytes, type Path } from "../io/files.ts";
import { classes, type Classes } from "./one_hot.ts";

/** How a file is written. */
export interface CsvOptions {
  /** What stands between two fields: a comma by default. */
  readonly delimiter?: string;
  /** Whether the first line names the columns, as by default; else they are called x0, x1, …; or their names. */
  readonly header?: boolean | readonly string[];
  /** What begins a line to be left out. */
  readonly comment?: string;
  /** The fields that mean that there is no number: by default nothing, NA and NaN. They are read as NaN. */
  readonly missing?: readonly string[];
}

const SHOWN_ROWS = 5;

const known = ["delimiter", "header", "comment", "missing"];

/** Columns of text, read as numbers or classes where that is asked for. */
export class Table implements Displayable {
  /** The names of the columns, in order. */
  readonly columns: readonly string[];
  /** How many rows there are. */
  readonly rows: number;
  readonly #what: string;
  readonly #fields: readonly (readonly string[])[];
  readonly #missing: ReadonlySet<string>;

  constructor(
    what: string,
    columns: readonly string[],
    fields: readonly (readonly string[])[],
    missing: readonly string[],
  ) {
    this.#what = what;
    this.#fields = fields;
    this.#missing = new Set(missing);
    this.columns = columns;
    this.rows = fields.length;
  }

  /** The named columns, by default all, as numbers [rows, columns]; throws at a field that is none. */
  numbers(...names: readonly string[]): Tensor {
    const wanted = names.length === 0 ? this.columns : names;
    const places = wanted.map((name) => this.#place(name));
    const data = new Float64Array(this.rows * places.length);
    let next = 0;
    for (let row = 0; row < this.rows; row++) {
      for (const place of places) data[next++] = this.#number(row, place);
    }
    return new Tensor(data, [this.rows, places.length]);
  }

  /** A column as it stands in the file. */
  texts(name: string): string[] {
    const place = this.#place(name);
    return this.#fields.map((row) => row[place]);
  }

  /** A column as numbers of the classes it mentions, with their names. */
  classes(name: string): Classes {
    return classes(this.texts(name));
  }

  #place(name: string): number {
    const place = this.columns.indexOf(name);
    if (place >= 0) return place;
    throw new RangeError(
      `${this.#what} has no column ${JSON.stringify(name)}; it has ${this.columns.join(", ")}`,
    );
  }

  #number(row: number, place: number): number {
    const text = this.#fields[row][place].trim();
    if (this.#missing.has(text)) return NaN;
    const number = text === "" ? NaN : Number(text);
    if (!Number.isNaN(number)) return number;
    const column = this.columns[place];
    throw new TypeError(
      `${this.#what}: column ${column} holds ${JSON.stringify(text)} in row ${row}; wanted numbers: ` +
        `name the columns that have them, read classes by classes(${JSON.stringify(column)}), or say what means missing`,
    );
  }

  /** The size, the names, and the first rows. */
  toString(): string {
    const shown = [this.columns, ...this.#fields.slice(0, SHOWN_ROWS)];
    const widths = this.columns.map((_, k) => Math.max(...shown.map((row) => row[k].length)));
    const lines = shown.map((row) => row.map((text, k) => text.padEnd(widths[k])).join("  "));
    const rest = this.rows > SHOWN_ROWS ? ["…"] : [];
    const size = `Table of ${this.rows} rows, ${this.columns.length} columns`;
    return [size, ...lines.map((line) => line.trimEnd()), ...rest].join("\n");
  }

  [DISPLAY](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": this.#html() };
  }

  /** The same as a page shows it, with columns of numbers at the right edge. */
  #html(): string {
    const shown = this.#fields.slice(0, SHOWN_ROWS);
    const styles = this.columns.map((_, k) => {
      const isNumeric = shown.every((row) => row[k] === "" || !Number.isNaN(Number(row[k])));
      return `padding:2px 8px;text-align:${isNumeric ? "right" : "left"}`;
    });
    const rowOf = (tag: string, row: readonly string[]): string =>
      `<tr>${row.map((text, k) => `<${tag} style="${styles[k]}">${escaped(text)}</${tag}>`).join("")}</tr>`;
    const rest =
      this.rows > SHOWN_ROWS
        ? [
            rowOf(
              "td",
              this.columns.map(() => "…"),
            ),
          ]
        : [];
    const body = [...shown.map((row) => rowOf("td", row)), ...rest];
    const size = `<div style="font-size:smaller;opacity:.7">${this.rows} rows × ${this.columns.length} columns</div>`;
    const head = `<thead>${rowOf("th", this.columns)}</thead>`;
    return `<div style="overflow-x:auto"><table style="white-space:nowrap">${head}<tbody>${body.join("")}</tbody></table>${size}</div>`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** The table in a file; `data.parseCsv` reads text. */
export function csv(path: Path, options: CsvOptions = {}): Table {
  const bytes = readBytes("data.csv", path);
  return read(`data.csv: ${String(path)}`, new TextDecoder().decode(bytes), options);
}

/** The table in a text, as RFC 4180 describes it. */
export function parseCsv(text: string, options: CsvOptions = {}): Table {
  if (typeof text !== "string") {
    throw new TypeError(
      `data.parseCsv: got ${describe(text)}; wanted text: data.parseCsv("a,b\\n1,2"); data.csv(path) reads a file`,
    );
  }
  return read("data.parseCsv: the text", text, options);
}

function read(what: string, text: string, options: CsvOptions): Table {
  checkOptions("data.csv", options, known, `data.csv("data.csv", { delimiter: ";" })`);
  const { delimiter = ",", header = true, comment = null, missing = ["", "NA", "NaN"] } = options;
  const rows = parse(what, text, { delimiter, comment, bom: true, skip_empty_lines: true });
  const [first] = rows;
  if (first === undefined) {
    throw new TypeError(`${what} has no rows; wanted a line of names, then lines of fields`);
  }
  const names = header === true ? first : header === false ? first.map((_, i) => `x${i}`) : header;
  if (names.length !== first.length) {
    throw new RangeError(
      `${what} has ${first.length} columns, and header names ${names.length}; name each once`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    throw new RangeError(
      `${what} has two columns called ${twice}; name them: { header: ["a", "b"] }`,
    );
  }
  return new Table(what, names, header === true ? rows.slice(1) : rows, missing);
}

/** Loaded when the first table is read: it takes ten milliseconds, and every notebook has this module. */
function parse(what: string, text: string, options: object): string[][] {
  const parser = createRequire(import.meta.url)(
    "csv-parse/sync",
  ) as typeof import("csv-parse/sync");
  try {
    return parser.parse(text, options);
  } catch (error) {
    const { message } = error as CsvError;
    throw new TypeError(
      `${what} cannot be read: ${message}; is the delimiter right, and each quote closed?`,
      { cause: error },
    );
  }
}
