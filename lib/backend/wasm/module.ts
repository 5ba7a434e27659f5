/** A WebAssembly module in its binary format (WebAssembly 2.0, §5.5). */
import { typeCodes, unsigned, type Code, type Type } from "./code.ts";

/** A function that comes from outside. */
export interface Import {
  readonly name: string;
  readonly params: readonly Type[];
  readonly results: readonly Type[];
}

/** The memory that a module works in. */
export interface MemoryLimits {
  readonly pages: number;
  readonly maximum: number;
  readonly shared: boolean;
}

/** The name under which imports are given. */
export const ENVIRONMENT = "environment";

/** Functions being gathered. Imports are numbered before all others, so they are known from the start. */
export class Module {
  readonly #imports: readonly Import[];
  readonly #functions: Code[] = [];
  readonly #exports = new Map<string, number>();

  constructor(imports: readonly Import[]) {
    this.#imports = imports;
  }

  /** The number of an import, for `call`. */
  imported(name: string): number {
    return this.#imports.findIndex((one) => one.name === name);
  }

  /** Adds a function, and gives it its number. */
  add(code: Code, exported?: string): number {
    const index = this.#imports.length + this.#functions.push(code) - 1;
    if (exported !== undefined) this.#exports.set(exported, index);
    return index;
  }

  /** The finished module. */
  bytes({ pages, maximum, shared }: MemoryLimits): Uint8Array<ArrayBuffer> {
    const signatures = new Map<string, number>();
    const typeOf = (params: readonly Type[], results: readonly Type[]): number => {
      const key = JSON.stringify([codes(params), codes(results)]);
      const found = signatures.get(key) ?? signatures.size;
      signatures.set(key, found);
      return found;
    };
    const limits = [shared ? 3 : 1, ...unsigned(pages), ...unsigned(maximum)];
    const imports = [
      [...text(ENVIRONMENT), ...text("memory"), 2, ...limits],
      ...this.#imports.map(({ name, params, results }) => [
        ...text(ENVIRONMENT),
        ...text(name),
        0,
        ...unsigned(typeOf(params, results)),
      ]),
    ];
    const functions = this.#functions.map((code) => unsigned(typeOf(code.params, [])));
    const exported = [...this.#exports].map(([name, index]) => [
      ...text(name),
      0,
      ...unsigned(index),
    ]);
    const types = [...signatures.keys()].map((key) => {
      const [params, results] = JSON.parse(key) as [number[], number[]];
      return [0x60, params.length, ...params, results.length, ...results];
    });
    return join([
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
      ...section(1, types),
      ...section(2, imports),
      ...section(3, functions),
      ...section(7, exported),
      ...section(
        10,
        this.#functions.map((code) => code.bytes()),
      ),
    ]);
  }
}

function codes(types: readonly Type[]): number[] {
  return types.map((type) => typeCodes[type]);
}

function text(value: string): number[] {
  const bytes = Array.from(value, (letter) => letter.charCodeAt(0));
  return [...unsigned(bytes.length), ...bytes];
}

function section(id: number, items: readonly ArrayLike<number>[]): Uint8Array[] {
  const count = unsigned(items.length);
  const size = items.reduce((sum, item) => sum + item.length, count.length);
  return [
    Uint8Array.from([id, ...unsigned(size), ...count]),
    ...items.map((item) => (item instanceof Uint8Array ? item : Uint8Array.from(item))),
  ];
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
