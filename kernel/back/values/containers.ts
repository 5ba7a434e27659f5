/** Arrays, maps, sets, errors, functions and objects as the parts of a text. */
import { types } from "node:util";
import { errorParts } from "./error.ts";
import { functionParts } from "./function.ts";
import { type Entries, moreText, type Parts, type Printer } from "./printer.ts";
import { propertiesOf, propertyText } from "./properties.ts";
import { classNameOf, isError, prefixOf } from "./reflect.ts";

/** So many empty places of an array are counted one by one. */
const MAX_HOLES = 100_000;
/** Only up to this length an array is asked for properties besides its items: V8 lists the indices too. */
const MAX_LISTED = 10_000;

const typedLength = getter(Object.getPrototypeOf(Uint8Array.prototype) as object, "length");
const mapSize = getter(Map.prototype, "size");
const setSize = getter(Set.prototype, "size");

type Size = (value: object) => number;

/** A getter of the language itself: a class may have put its own over it. */
function getter(prototype: object, key: string): Size {
  const property = Object.getOwnPropertyDescriptor(prototype, key);
  return (value) => Number(property?.get?.call(value));
}

export function sizeOfMap(value: object): number {
  return mapSize(value);
}

export function sizeOfSet(value: object): number {
  return setSize(value);
}

export function lengthOfTyped(value: object): number {
  return typedLength(value);
}

export function entriesOfMap(value: object): MapIterator<[unknown, unknown]> {
  return Map.prototype.entries.call(value);
}

export function valuesOfSet(value: object): SetIterator<unknown> {
  return Set.prototype.values.call(value);
}

export function partsOf(printer: Printer, value: object): Parts {
  if (Array.isArray(value)) return arrayParts(printer, value);
  if (types.isTypedArray(value)) return typedParts(printer, value);
  if (types.isMap(value)) return mapParts(printer, value);
  if (types.isSet(value)) return setParts(printer, value);
  if (typeof value === "function") return functionParts(printer, value);
  if (isError(value)) return errorParts(printer, value);
  return objectParts(printer, value);
}

function objectParts(printer: Printer, value: object): Parts {
  const prefix = prefixOf(value, "Object");
  const open = prefix === "Object " ? "{" : `${prefix}{`;
  const isEmpty = printer.keys.of(value).length === 0;
  const stub = prefix.trim();
  return {
    // `[[Object: null prototype]]` has brackets enough.
    stub: stub.startsWith("[") ? stub.slice(1, -1) : stub,
    open,
    close: "}",
    empty: isEmpty ? `${open}}` : null,
    entries: (level) => propertiesOf(printer, value, level),
  };
}

function arrayParts(printer: Printer, value: readonly unknown[]): Parts {
  const { length } = value;
  const prefix = prefixOf(value, "Array", `(${length})`);
  const open = prefix === `Array(${length}) ` ? "[" : `${prefix}[`;
  const extra = length > MAX_LISTED ? [] : printer.keys.of(value).filter((key) => !isIndex(key));
  return {
    stub: classNameOf(value) ?? "Array: null prototype",
    open,
    close: "]",
    empty: length === 0 && extra.length === 0 ? `${open}]` : null,
    isList: true,
    isNumeric: extra.length === 0 && areNumbers(value, printer.look.items),
    entries(level) {
      const { shown, hasMore } = itemsOf(printer, value, level);
      if (extra.length === 0) return { shown, hasMore };
      const properties = propertiesOf(printer, value, level, extra).shown;
      return { shown: [...shown, ...properties], hasMore: false };
    },
  };
}

/** The items of an array, runs of empty places as one. */
function itemsOf(printer: Printer, value: readonly unknown[], level: number): Entries {
  const shown: string[] = [];
  let at = 0;
  while (at < value.length && shown.length < printer.look.items && !printer.isSpent) {
    const property = Object.getOwnPropertyDescriptor(value, at);
    if (property !== undefined) {
      shown.push(propertyText(printer, property, level));
      at++;
      continue;
    }
    const start = at;
    const end = Math.min(value.length, start + MAX_HOLES);
    while (at < end && !Object.hasOwn(value, at)) at++;
    const holes = `<${at - start} empty item${at - start === 1 ? "" : "s"}>`;
    shown.push(printer.paint(holes, "undefined"));
    if (at - start === MAX_HOLES) break;
  }
  return withMore(shown, value.length - at, "item");
}

function typedParts(printer: Printer, value: NodeJS.TypedArray): Parts {
  const length = typedLength(value);
  const fallback = typedTag(value);
  const open = `${prefixOf(value, fallback, `(${length})`)}[`;
  return {
    stub: classNameOf(value) ?? fallback,
    open,
    close: "]",
    empty: length === 0 ? `${open}]` : null,
    isList: true,
    isNumeric: true,
    entries(level) {
      const shown: string[] = [];
      for (let i = 0; i < length && i < printer.look.items && !printer.isSpent; i++) {
        shown.push(printer.print(value[i], level));
      }
      return withMore(shown, length - shown.length, "item");
    },
  };
}

function typedTag(value: NodeJS.TypedArray): string {
  const prototype = Object.getPrototypeOf(Uint8Array.prototype) as object;
  return Reflect.get(prototype, Symbol.toStringTag, value) as string;
}

function mapParts(printer: Printer, value: object): Parts {
  const size = mapSize(value);
  return keyedParts(printer, value, `${prefixOf(value, "Map", `(${size})`)}{`, size, (level) =>
    take(printer, entriesOfMap(value), size, ([key, item]) => {
      const name = printer.print(key, level);
      return `${name} => ${printer.print(item, level)}`;
    }),
  );
}

function setParts(printer: Printer, value: object): Parts {
  const size = setSize(value);
  return keyedParts(printer, value, `${prefixOf(value, "Set", `(${size})`)}{`, size, (level) =>
    take(printer, valuesOfSet(value), size, (item) => printer.print(item, level)),
  );
}

function keyedParts(
  printer: Printer,
  value: object,
  open: string,
  size: number,
  items: (level: number) => Entries,
): Parts {
  const keys = printer.keys.of(value);
  return {
    stub: classNameOf(value) ?? "Object: null prototype",
    open,
    close: "}",
    empty: size === 0 && keys.length === 0 ? `${open}}` : null,
    entries(level) {
      const { shown, hasMore } = items(level);
      return { shown: shown.concat(propertiesOf(printer, value, level).shown), hasMore };
    },
  };
}

/** The first items of an iteration; the rest is never asked for. */
function take<T>(
  printer: Printer,
  items: Iterable<T>,
  size: number,
  write: (item: T) => string,
): Entries {
  const shown: string[] = [];
  if (size > 0) {
    printer.indentation += 2;
    for (const item of items) {
      shown.push(write(item));
      if (shown.length >= printer.look.items || printer.isSpent) break;
    }
    printer.indentation -= 2;
  }
  return withMore(shown, size - shown.length, "item");
}

function withMore(shown: string[], count: number, noun: string): Entries {
  if (count <= 0) return { shown, hasMore: false };
  shown.push(moreText(count, noun));
  return { shown, hasMore: true };
}

function isIndex(key: PropertyKey): boolean {
  return typeof key === "string" && /^(0|[1-9]\d{0,9})$/.test(key);
}

function areNumbers(value: readonly unknown[], count: number): boolean {
  for (let i = 0; i < value.length && i < count; i++) {
    const item: unknown = Object.getOwnPropertyDescriptor(value, i)?.value;
    if (typeof item !== "number" && typeof item !== "bigint") return false;
  }
  return true;
}
