/** The boxes that carry names from cell to cell. */
import { BOXES, type KnownName } from "../channel.ts";

/** A name's value, and whether it is declared: 0 not yet, 1 assignable, 2 constant. */
export interface Box {
  v: unknown;
  d: 0 | 1 | 2;
}

export class Scope {
  /** Whether the notebook has declared a `_` of its own, which no value takes the place of. */
  ownsUnderscore = false;
  readonly #boxes = new Map<string, Box>();
  /** What the notebook started with. */
  readonly #start = new Map<string, Box>();

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

  /** From now on what is declared is the notebook's own. */
  begin(): void {
    for (const [name, { v, d }] of this.#boxes) if (d !== 0) this.#start.set(name, { v, d });
  }

  /** The names that the notebook itself has declared, or given another value. */
  declared(): { readonly name: string; readonly value: unknown }[] {
    return [...this.#boxes].flatMap(([name, { v, d }]) => {
      const before = this.#start.get(name);
      const isOwn = d !== 0 && (before === undefined || !Object.is(before.v, v));
      const isLast = name === "_" && !this.ownsUnderscore;
      return isOwn && !isLast ? [{ name, value: v }] : [];
    });
  }

  /** Makes everything as it was at the start; returns the names that are there then. */
  forget(): KnownName[] {
    for (const [name, box] of this.#boxes) {
      Object.assign(box, this.#start.get(name) ?? { v: undefined, d: 0 });
    }
    this.ownsUnderscore = false;
    return this.known(this.#start.keys());
  }

  /** Of the given names those that are declared by now. */
  known(names: Iterable<string>): KnownName[] {
    return [...names].flatMap((name) => {
      const { d } = this.box(name);
      return d === 0 ? [] : [{ name, constant: d === 2 }];
    });
  }
}
