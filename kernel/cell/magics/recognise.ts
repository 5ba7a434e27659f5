/**
 * Where a cell holds magics. One begins at column 0 where a statement may begin: the text before it is whole. Where
 * TypeScript could go on with an operator (`a ⏎ % b`, `a ⏎ ? b : c`), it does if what follows means something there.
 */
import { declareLexical, declareVars } from "../declarations.ts";
import { CellSyntaxError, parse } from "../transpile.ts";
import { lineEnd, readsFrom } from "../unfinished.ts";
import { findMagic, magics as known } from "./index.ts";
import type { Magic } from "./magic.ts";
import { noMagic } from "./near.ts";
import { COMMAND } from "./shell.ts";

/** A question of the cell's writer: `?name`, `name?`; two marks ask for the source too. */
export interface Question {
  /** A name, or names joined by dots. */
  readonly name: string;
  /** Where the name begins. */
  readonly start: number;
  readonly wantsSource: boolean;
}

/** A magic at its place. */
export interface MagicLine {
  readonly magic: Magic;
  /** What stands behind its name. */
  readonly text: string;
  /** What stands below a `%%` magic that takes no code. */
  readonly body: string | null;
  readonly isCellMagic: boolean;
  /** The value of the string that stands in its place in `code`. */
  readonly marker: string;
  /** Whether nothing but magics stands before it: it can be run before the rest is looked at. */
  readonly isLeading: boolean;
  /** Its stretch of the source, in UTF-16 units; of a magic that takes code, without that. */
  readonly start: number;
  readonly end: number;
}

/** A cell with its magics told apart from its code. */
export interface MagicReading {
  /** TypeScript to run: a string statement for each magic, everything else on its line, and as a rule in its column. */
  readonly code: string;
  /** TypeScript to look at: every character in its place, magics blank. */
  readonly plain: string;
  readonly magics: readonly MagicLine[];
  readonly questions: readonly Question[];
}

/** Whether a name means something outside the cell. */
export type IsKnown = (name: string) => boolean;

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const CHAIN = String.raw`${NAME}(?:\.${NAME})*`;
const CANDIDATE = new RegExp(
  String.raw`^(?:%%?(?=[a-zA-Z])|!(?!=)|\?(?![.])|${CHAIN}\?\??[ \t]*;?[ \t]*$)`,
  "gmu",
);
const QUESTION = new RegExp(
  String.raw`^(?:(?<before>\?\??)[ \t]*(?<asked>${CHAIN})|(?<named>${CHAIN})(?<behind>\?\??))\s*;?\s*$`,
  "u",
);
const KEYWORDS =
  /^(?:await|async|class|delete|false|function|import|new|null|super|this|true|typeof|undefined|void)$/;
/** Characters of private use: a cell that holds one as a statement of its own is not written by hand. */
const FIRST_MARKER = 0xe000;

/** Throws a CellSyntaxError for a magic that is not there, or stands where it cannot. */
export function readMagics(cell: string, isKnown: IsKnown): MagicReading {
  // What names a program's interpreter is a comment, but only where a file begins.
  const source = cell.startsWith("#!") ? `//${cell.slice(2)}` : cell;
  CANDIDATE.lastIndex = 0;
  if (!CANDIDATE.test(source)) return { code: source, plain: source, magics: [], questions: [] };
  return new Recogniser(source, isKnown).read();
}

/** The questions of a cell; a cell that cannot be read has none. */
export function questionsIn(source: string): readonly Question[] {
  // What is known outside does not matter to them, only to what stands beside them.
  for (const isKnown of [false, true]) {
    try {
      return readMagics(source, () => isKnown).questions;
    } catch {
      // A magic that is not there, or a name that looks like one.
    }
  }
  return [];
}

class Recogniser implements MagicReading {
  code = "";
  plain = "";
  readonly magics: MagicLine[] = [];
  readonly questions: Question[] = [];
  readonly #source: string;
  readonly #isKnown: IsKnown;
  readonly #declared = new Set<string>();
  /** Up to here the source is read; what stands before cannot reach over it. */
  #from = 0;
  #hasCode = false;

  constructor(source: string, isKnown: IsKnown) {
    this.#source = source;
    this.#isKnown = isKnown;
  }

  read(): MagicReading {
    CANDIDATE.lastIndex = 0;
    for (const { index: at } of this.#source.matchAll(CANDIDATE)) {
      if (at < this.#from) continue;
      const before = this.#source.slice(this.#from, at);
      const { program, error } = parse(before);
      // In a bracket, a template, a comment, or behind an operator.
      if (error !== null) continue;
      const declare = (name: string): void => void this.#declared.add(name);
      declareLexical(program.body, declare);
      declareVars(program.body, declare);
      const hasCode = this.#hasCode || program.body.length > 0;
      if (this.#take(at, !hasCode)) this.#hasCode ||= hasCode;
    }
    this.#copy(this.#source.length);
    const { code, plain, magics, questions } = this;
    return { code, plain, magics, questions };
  }

  #take(at: number, isLeading: boolean): boolean {
    const line = this.#source.slice(at, lineEnd(this.#source, at)).trimEnd();
    if (line.startsWith("%%")) return this.#takeCellMagic(at, line);
    if (line.startsWith("%")) return this.#takeLineMagic(at, line, isLeading);
    if (line.startsWith("!")) return this.#takeCommand(at, line, isLeading);
    return this.#takeQuestion(at, line);
  }

  #takeCellMagic(at: number, line: string): boolean {
    const name = nameIn(line);
    const end = at + line.length;
    const magic = findMagic(name);
    if (magic === undefined) throw new CellSyntaxError(noMagic(name, known, "%%"), at, end);
    if (!magic.forms.includes("cell")) {
      throw new CellSyntaxError(`%%${name} is no magic for a cell: write %${name}`, at, end);
    }
    if (this.#source.slice(0, at).trim() !== "") {
      const sentence = `%%${name} stands on the first line of a cell: put it there, or into a cell of its own`;
      throw new CellSyntaxError(sentence, at, end);
    }
    const text = line.slice(2 + name.length).trim();
    const isLeading = true;
    if (magic.takes === "text") {
      const below = this.#source.slice(end).replace(/^[ \t\r]*\n/, "");
      this.#add({ magic, text, body: below, at, end: this.#source.length, isLeading });
      return true;
    }
    const isLoop = magic.takes === "loop";
    if (text !== "" && !(isLoop && isOptions(magic.options, text))) {
      const sentence = `%%${name} is about the lines below it: write %${name} ${text} for one statement`;
      throw new CellSyntaxError(sentence, at, end);
    }
    this.#add({ magic, text, at, end, isLeading, isCellMagic: true });
    if (isLoop) {
      this.code += `{${this.#source.slice(end)}\n}`;
      this.plain += this.#source.slice(end);
      this.#from = this.#source.length;
    }
    return true;
  }

