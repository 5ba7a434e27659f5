/**
 * Looks at values of the running notebook, without running any of its code: no getter is called, and V8 stops whatever
 * has a side effect. Works while a cell loops or waits; in a synchronous child process there is no answer.
 */
import type inspector from "node:inspector";
import { BOXES } from "../channel.ts";
import type { Named } from "../language/completion.ts";
import type { Path } from "../language/place.ts";
import { evaluate } from "./main_thread.ts";

export interface Value {
  /** Short; null for what is told better by its type. */
  readonly text: string | null;
  /** Of a function. */
  readonly source: string | null;
}

export interface Values {
  /** The members of a value, its own first; of the global object for an empty path. */
  members(path: Path): Promise<Named[]>;
  value(path: Path): Promise<Value | null>;
  /** Those of the names that are properties of the global object. */
  globals(names: readonly string[]): Promise<ReadonlySet<string>>;
}

/** An answer takes 1 ms, on a busy machine a hundred times as long; in a synchronous child process there is none. */
const PATIENCE_MS = 400;
/** How long V8 looks for. */
const LIMIT_MS = 20;
const MAX_MEMBERS = 2000;
const MAX_TEXT = 200;

type Remote = inspector.Runtime.RemoteObject;
type Preview = inspector.Runtime.ObjectPreview;

/**
 * Finds what a path names: the box of its first name, else a global; then along the properties. Symbol.for counts as a
 * side effect, so the boxes are found by what their symbol prints.
 */
const FIND = `(path) => {
  let boxes = new Map();
  for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
    if (String(symbol) === ${JSON.stringify(`Symbol(${BOXES})`)}) boxes = globalThis[symbol];
  }
  const step = (value, name) => {
    if (value === null || value === undefined) throw null;
    for (let at = Object(value); at !== null; at = Object.getPrototypeOf(at)) {
      const found = Object.getOwnPropertyDescriptor(at, name);
      if (found === undefined) continue;
      if ("value" in found) return found.value;
      break;
    }
    throw null;
  };
  let value = globalThis;
  for (let i = 0; i < path.length; i++) {
    const box = i === 0 ? boxes.get(path[0]) : undefined;
    if (box !== undefined && box.d !== 0) value = box.v;
    // Node has getters for its globals; V8 lets no getter run that does something.
    else if (i === 0 && path[0] in globalThis) value = globalThis[path[0]];
    else value = step(value, path[i]);
  }
  return value;
}`;

/** The elements of arrays are no names, and there may be millions. */
const MEMBERS = `(value) => {
  const found = [];
  if (value === null || value === undefined) return found;
  const start = Object(value);
  const typed = Object.getPrototypeOf(Int8Array.prototype);
  let isIndexed = typeof value === "string" || Array.isArray(start);
  for (let at = start; at !== null; at = Object.getPrototypeOf(at)) isIndexed ||= at === typed;
  for (let at = start; at !== null; at = Object.getPrototypeOf(at)) {
    if (at === Object.prototype && at !== start) break;
    if (at === start && isIndexed) continue;
    for (const name of Object.getOwnPropertyNames(at)) {
      if (found.length >= ${2 * MAX_MEMBERS}) return found;
      if (name === "constructor") continue;
      const property = Object.getOwnPropertyDescriptor(at, name);
      found.push(name, typeof property.value === "function" ? "function" : "property");
    }
  }
  return found;
}`;

const SHORT = `(value) =>
  typeof value === "string" && value.length > ${MAX_TEXT} ? value.slice(0, ${MAX_TEXT}) + "…" : value`;

export const inspectorValues: Values = {
  async members(path) {
    const expression = `(${MEMBERS})((${FIND})(${JSON.stringify(path)}))`;
    const found = (await find(expression, { returnByValue: true }))?.value as unknown;
    if (!Array.isArray(found)) return [];
    const flat = found as readonly string[];
    return flat.flatMap((name, i) => (i % 2 === 0 ? [{ name, kind: flat[i + 1] ?? "" }] : []));
  },
  async value(path) {
    const expression = `(${SHORT})((${FIND})(${JSON.stringify(path)}))`;
    const found = await find(expression, { generatePreview: true });
    if (found === null) return null;
    if (found.type === "function") return { text: null, source: sourceOf(found) };
    return { text: textOf(found), source: null };
  },
  async globals(names) {
    const expression = `${JSON.stringify(names)}.filter((name) => name in globalThis)`;
    const found = await find(expression, { returnByValue: true });
    return new Set((found?.value as readonly string[] | undefined) ?? []);
  },
};

/** Null for what is not there, has side effects, takes too long, or cannot be asked now. */
async function find(
  expression: string,
  options: Partial<inspector.Runtime.EvaluateParameterType>,
): Promise<Remote | null> {
  return evaluate({ expression, timeout: LIMIT_MS, ...options }, PATIENCE_MS);
}

function sourceOf({ description = "" }: Remote): string | null {
  return description.includes("[native code]") ? null : description;
}

/** A value as its preview has it: a line, with the first few of its parts. */
export function textOf({ type, subtype, value, description = "", preview }: Remote): string {
  if (type === "string") return JSON.stringify(value);
  if (type !== "object" || subtype === "null") return description || String(value);
  if (preview === undefined || ["date", "regexp", "error", "proxy"].includes(subtype ?? "")) {
    return description.split("\n")[0] ?? "";
  }
  return previewText(preview);
}

function previewText({
  subtype,
  description = "",
  properties,
  entries,
  overflow,
}: Preview): string {
  const isList = subtype === "array" || subtype === "typedarray";
  const parts =
    entries === undefined
      ? properties
          .filter(isShown)
          .map((one) => (isList && /^\d+$/.test(one.name) ? partOf(one) : named(one)))
      : entries.map(({ key, value }) =>
          key === undefined ? entryText(value) : `${entryText(key)} => ${entryText(value)}`,
        );
  if (overflow) parts.push("…");
  const [open, close] = isList ? "[]" : "{}";
  const name = description === "Object" ? "" : `${description} `;
  return parts.length === 0
    ? `${name}${open}${close}`
    : `${name}${open} ${parts.join(", ")} ${close}`;
}

/** Private fields are nobody's business, as in Node's `inspect`. */
function isShown({ name }: inspector.Runtime.PropertyPreview): boolean {
  return !name.startsWith("#");
}

function named(property: inspector.Runtime.PropertyPreview): string {
  return `${property.name}: ${partOf(property)}`;
}

function partOf({ type, value = "" }: inspector.Runtime.PropertyPreview): string {
  if (type === "string") return JSON.stringify(value);
  if (type === "accessor") return "(getter)";
  return type === "function" ? "ƒ" : value;
}

function entryText({ type, description = "" }: Preview): string {
  return type === "string" ? JSON.stringify(description) : description;
}
