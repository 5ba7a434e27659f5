/**
 * What the language brings, which the kernel works with and a cell may replace: a polyfill, a spy, a slip. As long as
 * the kernel can work with what is there, it stays; where that fails, it is put back, and the reader is told.
 */
import { EventEmitter } from "node:events";

interface Kept {
  readonly name: string;
  readonly of: object;
  readonly key: PropertyKey;
  readonly descriptor: PropertyDescriptor;
}

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, is } = Object;
const { ownKeys, deleteProperty } = Reflect;

/** Objects whose methods are kept, by name. */
function objects(): [string, object][] {
  const iterators = { Array: [].values(), Map: new Map().keys(), Set: new Set().keys() };
  const classes = { Array, Error, Function, Map, Number, Object, Promise, RegExp, Set, String };
  const emitters = { EventEmitter, WeakMap, Date, Uint8Array };
  const spaces = { Atomics, JSON, Math, Reflect, performance: getPrototypeOf(performance) };
  return [
    ...Object.entries(classes),
    ...Object.entries({ ...classes, ...emitters }).map(
      ([name, { prototype }]): [string, object] => [`${name}.prototype`, prototype],
    ),
    ...Object.entries(spaces),
    ...Object.entries(iterators).map(([name, one]): [string, object] => [
      `the iterator of ${name}`,
      getPrototypeOf(one) as object,
    ]),
  ];
}

/** Of the global object only these: the rest is the notebook's own business. */
const GLOBALS =
  "Array Atomics Buffer Error JSON Map Math Number Object Promise Reflect RegExp Set String Symbol WeakMap";

function keptOf(name: string, of: object, keys: readonly PropertyKey[]): Kept[] {
  const prefix = name === "" ? "" : `${name}.`;
  return keys.flatMap((key) => {
    const descriptor = getOwnPropertyDescriptor(of, key);
    const isMethod = typeof descriptor?.value === "function" || name === "";
    if (descriptor?.configurable !== true || !isMethod || key === "constructor") return [];
    return [{ name: `${prefix}${String(key)}`, of, key, descriptor }];
  });
}

export class Builtins {
  /** Told what was put back. */
  onRestored: (names: readonly string[]) => void = () => {};
  #kept: readonly Kept[] = [];
  #objectKeys: readonly PropertyKey[] = [];

  /** What is there now is what is put back. */
  keep(): void {
    this.#objectKeys = ownKeys(Object.prototype);
    this.#kept = [
      ...keptOf("", globalThis, GLOBALS.split(" ")),
      ...objects().flatMap(([name, of]) => keptOf(name, of, ownKeys(of))),
    ];
  }

  /** Calls a function of the kernel that can be called twice; again, if what it failed by may be a replaced method. */
  safely<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (!this.restore()) throw error;
      return call();
    }
  }

  /** Puts back what was replaced, and says whether there was anything. Loops by index: iterators may be what is broken. */
  restore(): boolean {
    const names: string[] = [];
    let count = 0;
    for (let i = 0; i < this.#kept.length; i++) {
      const { name, of, key, descriptor } = this.#kept[i];
      const now = getOwnPropertyDescriptor(of, key);
      const isSame = now !== undefined && is(now.value, descriptor.value);
      if (isSame || now?.configurable === false) continue;
      defineProperty(of, key, descriptor);
      names[count++] = name;
    }
    for (const added = ownKeys(Object.prototype); added.length > 0; added.length--) {
      const key = added[added.length - 1];
      if (this.#objectKeys.includes(key) || !deleteProperty(Object.prototype, key)) continue;
      names[count++] = `Object.prototype.${String(key)}`;
    }
    if (count > 0) this.onRestored(names);
    return count > 0;
  }
}
