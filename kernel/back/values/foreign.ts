/** Values that only Node can look into, or that bring a text of their own: Node's `inspect`, with bounds. */
import { inspect, type InspectOptions, types } from "node:util";
import { paint } from "../../cell/excerpt.ts";
import { clip, type Printer, paintAs, type Style } from "./printer.ts";
import { classNameOf, dataOf, hasOwnInspect, isObject } from "./reflect.ts";

/** So many words of one text may be painted; Node itself does not limit the properties of an object. */
const MAX_WORDS = 2_000;

const ESCAPE = "\u001b";
const GREY = new RegExp(`${ESCAPE}\\[90m([^${ESCAPE}]*)${ESCAPE}\\[39m`, "g");

class TooLong extends Error {}

/** Node's text of the value; throws what the value's own code throws. */
export function foreignText(printer: Printer, value: object, level: number): string {
  if (types.isPromise(value)) hideTracks(value);
  const { look, width, indentation, keys, colors } = printer;
  const temporal = temporalText(value);
  if (temporal !== null) return printer.paint(temporal, "date");
  const breakLength = width - indentation;
  const depth = look.depth - level;
  const close = {
    depth,
    breakLength,
    maxArrayLength: look.items,
    maxStringLength: look.characters,
  };
  const far = { depth: Math.min(depth, 0), breakLength, maxArrayLength: 10, maxStringLength: 100 };
  let text = keys.hopeless.has(value) ? null : inspectWithin(value, close, { colors });
  text ??= keys.hopeless.has(value) ? null : inspectWithin(value, far, { colors, isOnce: true });
  if (text === null) keys.hopeless.add(value);
  text ??= printer.paint(`[${classNameOf(value) ?? "Object"}]`, "special");
  printer.spend(text.length);
  const shown = clip(text, look.characters);
  return shown.includes("\n") ? shown.replaceAll("\n", `\n${" ".repeat(indentation)}`) : shown;
}

interface Bounds {
  readonly colors: boolean;
  readonly words?: number;
  /** Whether Node may be asked only once: a text of the value's own may count how often it is asked for. */
  readonly isOnce?: boolean;
}

/** Node's `inspect`, or null where that would become too long. */
export function inspectWithin(
  value: unknown,
  options: InspectOptions,
  { colors, words = MAX_WORDS, isOnce = isObject(value) && hasOwnInspect(value) }: Bounds,
): string | null {
  let painted = 0;
  // Node calls this for each word: the one place where it can be stopped.
  const stylize = (text: string, style: Style): string => {
    if (++painted > words) throw new TooLong();
    return colors && isOnce ? paintAs(text, style) : text;
  };
  try {
    // With `colors` Node would put its own function in the place of ours.
    const text = inspect(value, { ...options, colors: false, stylize } as InspectOptions);
    if (!colors || isOnce) return text;
    return inspect(value, { ...options, colors }).replaceAll(GREY, (_whole, dim: string) =>
      paint.dim(dim),
    );
  } catch (error) {
    // Node wraps what is thrown within it.
    if (painted > words) return null;
    throw error;
  }
}

// A cell may replace them; the kernel keeps its own.
const { defineProperty, ownKeys } = Reflect;

/** Node 20 notes on every promise what it belongs to, for its AsyncLocalStorage: what a new one has as well is not the reader's. */
function hideTracks(promise: object): void {
  const fresh = (async (): Promise<void> => {})();
  for (const key of ownKeys(fresh)) defineProperty(promise, key, { enumerable: false });
}

/** Node does not know the classes of Temporal in every version: without this they are all `{}`. */
function temporalText(value: object): string | null {
  const tag = dataOf(value, Symbol.toStringTag);
  if (typeof tag !== "string" || !tag.startsWith("Temporal.")) return null;
  const method = dataOf(value, "toString");
  if (typeof method !== "function") return null;
  const text: unknown = Reflect.apply(method, value, []);
  return typeof text === "string" ? `${tag} ${clip(text, 200)}` : null;
}
