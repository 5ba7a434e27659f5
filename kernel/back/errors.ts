/** Errors as a reader of the notebook wants them: cell lines instead of script positions, no frames of the kernel. */
import { findSourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import { excerpt, paint, type Place, placeAt } from "../cell/excerpt.ts";
import { type CellMap, type Mapper, mapperOf } from "../cell/sourcemap.ts";
import type { ErrorReport } from "../channel.ts";
import { Builtins } from "./builtins.ts";
import { ModuleNotFoundError } from "./imports.ts";
import { readable } from "./readable.ts";
import { askedFor, isError } from "./values/reflect.ts";
import { textOf } from "./values/text.ts";

interface CellSource {
  readonly source: string;
  readonly map: Mapper;
}

/** Node's types leave out that a call site writes itself as V8 does. */
interface Frame extends NodeJS.CallSite {
  toString(): string;
}

/** With the library it preloads: that is not what the reader wants to mend, but a stack may still be asked for it. */
const OWN_PACKAGE = new URL("../../", import.meta.url).href;
const KERNEL = [`${OWN_PACKAGE}kernel/`, `${OWN_PACKAGE}bundle/kernel/`];
/** The stamp behind the URL of a module that may be read again. */
const LOCAL_MODULE = /\?v=[\d.]+$/;
const CELL_PLACE = /(Cell \[[^\]]*\]):(\d+):(\d+)/;
const MAX_CAUSES = 8;
const MAX_MESSAGE = 10_000;
const MAX_PARTS = 20;
/** What is shown of an error in any case. */
const SAID = new Set(["name", "message", "stack", "cause", "errors"]);
/** Of the cells whose lines are known: a function of an older one shows the script's own lines. */
const MAX_CELLS = 2000;
const MAX_SOURCES = 20_000_000;

export class Errors {
  readonly #cells = new Map<string, CellSource>();
  readonly #builtins: Builtins;
  /** Characters of all sources. */
  #sources = 0;

  constructor(builtins = new Builtins()) {
    this.#builtins = builtins;
  }

