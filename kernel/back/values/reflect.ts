/** What a value is, found out without running any code of its own: no getter, no trap of a proxy. */
import { inspect, types } from "node:util";

// A cell may replace it; the kernel keeps its own.
const { get } = Reflect;

/** A chain of prototypes may be long, or be made by someone who wants to be mean. */
const MAX_PROTOTYPES = 100;

export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The value and its prototypes, up to the first proxy among them. */
export function* chainOf(value: object): Generator<object> {
  let at: object | null = value;
  for (let i = 0; i < MAX_PROTOTYPES && at !== null && !types.isProxy(at); i++) {
    yield at;
    at = Object.getPrototypeOf(at) as object | null;
  }
}

/** A data property of the value or of its prototypes. */
export function dataOf(value: object, key: PropertyKey): unknown {
  for (const at of chainOf(value)) {
    const found = Object.getOwnPropertyDescriptor(at, key);
    if (found !== undefined) return found.value;
  }
  return undefined;
}

/** Runs a getter, for what is to be had no other way: a stack is made when it is first asked for. */
export function askedFor(value: object, key: PropertyKey): unknown {
  try {
    return get(value, key);
  } catch {
    return undefined;
  }
}

/** The name of the class; null without prototype. */
export function classNameOf(value: object): string | null {
  const chain = [...chainOf(value)];
  for (const at of chain) {
    const made = ownData(at, "constructor");
    if (typeof made !== "function" || types.isProxy(made)) continue;
    const name = ownData(made, "name");
    const prototype = ownData(made, "prototype");
    const isMaker = chain.slice(1).some((link) => link === prototype);
    if (typeof name === "string" && name !== "" && isMaker) return name.slice(0, 200);
  }
  return chain.length === 1 && Object.getPrototypeOf(value) === null ? null : "Object";
}

/** `Foo `, `Foo(3) [Tag] `, `[Map(2): null prototype] `: what stands before the brace. */
export function prefixOf(value: object, fallback: string, size = ""): string {
  const name = classNameOf(value);
  const tag = tagOf(value);
  const head = name === null ? `[${fallback}${size}: null prototype]` : name + size;
  return tag === "" || tag === (name ?? fallback) ? `${head} ` : `${head} [${tag}] `;
}

function tagOf(value: object): string {
  const tag = dataOf(value, Symbol.toStringTag);
  const isShownAsKey = Object.prototype.propertyIsEnumerable.call(value, Symbol.toStringTag);
  return typeof tag === "string" && !isShownAsKey ? tag.slice(0, 200) : "";
}

/** Whether the value brings a text of its own, by Node's symbol. */
export function hasOwnInspect(value: object): boolean {
  const method = dataOf(value, inspect.custom);
  if (typeof method !== "function" || method === inspect) return false;
  // A class's prototype has the method too, and no instance behind it.
  const made = ownData(value, "constructor");
  return !(typeof made === "function" && ownData(made, "prototype") === value);
}

/** Also one of another realm, as `node:vm` makes them. */
export function isError(value: unknown): value is Error {
  if (!isObject(value) || types.isNativeError(value)) return isObject(value);
  for (const at of chainOf(value)) if (at === Error.prototype) return at !== value;
  return false;
}

/** Objects whose content is not in their properties. */
const EXOTIC = [
  types.isDate,
  types.isRegExp,
  types.isPromise,
  types.isBoxedPrimitive,
  types.isArgumentsObject,
  types.isGeneratorObject,
  types.isMapIterator,
  types.isSetIterator,
  types.isWeakMap,
  types.isWeakSet,
  types.isAnyArrayBuffer,
  types.isDataView,
  types.isModuleNamespaceObject,
  types.isExternal,
] as const;

export function isExotic(value: object): boolean {
  return EXOTIC.some((is) => is(value));
}

/** An object that is nothing but its properties. */
export function isPlain(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    !types.isProxy(value) &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !types.isMap(value) &&
    !types.isSet(value) &&
    !isExotic(value) &&
    !isError(value) &&
    !hasOwnInspect(value)
  );
}

function ownData(value: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
