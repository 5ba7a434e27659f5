/** What `console` writes: Node's format strings, and values within the same bounds as a cell's own. */
import { formatWithOptions, types } from "node:util";
import { cssCodes, RESET } from "./css.ts";
import { inspectWithin } from "./foreign.ts";
import { moreText } from "./printer.ts";
import { dataOf, isObject } from "./reflect.ts";
import { textOf } from "./text.ts";

/** As deep as Node's console goes. */
const DEPTH = 2;
/** For those who ask for more with `%o` or `console.dir`. */
const MANY_WORDS = 20_000;
const MAX_ROWS = 1_000;

const DIRECTIVE = /%[sdifjoOc%]/g;

/** The text of `console.log(...values)`. */
export function logText(values: readonly unknown[]): string {
  const [first, ...others] = values;
  if (typeof first !== "string") return values.map(plainOrText).join(" ");
  if (others.length === 0) return first;
  let used = 0;
  let isStyled = false;
  const styled = (css: unknown): string => {
    const end = isStyled ? RESET : "";
    const codes = hasColors() && typeof css === "string" ? cssCodes(css) : "";
    isStyled = codes !== "";
    return end + codes;
  };
  const head = first.replaceAll(DIRECTIVE, (directive) => {
    if (directive === "%%") return "%";
    if (used >= others.length) return directive;
    const value = others[used++];
    return directive === "%c" ? styled(value) : directed(directive, value);
  });
  return [isStyled ? head + RESET : head, ...others.slice(used).map(plainOrText)].join(" ");
}

/** https://no-color.org, and https://nodejs.org/api/cli.html#force_color1-2-3 */
function hasColors(): boolean {
  const { NO_COLOR = "", FORCE_COLOR = "" } = process.env;
  return FORCE_COLOR === "" ? NO_COLOR === "" : !/^(?:0|false)$/.test(FORCE_COLOR);
}

function plainOrText(value: unknown): string {
  return typeof value === "string" ? value : textOf(value, { colors: true, depth: DEPTH });
}

/** https://nodejs.org/api/util.html#utilformatformat-args */
function directed(directive: string, value: unknown): string {
  switch (directive) {
    case "%O":
      return textOf(value, { colors: true, depth: DEPTH });
    case "%o": {
      const options = { showHidden: true, showProxy: true, depth: 4 };
      const shown = inspectWithin(value, options, { colors: true, words: MANY_WORDS });
      return shown ?? textOf(value, { colors: true });
    }
    case "%s":
      return isObject(value) && !hasOwnString(value)
        ? textOf(value, { colors: false, depth: 0 })
        : formatWithOptions({}, "%s", value);
    default:
      return formatWithOptions({}, directive, value);
  }
}

/** Whether the author has said what the value is as a string. */
function hasOwnString(value: object): boolean {
  if (types.isProxy(value)) return false;
  return ["toString", Symbol.toPrimitive].some((key) => {
    const method = dataOf(value, key);
    return (
      typeof method === "function" &&
      !types.isProxy(method) &&
      !/\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(method))
    );
  });
}

/** The text of `console.dir(value, options)`. */
export function dirText(value: unknown, options: object = {}): string {
  const { colors = true, ...others } = options as { readonly colors?: boolean };
  const wanted = { customInspect: false, ...others };
  const shown = inspectWithin(value, wanted, { colors, words: MANY_WORDS });
  return shown ?? textOf(value, { colors });
}

/** The first rows of what `console.table` is given, and a line about the rest; Node would write every row. */
export function tableRows(data: unknown): { readonly rows: unknown; readonly more: string | null } {
  if (!isObject(data) || types.isProxy(data)) return { rows: data, more: null };
  const left = (count: number): string | null =>
    count > MAX_ROWS ? moreText(count - MAX_ROWS, "row") : null;
  if (Array.isArray(data) || types.isTypedArray(data)) {
    const more = left(data.length);
    return { rows: more === null ? data : data.slice(0, MAX_ROWS), more };
  }
  if (types.isMap(data)) return { rows: new Map(taken(data)), more: left(data.size) };
  if (types.isSet(data)) return { rows: new Set(taken(data)), more: left(data.size) };
  const keys = Object.keys(data);
  const more = left(keys.length);
  if (more === null) return { rows: data, more };
  const entries = keys.slice(0, MAX_ROWS).map((key) => [key, Reflect.get(data, key)]);
  return { rows: Object.fromEntries(entries), more };
}

function taken<T>(items: Iterable<T>): T[] {
  const shown: T[] = [];
  for (const item of items) {
    if (shown.length >= MAX_ROWS) break;
    shown.push(item);
  }
  return shown;
}
