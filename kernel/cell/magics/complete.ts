/** Completion and help for magics, and the TypeScript of a cell that is being written among them. */
import { findMagic, magics } from "./index.ts";
import type { Magic } from "./magic.ts";
import { helpText } from "./help.ts";
import { type MagicReading, readMagics } from "./recognise.ts";

/** What may stand in a stretch of the cell. */
export interface MagicCompletions {
  /** With what they do, if that is known. */
  readonly words: readonly { readonly text: string; readonly doc: string }[];
  readonly start: number;
  readonly end: number;
}

const HEAD = /^(%%?)([a-z]*)$/i;
const ARGUMENT = /^%%?([a-z]+)[ \t]+(\S*)$/i;

/** The ways to go on with a magic's name or its first word; null where no magic stands. */
export function completeMagic(source: string, offset: number): MagicCompletions | null {
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  const line = source.slice(start, offset);
  const rest = /^\w*/.exec(source.slice(offset))?.[0] ?? "";
  const end = offset + rest.length;
  const head = HEAD.exec(line);
  if (head !== null) {
    const [, sign = "", name = ""] = head;
    const form = sign === "%%" ? "cell" : "line";
    // A `%%` magic heads its cell.
    if (form === "cell" && source.slice(0, start).trim() !== "") return null;
    const found = magics.filter((one) => one.forms.includes(form) && one.name.startsWith(name));
    const words = found.map((one) => ({ text: sign + one.name, doc: one.doc }));
    return { words, start, end };
  }
  const [, name = "", word = ""] = ARGUMENT.exec(line) ?? [];
  const magic = findMagic(name);
  if (magic?.takes !== "text") return isInText(source, offset) ? nothingAt(offset) : null;
  const words = wordsOf(magic).filter((one) => one.startsWith(word));
  return { words: words.map((text) => ({ text, doc: "" })), start: offset - word.length, end };
}

function nothingAt(offset: number): MagicCompletions {
  return { words: [], start: offset, end: offset };
}

/** Whether an offset lies in a command, or in what else a magic takes that is no TypeScript. */
function isInText(source: string, offset: number): boolean {
  return (
    read(source)?.magics.some(
      ({ magic, start, end }) => magic.takes === "text" && start < offset && offset <= end,
    ) ?? false
  );
}

/** What the magic under an offset does; null where none stands. */
export function magicHelp(source: string, offset: number): string | null {
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  const [line = ""] = source.slice(start).split("\n");
  const found = /^%%?([a-z]+)/i.exec(line);
  if (found === null || offset > start + found[0].length) return null;
  const magic = findMagic(found[1] ?? "");
  return magic === undefined ? null : helpText(magic).trimEnd();
}

/** `on`, `off`, `warn` of `%types on`, …: what its usage says of the word behind the name. */
function wordsOf({ usage }: Magic): string[] {
  const words = usage.flatMap((one) => /^%%?\w+ ([a-z]+)$/.exec(one)?.[1] ?? []);
  // `name` and `file` stand for something.
  return words.filter((word) => !["name", "file", "statement", "command"].includes(word));
}

/**
 * The cell with its magics blank but for the names that it asks about, every other character in its place; as it is
 * where that cannot be told.
 */
export function withoutMagics(source: string): string {
  const reading = read(source);
  if (reading === null) return source;
  return reading.questions.reduce(
    (plain, { name, start }) => plain.slice(0, start) + name + plain.slice(start + name.length),
    reading.plain,
  );
}

function read(source: string): MagicReading | null {
  try {
    return readMagics(source, () => false);
  } catch {
    return null;
  }
}