  /** From now on frames of this script read as lines of the cell. */
  register(label: string, source: string, map: CellMap): void {
    this.#forget(label);
    this.#cells.set(label, { source, map: mapperOf(map) });
    this.#sources += source.length;
    for (const oldest of this.#cells.keys()) {
      if (oldest === label || (this.#cells.size <= MAX_CELLS && this.#sources <= MAX_SOURCES))
        return;
      this.#forget(oldest);
    }
  }

  #forget(label: string): void {
    this.#sources -= this.#cells.get(label)?.source.length ?? 0;
    this.#cells.delete(label);
  }

  /** Makes every `stack` in the process read in cell lines. */
  install(): void {
    Error.prepareStackTrace = this.#written;
  }

  /** The stack of an error as it reads. */
  readonly #written = (error: Error, sites: readonly NodeJS.CallSite[]): string => {
    const shown = this.#belowCells(sites);
    const frames = shown
      .filter((site, i) => !(isLanguage(site) && isKernel(shown[i + 1])))
      .map((site) => this.#frame(site as Frame))
      .filter((frame) => frame !== null);
    return [readable(headline(error)), ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };

  /** What a reader is shown; `label` names the cell that failed. */
  report(thrown: unknown, label = ""): ErrorReport {
    try {
      return this.#builtins.safely(() => this.#inCellLines(() => this.#report(thrown, label)));
    } catch (error) {
      // It throws when it is asked, or the cell has changed what the kernel reports with: something must be said.
      const evalue = `an error that cannot be shown was thrown (${headline(error)})`;
      return { ename: "Error", evalue, traceback: [`Error: ${evalue}`] };
    }
  }

  /** A stack is written when it is first read: packages, such as source-map-support, have a way of their own. */
  #inCellLines<T>(call: () => T): T {
    const theirs: unknown = Reflect.get(Error, "prepareStackTrace");
    if (theirs === this.#written) return call();
    Reflect.set(Error, "prepareStackTrace", this.#written);
    try {
      return call();
    } finally {
      Reflect.set(Error, "prepareStackTrace", theirs);
    }
  }

  #report(thrown: unknown, label: string): ErrorReport {
    if (!isError(thrown)) {
      const evalue = textOf(thrown, { colors: false, depth: 2 });
      const shown = textOf(thrown, { colors: true, depth: 2 });
      return { ename: "Uncaught", evalue, traceback: [`${paint.red("Uncaught")} ${shown}`] };
    }
    const { name, message } = partsOf(thrown);
    return { ename: name, evalue: message, traceback: this.#traceback(thrown, label) };
  }

  #traceback(thrown: Error, failed: string): string[] {
    const lines: string[] = [];
    const seen = new Set<unknown>();
    let error: unknown = thrown;
    for (let depth = 0; error !== undefined && depth < MAX_CAUSES && !seen.has(error); depth++) {
      seen.add(error);
      const label = depth === 0 ? "" : `${paint.dim("Caused by:")} `;
      if (!isError(error)) {
        lines.push(label + textOf(error, { colors: true, depth: 2 }));
        break;
      }
      const { name, message } = partsOf(error);
      lines.push(`${label}${paint.red(paint.bold(name))}: ${message}`);
      lines.push(...this.#where(error, failed), ...carriedBy(error));
      if (error instanceof AggregateError) lines.push(...partsOfAggregate(error));
      error = causeOf(error);
    }
    return lines;
  }

  #where(error: Error, failed: string): string[] {
    const frames = read(error, "stack")
      .split("\n")
      .filter((line) => /^\s+at /.test(line))
      .filter((line, i, all) => !isOwn(line) && !(isBuiltin(line) && isOwn(all[i + 1])));
    const place = frames.map((line) => CELL_PLACE.exec(line)).find((match) => match !== null);
    const lines: string[] = [];
    if (error instanceof ModuleNotFoundError) {
      const source = this.#cells.get(failed)?.source ?? "";
      const start = source.indexOf(error.specifier);
      if (start >= 0) {
        const at = placeAt(source, start, start + error.specifier.length);
        return [excerpt(failed, source, at)];
      }
    }
    if (place !== undefined && place !== null) {
      const [, label = "", line = "1", column = "1"] = place;
      const cell = this.#cells.get(label);
      const at = { line: Number(line) - 1, column: Number(column) - 1, length: 1 };
      if (cell !== undefined) lines.push(excerpt(label, cell.source, wholeMagic(cell.source, at)));
    }
    return [...lines, ...frames.map((frame) => paint.dim(frame))];
  }

  /** Without what called the outermost frame of a cell: that is the kernel, or Node on its behalf. */
  #belowCells(sites: readonly NodeJS.CallSite[]): readonly NodeJS.CallSite[] {
    const last = sites.findLastIndex((site) => this.#cells.has(site.getFileName() ?? ""));
    if (last >= 0) return sites.slice(0, last + 1);
    return sites.filter((site) => site.getFileName()?.startsWith("node:") === false);
  }

  /** One frame in V8's words with the cell's own line, or null for a frame that is not the reader's business. */
  #frame(site: Frame): string | null {
    const file = site.getFileName() ?? "";
    if (isKernel(site) || /^node:(internal|vm|async_hooks)/.test(file)) return null;
    const cell = this.#cells.get(file);
    const text = site.toString();
    if (cell === undefined) return LOCAL_MODULE.test(file) ? inLocalModule(site, file, text) : text;
    const line = (site.getLineNumber() ?? 1) - 1;
    const place = cell.map({ line, column: (site.getColumnNumber() ?? 1) - 1 });
    const raw = `${file}:${site.getLineNumber()}:${site.getColumnNumber()}`;
    const mapped = place === null ? file : `${file}:${place.line + 1}:${place.column + 1}`;
    return text.replace(raw, mapped);
  }
}

function isKernel(site: NodeJS.CallSite | undefined): boolean {
  const file = site?.getFileName() ?? "";
  return KERNEL.some((folder) => file.startsWith(folder));
}

/** Of a method of the language, such as `map`: whoever it calls, its caller is the next frame. */
function isLanguage(site: NodeJS.CallSite): boolean {
  return (site.getFileName() ?? "") === "";
}

function isOwn(frame: string | undefined): boolean {
  return frame?.includes(OWN_PACKAGE) ?? false;
}

/** A method of the language: whoever it calls, its caller is the next frame. */
function isBuiltin(frame: string): boolean {
  return frame.endsWith(" (<anonymous>)");
}

/** What stands for a magic in the script is shorter than its line. */
function wholeMagic(source: string, place: Place): Place {
  const line = source.split("\n")[place.line] ?? "";
  if (place.column > 1 || !/^(?:%|![^!(=])/.test(line)) return place;
  return { ...place, column: 0, length: Math.max(1, line.trimEnd().length) };
}

/** Name and message as texts, and no longer than somebody reads. */
function partsOf(error: Error): { readonly name: string; readonly message: string } {
  return {
    name: read(error, "name") || "Error",
    message: readable(shortened(read(error, "message"))),
  };
}

/** A property that should be a text, whatever it is: libraries put objects there. */
function read(error: Error, key: "name" | "message" | "stack"): string {
  const value = askedFor(error, key);
  if (typeof value === "string") return value;
  return value === undefined || key === "stack" ? "" : textOf(value, { colors: false, depth: 2 });
}

function shortened(text: string): string {
  if (text.length <= MAX_MESSAGE) return text;
  return `${text.slice(0, MAX_MESSAGE)}… (${text.length - MAX_MESSAGE} more characters)`;
}

/** What else an error says, as `code` and `path`; empty for most. */
function carriedBy(error: Error): string[] {
  const carried: Record<string, unknown> = {};
  // Its message has said it.
  if (error instanceof ModuleNotFoundError) return [];
  for (const key of Object.keys(error)) {
    const found = Object.getOwnPropertyDescriptor(error, key);
    if (found !== undefined && "value" in found && !SAID.has(key)) carried[key] = found.value;
  }
  return Object.keys(carried).length === 0 ? [] : [textOf(carried, { colors: true, depth: 1 })];
}

function partsOfAggregate(error: AggregateError): string[] {
  const all: readonly unknown[] = Array.isArray(error.errors) ? error.errors : [];
  const lines = all
    .slice(0, MAX_PARTS)
    .map(
      (part) => `  - ${isError(part) ? headline(part) : textOf(part, { colors: true, depth: 1 })}`,
    );
  return all.length > MAX_PARTS ? [...lines, `  … and ${all.length - MAX_PARTS} more`] : lines;
}

/** What caused an error, unless the error says it all again. */
function causeOf(error: Error): unknown {
  const { cause } = error;
  if (!isError(cause)) return cause;
  const isRepeated = read(error, "message").includes(read(cause, "message"));
  return isRepeated ? undefined : cause;
}

/** A frame of a module beside the notebook, with the line of its TypeScript. */
function inLocalModule(site: Frame, file: string, text: string): string {
  const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  const isMapped = entry !== undefined && "originalLine" in entry;
  const place = isMapped
    ? `${entry.originalLine + 1}:${entry.originalColumn + 1}`
    : `${line}:${column}`;
  const path = fileURLToPath(file.replace(LOCAL_MODULE, ""));
  return text.replace(`${file}:${line}:${column}`, `${path}:${place}`);
}

function headline(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}