  #takeLineMagic(at: number, line: string, isLeading: boolean): boolean {
    const name = nameIn(line);
    const magic = findMagic(name);
    const isOperand = KEYWORDS.test(name) || this.#isName(name);
    if (isOperand && this.#goesOn(at, "% 0")) return false;
    const end = at + line.length;
    if (magic === undefined) throw new CellSyntaxError(noMagic(name, known), at, end);
    const rest = line.slice(1 + name.length);
    if (magic.takes === "text") {
      this.#add({ magic, text: rest.trim(), at, end, isLeading });
      return true;
    }
    const options = magic.takes === "loop" ? (magic.options.exec(rest)?.[0] ?? "") : "";
    if (rest.slice(options.length).trim() === "") {
      const sentence = `%${name} wants a statement behind it, as in %${name} work()`;
      throw new CellSyntaxError(sentence, at, end);
    }
    const code = at + 1 + name.length + options.length;
    this.#add({ magic, text: options.trim(), at, end: code, isLeading: false });
    return true;
  }

  #takeCommand(at: number, line: string, isLeading: boolean): boolean {
    if (/^!\s*(?:[!(]|$)/.test(line)) return false;
    const root = new RegExp(`^!\\s*(${NAME})`, "u").exec(line)?.[1];
    const mayBeCode = root === undefined || KEYWORDS.test(root) || this.#isName(root);
    if (mayBeCode && readsFrom(this.#source, at)) return false;
    let end = at + line.length;
    while (this.#source[end - 1] === "\\" && end < this.#source.length) {
      end = lineEnd(this.#source, end + 1);
    }
    const magic = findMagic(COMMAND);
    if (magic === undefined) return false;
    this.#add({ magic, text: this.#source.slice(at + 1, end).trim(), at, end, isLeading });
    return true;
  }

  #takeQuestion(at: number, line: string): boolean {
    const groups = QUESTION.exec(line)?.groups;
    if (groups === undefined) return false;
    const { before, asked, named, behind } = groups;
    if (before === undefined) {
      if (readsFrom(this.#source, at)) return false;
    } else if (this.#goesOn(at, "? 0 : 0")) {
      if (before === "??" || readsFrom(this.#source, this.#from, at)) return false;
    }
    const name = asked ?? named ?? "";
    const start = this.#source.indexOf(name, at);
    this.questions.push({ name, start, wantsSource: (before ?? behind)?.length === 2 });
    this.#copy(at);
    const end = at + line.length;
    this.#write(";", end);
    return true;
  }

  /** Whether the text before `at` may be an expression that goes on in the next line. */
  #goesOn(at: number, operation: string): boolean {
    return parse(`${this.#source.slice(this.#from, at)}\n${operation}`).error === null;
  }

  #isName(name: string): boolean {
    return this.#declared.has(name) || this.#isKnown(name);
  }

  #add(found: {
    readonly magic: Magic;
    readonly text: string;
    readonly body?: string;
    readonly at: number;
    readonly end: number;
    readonly isLeading: boolean;
    readonly isCellMagic?: boolean;
  }): void {
    const { magic, text, body = null, at, end, isLeading, isCellMagic = body !== null } = found;
    this.#copy(at);
    if (magic.takes !== "text") this.#hasCode = true;
    const marker = String.fromCharCode(FIRST_MARKER + this.magics.length);
    this.magics.push({ magic, text, body, isCellMagic, marker, isLeading, start: at, end });
    this.#write(`;"${marker}";`, end);
  }

  #copy(to: number): void {
    const text = this.#source.slice(this.#from, to);
    this.code += text;
    this.plain += text;
    this.#from = to;
  }

  /** Puts a statement in the place of a magic, whose lines are kept. */
  #write(statement: string, end: number): void {
    const blank = this.#source.slice(this.#from, end).replaceAll(/[^\r\n]/g, " ");
    const first = lineEnd(blank, 0);
    this.code += statement.padEnd(first) + blank.slice(first);
    this.plain += blank === "" ? "" : `;${blank.slice(1)}`;
    this.#from = end;
  }
}

function nameIn(line: string): string {
  return /^%%?([a-zA-Z]\w*)/.exec(line)?.[1] ?? "";
}

function isOptions(options: RegExp, text: string): boolean {
  return options.exec(` ${text}`)?.[0].length === text.length + 1;
}
