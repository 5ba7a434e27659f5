/** Notebook files, format 4, and how messages become outputs. https://nbformat.readthedocs.io/ */
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../transport/folders.ts";
import { type Checker, integer, isRecord, optional, record, string } from "../wire/check.ts";
import type { Received } from "./client.ts";

export type Output = Record<string, unknown> & { output_type: string };

export interface Cell {
  readonly cell_type: string;
  readonly source: string;
  /** The cell as it stands in the file; outputs are written into it. */
  readonly json: Record<string, unknown>;
}

export interface Notebook {
  readonly json: Record<string, unknown>;
  readonly cells: readonly Cell[];
}

const text: Checker<string> = (value, path) =>
  Array.isArray(value) ? value.map((line) => string(line, path)).join("") : string(value, path);

export function readNotebook(path: string): Notebook {
  const json: unknown = parse(readText(path), path);
  const format = isRecord(json) ? integer(json["nbformat"] ?? 0, `${path}: nbformat`) : 0;
  if (!isRecord(json) || format !== 4 || !Array.isArray(json["cells"])) {
    const what = format === 0 ? "" : ` but of format ${format}`;
    throw new Error(
      `${path} is not a notebook of format 4${what}; \`jupyter nbconvert --to notebook\`, or JupyterLab when it saves the file, makes one of it`,
    );
  }
  const metadata = optional(
    record((value) => value),
    {},
  )(json["metadata"], "metadata");
  const language = languageOf(metadata);
  if (!/^(typescript|javascript)$/i.test(language)) {
    throw new Error(
      `${path} is written in ${language}; this kernel runs TypeScript and JavaScript`,
    );
  }
  const cells = json["cells"].map((cell: unknown, index): Cell => {
    if (!isRecord(cell)) throw new Error(`${path}: cell ${index + 1} is not an object`);
    const cell_type = string(cell["cell_type"], `cell ${index + 1}: cell_type`);
    return { cell_type, source: text(cell["source"], `cell ${index + 1}: source`), json: cell };
  });
  return { json, cells };
}

/** What the kernelspec says, else the description of the language that its last kernel left; a file may have neither. */
function languageOf(metadata: Readonly<Record<string, unknown>>): string {
  const { kernelspec, language_info } = metadata;
  const spec = isRecord(kernelspec) ? kernelspec : {};
  const info = isRecord(language_info) ? language_info : {};
  const named = /^python\d*$/.test(String(spec["name"])) ? "python" : "typescript";
  const byInfo = optional(string, named)(info["name"], "language_info.name");
  return optional(string, byInfo)(spec["language"], "kernelspec.language");
}

function readText(path: string): string {
  if (!existsSync(path)) throw new Error(`there is no file ${path}`);
  if (statSync(path).isDirectory()) throw new Error(`${path} is a folder; name a notebook in it`);
  // Some editors on Windows begin a file with a byte order mark.
  return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
}

/** Makes the folder of a file to be written, and fails early where the file cannot be. */
export function prepareOutput(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) {
    throw new Error(`--output ${path} is a folder; name a file in it`);
  }
  try {
    makeFolder(dirname(path));
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw new Error(`--output ${path} cannot be written: its folder cannot be made or written to`, {
      cause: error,
    });
  }
}

export function writeNotebook(path: string, notebook: Notebook): void {
  writeFileSync(path, `${JSON.stringify(notebook.json, null, 1)}\n`);
}

function parse(content: string, path: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Error(`${path} is not JSON, so it is no notebook`, { cause: error });
  }
}

/** The outputs of all cells: a display that is updated may stand in an earlier cell. */
export class Outputs {
  readonly #displays = new Map<string, Output[]>();

  /** Takes a message of a cell into the cell's outputs. */
  collect(outputs: Output[], pendingClear: { wanted: boolean }, { message }: Received): void {
    const { content } = message;
    const type = message.header.msg_type;
    if (type === "clear_output") {
      if (content["wait"] === true) pendingClear.wanted = true;
      else outputs.length = 0;
      return;
    }
    if (type === "update_display_data") return this.#update(content);
    const output = outputOf(type, content);
    if (output === null) return;
    if (pendingClear.wanted) outputs.length = 0;
    pendingClear.wanted = false;
    const last = outputs.at(-1);
    if (output.output_type === "stream" && last !== undefined && last["name"] === output["name"]) {
      last["text"] = asLines(text(last["text"], "text") + text(output["text"], "text"));
    } else outputs.push(output);
    const id = displayIdOf(content);
    if (id !== null) this.#displays.set(id, [...(this.#displays.get(id) ?? []), output]);
  }

  #update(content: Record<string, unknown>): void {
    const id = displayIdOf(content);
    for (const output of this.#displays.get(id ?? "") ?? []) {
      output["data"] = dataOf(content["data"]);
      output["metadata"] = content["metadata"];
    }
  }
}

function displayIdOf(content: Record<string, unknown>): string | null {
  const transient = content["transient"];
  const id = isRecord(transient) ? transient["display_id"] : undefined;
  return typeof id === "string" ? id : null;
}

function outputOf(type: string, content: Record<string, unknown>): Output | null {
  const { name, data, metadata, execution_count, ename, evalue, traceback } = content;
  switch (type) {
    case "stream":
      return { output_type: type, name, text: asLines(text(content["text"], "stream")) };
    case "display_data":
      return { output_type: type, data: dataOf(data), metadata };
    case "execute_result":
      return { output_type: type, data: dataOf(data), execution_count, metadata };
    case "error":
      return { output_type: type, ename, evalue, traceback };
    default:
      return null;
  }
}

function dataOf(data: unknown): Record<string, unknown> {
  const entries = Object.entries(isRecord(data) ? data : {});
  return Object.fromEntries(
    entries.map(([mime, content]) => {
      const isText = typeof content === "string" && !/^image\/(?!svg)|^application\/pdf/.test(mime);
      return [mime, isText ? asLines(content) : content];
    }),
  );
}

/** The format keeps text as lines, so that a difference of two versions can be read. */
function asLines(content: string): string[] {
  return content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
