/**
 * Any value as text in the style of Node's `inspect`, but never slow, and never long: a value is looked at closely
 * first, and less and less closely while its text comes out too long. No getter is run, and no trap of a proxy.
 */
import { types } from "node:util";
import { partsOf } from "./containers.ts";
import { foreignText } from "./foreign.ts";
import { layOut } from "./layout.ts";
import { leafText } from "./leaf.ts";
import { clip, Keys, type Look, paintAs, type Parts, type Printer, type Style } from "./printer.ts";
import { classNameOf, hasOwnInspect, isExotic, isObject } from "./reflect.ts";

/** From close to far: the first at which the text is short enough is shown. */
const LOOKS: readonly Look[] = [
  { depth: 4, items: 100, characters: 10_000 },
  { depth: 3, items: 50, characters: 2_000 },
  { depth: 2, items: 30, characters: 500 },
  { depth: 2, items: 15, characters: 200 },
  { depth: 1, items: 10, characters: 100 },
];

/** About the characters of a text without its colours. */
const MAX_COST = 30_000;
const MAX_LENGTH = 50_000;
/** What writing one value costs besides its characters: comma, space, line. */
const NODE_COST = 6;

/** As wide as an output of JupyterLab on a laptop. */
export const WIDTH = 100;

export interface TextOptions {
  /** By default where there is structure to see: a lone primitive is plain. */
  readonly colors?: boolean;
  readonly depth?: number;
  readonly width?: number;
  /** Lists of keys that were made already. */
  readonly keys?: Keys;
}

export function textOf(value: unknown, options: TextOptions = {}): string {
  return lookAt(value, options).text;
}

/** The text of a value, with how many values were looked at for it. */
export function lookAt(
  value: unknown,
  options: TextOptions = {},
): { readonly text: string; readonly visited: number } {
  const { colors = isObject(value), depth = 4, width = WIDTH, keys = new Keys() } = options;
  let text = "";
  let visited = 0;
  for (const look of LOOKS) {
    const closer = { ...look, depth: Math.min(look.depth, depth) };
    const printer = new TextPrinter({ look: closer, colors, width, keys });
    text = printer.print(value, 0);
    visited += printer.visited;
    if (!printer.isSpent && text.length <= MAX_LENGTH) return { text, visited };
  }
  // The last resort, for what is long in a way that no look foresees.
  return { text: clip(text, MAX_LENGTH), visited };
}

/** A value in at most so many characters of one line, without colour. */
export function lineOf(value: unknown, characters: number): string {
  const look = { depth: 1, items: 6, characters };
  const options = { look, colors: false, width: Infinity, keys: new Keys() };
  const text = new TextPrinter(options).print(value, 0).replaceAll(/\s*\n\s*/g, " ");
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}

interface PrinterOptions {
  readonly look: Look;
  readonly colors: boolean;
  readonly width: number;
  readonly keys: Keys;
}

export class TextPrinter implements Printer {
  readonly look: Look;
  readonly colors: boolean;
  readonly width: number;
  readonly keys: Keys;
  indentation = 0;
  deepest = 0;
  /** How many values were looked at. */
  visited = 0;
  #cost = 0;
  readonly #open: object[] = [];
  readonly #circular = new Map<object, number>();

  constructor({ look, colors, width, keys }: PrinterOptions) {
    this.look = look;
    this.colors = colors;
    this.width = width;
    this.keys = keys;
  }

  get isSpent(): boolean {
    return this.#cost > MAX_COST;
  }

  spend(cost: number): void {
    this.#cost += cost;
  }

  paint(text: string, style: Style): string {
    return this.colors ? paintAs(text, style) : text;
  }

  print(value: unknown, level: number): string {
    this.visited++;
    this.spend(NODE_COST);
    if (!isObject(value)) {
      const text = leafText(this, value);
      this.spend(text.length);
      return text;
    }
    const { indentation } = this;
    const opened = this.#open.length;
    try {
      return this.#object(value, level);
    } catch (error) {
      this.indentation = indentation;
      this.#open.length = opened;
      return this.#unreadable(value, error);
    }
  }

  #object(value: object, level: number): string {
    if (this.#open.includes(value)) return this.#circle(value);
    if (types.isProxy(value)) return foreignText(this, value, level);
    if (hasOwnInspect(value)) {
      try {
        return foreignText(this, value, level);
      } catch (error) {
        const plain = this.#parts(value, partsOf(this, value), level);
        return `${plain} ${this.paint(`[its own inspect failed: ${reasonOf(error)}]`, "special")}`;
      }
    }
    if (isExotic(value)) return foreignText(this, value, level);
    if (this.keys.refuses(value))
      return this.paint(`[${classNameOf(value) ?? "Object"}]`, "special");
    return this.#parts(value, partsOf(this, value), level);
  }

  #parts(value: object, parts: Parts, level: number): string {
    this.spend(parts.open.length + (parts.base ?? "").length);
    if (parts.empty !== null) return parts.empty;
    if (level > this.look.depth) return this.paint(`[${parts.stub}]`, "special");
    this.#open.push(value);
    this.deepest = level + 1;
    const entries = parts.entries(level + 1);
    this.#open.pop();
    const circle = this.#circular.get(value);
    if (circle === undefined) return layOut(this, parts, entries, level + 1);
    const mark = this.paint(`<ref *${circle}>`, "special");
    const base = parts.base === undefined ? mark : `${mark} ${parts.base}`;
    return layOut(this, { ...parts, base }, entries, level + 1);
  }

  #circle(value: object): string {
    const index = this.#circular.get(value) ?? this.#circular.size + 1;
    this.#circular.set(value, index);
    return this.paint(`[Circular *${index}]`, "special");
  }

  #unreadable(value: object, error: unknown): string {
    let name = "Object";
    try {
      name = classNameOf(value) ?? "Object";
    } catch {
      // Even its class cannot be asked for.
    }
    return this.paint(`[${name}: cannot be shown: ${reasonOf(error)}]`, "special");
  }
}

function reasonOf(error: unknown): string {
  try {
    const reason = types.isNativeError(error) ? `${error.name}: ${error.message}` : String(error);
    return clip(reason.split("\n")[0] ?? "", 200);
  } catch {
    return "it threw something unreadable";
  }
}
