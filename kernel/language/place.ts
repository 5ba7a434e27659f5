/** Where in a text a cursor stands, told from the text alone: it is being written, and parses seldom. */

/** Names joined by dots, and indexes, from a name on: `a.b[0].c`. */
export type Path = readonly (string | number)[];

export interface Place {
  /** In a comment, in a string, behind a dot, or where a name may stand. */
  readonly kind: "comment" | "string" | "member" | "name";
  /** The word that the cursor touches, in UTF-16 units; empty where it touches none. */
  readonly start: number;
  readonly end: number;
  /** Of a member, what it is a member of, if that can be read off. */
  readonly owner: Path | null;
}

const WORD_END = /[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const WORD_START = /^[\p{ID_Continue}$]+/u;
const STEP = String.raw`\s*\??\.\s*[\p{ID_Start}$_][\p{ID_Continue}$]*|\s*(?:\?\.\s*)?\[\s*(?:\d+|"[^"\\\n]*"|'[^'\\\n]*')\s*\]`;
/** Nobody writes a longer chain; a megabyte of data in one word would take for ever to look through. */
const NEAR = 1000;
const CHAIN = new RegExp(String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*(?:${STEP})*$`, "u");
/** The dot before a member, and not one of `...` or of the number `1.`. */
const DOT = /(?:\?\.|(?<!\.|(?<![\p{ID_Continue}$.])\d+)\.)\s*$/u;
const STEPS = /[\p{ID_Start}$_][\p{ID_Continue}$]*|\d+|"[^"]*"|'[^']*'/gu;

export function placeAt(source: string, offset: number): Place {
  const before = source.slice(0, offset);
  const start = offset - (WORD_END.exec(before.slice(-NEAR))?.[0].length ?? 0);
  const touched = start < offset || startsName(source, offset);
  const end = offset + (touched ? (WORD_START.exec(source.slice(offset))?.[0].length ?? 0) : 0);
  const region = regionOf(before);
  if (region.kind === "comment") return { kind: "comment", start, end, owner: null };
  if (region.kind === "string") {
    const owner = indexed(source.slice(0, region.start));
    return { kind: "string", start: region.start + 1, end: offset, owner };
  }
  const rest = source.slice(0, start);
  const dot = DOT.exec(rest);
  if (dot === null) return { kind: "name", start, end, owner: null };
  return { kind: "member", start, end, owner: chainBefore(rest.slice(0, dot.index)) };
}

/** The whole chain under the cursor, up to the end of the word it touches; null if there is none. */
export function chainAt(source: string, { kind, start, end, owner }: Place): Path | null {
  if (start === end) return null;
  if (kind === "name") return [source.slice(start, end)];
  return kind === "member" && owner !== null ? [...owner, source.slice(start, end)] : null;
}

function startsName(source: string, offset: number): boolean {
  return /^[\p{ID_Start}$_]/u.test(source.slice(offset, offset + 2));
}

/** `a.b` before `["`. */
function indexed(before: string): Path | null {
  const bracket = /(?:\?\.\s*)?\[\s*$/.exec(before);
  return bracket === null ? null : chainBefore(before.slice(0, bracket.index));
}

function chainBefore(before: string): Path | null {
  const near = before.slice(-NEAR).trimEnd();
  const chain = CHAIN.exec(near);
  // `f().a` ends with a chain too, but not with one that begins at a name.
  if (chain === null || /(?<!\.\.)\.\s*$/.test(near.slice(0, chain.index))) return null;
  return (chain[0].match(STEPS) ?? []).map((step) =>
    /^\d/.test(step) ? Number(step) : /^["']/.test(step) ? step.slice(1, -1) : step,
  );
}

interface Region {
  readonly kind: "code" | "string" | "comment";
  /** Where it begins. */
  readonly start: number;
}

const CODE: Region = { kind: "code", start: 0 };
const TOKEN = /\/\/|\/\*|["'`{}]|\/(?=[^*/\n]*\/)/g;

/** What a text ends in. */
function regionOf(text: string): Region {
  /** For each open brace, whether it is one of a template. */
  const braces: boolean[] = [];
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    const start = token.index;
    let end = TOKEN.lastIndex;
    switch (token[0]) {
      case "{":
        braces.push(false);
        break;
      case "}":
        if (braces.pop() === true) end = endOfTemplate(text, end, braces);
        break;
      case "`":
        end = endOfTemplate(text, end, braces);
        break;
      case "//":
        end = text.indexOf("\n", end);
        break;
      case "/*":
        end = endBehind(text, "*/", end);
        break;
      case "/":
        if (beginsPattern(text, start)) end = endOfPattern(text, end);
        break;
      default:
        end = endOfString(text, end, token[0]);
    }
    if (end < 0) return { kind: token[0].startsWith("/") ? "comment" : "string", start };
    TOKEN.lastIndex = end;
  }
  return CODE;
}

function endBehind(text: string, closing: string, from: number): number {
  const at = text.indexOf(closing, from);
  return at < 0 ? -1 : at + closing.length;
}

/** A string ends with its line, closed or not. */
function endOfString(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote || text[at] === "\n") return at + 1;
  }
  return -1;
}

/** Up to the closing backtick, or to the code inside `${`. */
function endOfTemplate(text: string, from: number, braces: boolean[]): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "`") return at + 1;
    else if (text[at] === "$" && text[at + 1] === "{") {
      braces.push(true);
      return at + 2;
    }
  }
  return -1;
}

/** A slash begins a regular expression where no value stands before it. */
function beginsPattern(text: string, start: number): boolean {
  return /(?:^|[([{,;=:?!&|+\-*%<>~^]|\b(?:return|typeof|case|in|of))\s*$/.test(
    text.slice(Math.max(0, start - 20), start),
  );
}

function endOfPattern(text: string, from: number): number {
  let isClass = false;
  for (let at = from; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === "[") isClass = true;
    else if (text[at] === "]") isClass = false;
    else if (text[at] === "/" && !isClass) return at + 1;
  }
  return from;
}
