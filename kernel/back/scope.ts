/** The boxes that carry names from cell to cell. */
import { BOXES, type KnownName } from "../channel.ts";

/** A name's value, and whether it is declared: 0 not yet, 1 assignable, 2 constant. */
export interface Box {
  v: unknown;
  d: 0 | 1 | 2;
}

export class Scope {
  readonly #boxes = new Map<string, Box>();

  /** The one box of a name, made at its first mention. */
  box(name: string): Box {
    const found = this.#boxes.get(name);
    if (found !== undefined) return found;
    const made: Box = { v: undefined, d: 0 };
    this.#boxes.set(name, made);
    return made;
  }

  /** Lets the front's inspector find the boxes. A list of the global object's names does not show them. */
  publish(): void {
    Object.defineProperty(globalThis, Symbol.for(BOXES), {
      value: this.#boxes,
      configurable: true,
    });
  }

  declare(name: string, value: unknown): void {
    const box = this.box(name);
    box.v = value;
    box.d = 2;
  }

  /** Of the given names those that are declared by now. */
  known(names: Iterable<string>): KnownName[] {
    return [...names].flatMap((name) => {
      const { d } = this.box(name);
      return d === 0 ? [] : [{ name, constant: d === 2 }];
    });
  }
}
