/** The parameters of a function, read from its source as `Function.prototype.toString` gives it. */
import { readable } from "../readable.ts";
import { closing, CLOSING, skipped } from "./brackets.ts";

/** A function may be a bundle of a megabyte: its head is what is read. */
const MAX_HEAD = 10_000;
const MAX_PARAMETER = 60;
const MAX_PARAMETERS = 120;

/** `(a, b = 2)`; null where there is no source, or none that can be read. */
export function parametersOf(source: string): string | null {
  const head = source.slice(0, MAX_HEAD);
  if (/\{\s*\[native code\]\s*\}$/.test(source.slice(-100))) return null;
  const arrow = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(head);
  if (arrow !== null) return `(${arrow[1]})`;
  const start = startOf(head);
  const parameters = start === null ? null : split(head, start);
  if (parameters === null) return null;
  const shown = parameters.map(tidy).filter((text) => text !== "");
  return `(${fitted(shown).join(", ")})`;
}

/** Behind the bracket that opens the parameters: the first one, unless a computed name has one of its own. */
function startOf(head: string): number | null {
  let at = 0;
  while (at < head.length) {
    const char = head[at] ?? "";
    if (char === "(") return at + 1;
    if (char === "[") {
      const end = closing(head, at);
      if (end === null) return null;
      at = end + 1;
    } else at = skipped(head, at);
  }
  return null;
}

/** The texts between the commas, from `start` to the closing bracket. */
function split(head: string, start: number): string[] | null {
  const parts: string[] = [];
  let from = start;
  let at = start;
  while (at < head.length) {
    const char = head[at] ?? "";
    if (char === ")") return [...parts, head.slice(from, at)];
    if (char === ",") {
      parts.push(head.slice(from, at));
      from = at + 1;
    }
    if (CLOSING[char] !== undefined) {
      const end = closing(head, at);
      if (end === null) return null;
      at = end + 1;
    } else at = skipped(head, at);
  }
  return null;
}

/** `.1`, which is what 0.1 becomes. */
const FRACTION = /(?<=[=(,[:+*/-] ?)\.\d/g;

/** `{ a: a }`, which is what a shorthand property becomes. */
const SHORTHAND = /(?<=[{,] ?)([\p{L}\p{N}$_]+): \1(?= ?[,}])/gu;

const COMMENT_OR_STRING =
  /('(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|`(?:\\[^]|[^`\\])*`)|\/\*[^]*?\*\/|\/\/.*/g;

/** Without comments and line breaks; with the author's names. */
function tidy(parameter: string): string {
  const code = parameter.replaceAll(COMMENT_OR_STRING, "$1");
  const shown = readable(code.replaceAll(/\s+/g, " "))
    .trim()
    .replaceAll(SHORTHAND, "$1")
    .replaceAll(FRACTION, "0$&");
  if (shown.length <= MAX_PARAMETER) return shown;
  const [name = ""] = /^[^=]*/.exec(shown) ?? [];
  const short = name.trim();
  return short !== "" && short.length <= MAX_PARAMETER && short !== shown ? `${short} = …` : "{…}";
}

function fitted(parameters: readonly string[]): string[] {
  const shown: string[] = [];
  let length = 0;
  for (const parameter of parameters) {
    length += parameter.length + 2;
    if (length > MAX_PARAMETERS) return [...shown, "…"];
    shown.push(parameter);
  }
  return shown;
}
