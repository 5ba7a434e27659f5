/** What the parts of the text of a value share: the bounds, the colours, and how far the writing has come. */
import { inspect } from "node:util";
import { paint } from "../../cell/excerpt.ts";

/** How closely a value is looked at. */
export interface Look {
  /** How many levels of nesting are shown below the value. */
  readonly depth: number;
  /** How many items or properties of one container. */
  readonly items: number;
  /** How many characters of one string. */
  readonly characters: number;
}

export type Style =
  | "special"
  | "number"
  | "bigint"
  | "boolean"
  | "undefined"
  | "null"
  | "string"
  | "symbol"
  | "date"
  | "regexp"
  | "module";

/** Writes one value at one look. */
export interface Printer {
  readonly look: Look;
  readonly colors: boolean;
  readonly width: number;
  readonly keys: Keys;
  /** How many columns the lines below the current one are indented. */
  indentation: number;
  /** The level of the container that was opened last. */
  deepest: number;
  /** Whether the text has become so long that the rest is left out. */
  readonly isSpent: boolean;
  /** Takes note of work done; a unit is about a character. */
  spend(cost: number): void;
  paint(text: string, style: Style): string;
  print(value: unknown, level: number): string;
}

/** A container's text before it is laid out on lines. */
export interface Parts {
  /** Stands for the container where it is too deep. */
  readonly stub: string;
  /** Written in front, and all there is when there are no entries: a stack, a function's head. */
  readonly base?: string;
  readonly open: string;
  readonly close: string;
  /** The whole text when nothing is in it; null when there is. */
  readonly empty: string | null;
  /** Items of a list may stand side by side. */
  readonly isList?: boolean;
  /** Numbers stand right-aligned. */
  readonly isNumeric?: boolean;
  entries(level: number): Entries;
}

export interface Entries {
  readonly shown: string[];
  /** Whether the last of them says how much is left out. */
  readonly hasMore: boolean;
}

/** More keys than this are a burden: V8 makes a list of all of them before the first can be read. */
const MANY_KEYS = 200_000;

/** The enumerable own keys of objects, each object asked once however often it is looked at. */
export class Keys {
  readonly #known = new Map<object, readonly PropertyKey[]>();
  #listed = 0;
  /** Objects that Node's own `inspect` could not show within bounds. */
  readonly hopeless = new Set<object>();

  /** Whether so many keys were listed that no further object should be asked. */
  refuses(value: object): boolean {
    return this.#listed > MANY_KEYS && !this.#known.has(value);
  }

  of(value: object): readonly PropertyKey[] {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const symbols = Object.getOwnPropertySymbols(value).filter((key) =>
      Object.prototype.propertyIsEnumerable.call(value, key),
    );
    const names: PropertyKey[] = Object.keys(value);
    const keys = symbols.length === 0 ? names : names.concat(symbols);
    this.#listed += keys.length;
    this.#known.set(value, keys);
    return keys;
  }
}

/** Node's own colours, as the reader may have set them. */
export function paintAs(text: string, style: Style): string {
  const name: unknown = inspect.styles[style];
  if (name === "grey" || name === "gray") return paint.dim(text);
  const color = typeof name === "string" ? inspect.colors[name] : undefined;
  return color === undefined ? text : `\u001b[${color[0]}m${text}\u001b[${color[1]}m`;
}

/** `... 3 more items` */
export function moreText(count: number, noun: string): string {
  return `... ${count} more ${noun}${count === 1 ? "" : "s"}`;
}

/** A long text's beginning, with how much is left out. */
export function clip(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const more = moreText(text.length - characters, "character");
  const shown = text.slice(0, characters);
  if (!shown.includes("\u001b")) return shown + more;
  const escape = shown.lastIndexOf("\u001b");
  const isWhole = shown.indexOf("m", escape) >= 0;
  return `${isWhole ? shown : shown.slice(0, escape)}\u001b[0m${more}`;
}
