/** A value in a line of a list: its type as TypeScript would say it, the value, and how large it is. */
import { types } from "node:util";
import { lengthOfTyped, sizeOfMap, sizeOfSet } from "./containers.ts";
import { classNameOf, dataOf, isObject } from "./reflect.ts";
import { lineOf } from "./text.ts";

export interface Summary {
  readonly type: string;
  readonly value: string;
  /** Items, characters, or a shape; "" where there is nothing to count. */
  readonly size: string;
}

const MAX_VALUE = 60;
/** So many items are looked at for their type. */
const SAMPLE = 20;

export function summaryOf(value: unknown): Summary {
  const isCode = typeof value === "function";
  return {
    type: typeOf(value),
    value: isCode ? headOf(value) : lineOf(value, MAX_VALUE),
    size: sizeOf(value),
  };
}

/** `number[]`, `Map<string, number>`, `Tensor`. */
export function typeOf(value: unknown, depth = 0): string {
  if (value === null) return "null";
  if (!isObject(value)) return typeof value;
  if (types.isProxy(value)) return "Proxy";
  if (typeof value === "function") return isClass(value) ? "class" : "function";
  const name = classNameOf(value) ?? "object";
  if (depth > 2) return name;
  const inner = (items: readonly unknown[]): string => unionOf(items, depth + 1);
  if (Array.isArray(value)) {
    const item = inner(ownItems(value));
    return item.includes(" ") ? `(${item})[]` : `${item}[]`;
  }
  if (types.isMap(value)) {
    const entries = [...first(Map.prototype.entries.call(value))];
    return `Map<${inner(entries.map(([key]) => key))}, ${inner(entries.map(([, item]) => item))}>`;
  }
  if (types.isSet(value)) return `Set<${inner([...first(Set.prototype.values.call(value))])}>`;
  return name === "Object" ? "object" : name;
}

function isClass(value: Function): boolean {
  const property = Object.getOwnPropertyDescriptor(value, "prototype");
  return property?.writable === false;
}

/** Without the getters that an array may hide. */
function ownItems(value: readonly unknown[]): unknown[] {
  const items: unknown[] = [];
  for (let i = 0; i < Math.min(value.length, SAMPLE); i++) {
    const property = Object.getOwnPropertyDescriptor(value, i);
    if (property !== undefined) items.push(property.value);
  }
  return items;
}

function* first<T>(values: Iterable<T>): Generator<T> {
  let count = 0;
  for (const value of values) {
    if (count++ >= SAMPLE) return;
    yield value;
  }
}

function unionOf(items: readonly unknown[], depth: number): string {
  const names = [...new Set(items.map((item) => typeOf(item, depth)))];
  return names.length === 0 ? "unknown" : names.length > 3 ? "unknown" : names.join(" | ");
}

/** The first line of a function, which says how it is called. */
function headOf(value: Function): string {
  const text = Function.prototype.toString.call(value);
  const [line = ""] = text.split("\n");
  return line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE - 1)}…` : line;
}

function sizeOf(value: unknown): string {
  if (typeof value === "string") return counted(value.length, "character");
  if (!isObject(value) || typeof value === "function" || types.isProxy(value)) return "";
  if (Array.isArray(value)) return counted(value.length, "item");
  if (types.isTypedArray(value)) return counted(lengthOfTyped(value), "item");
  if (types.isMap(value)) return counted(sizeOfMap(value), "entry");
  if (types.isSet(value)) return counted(sizeOfSet(value), "item");
  const shape = dataOf(value, "shape");
  if (Array.isArray(shape)) return lineOf(shape, 30);
  const keys = Object.keys(value).length;
  return keys === 0 ? "" : counted(keys, "key");
}

function counted(n: number, what: string): string {
  const many = what === "entry" ? "entries" : `${what}s`;
  return `${n.toLocaleString("en")} ${n === 1 ? what : many}`;
}
