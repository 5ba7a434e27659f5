/** What the compiler finds wrong with a cell, as far as it is the cell's business. */
import { around } from "./around.ts";
import type { CheckedDraft } from "./notebook.ts";
import type { Problem } from "./engine.ts";

/** Offsets are UTF-16 units of the cell. */
export interface Mistake {
  readonly code: number;
  /** TypeScript's own words; the lines behind the first say why. */
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly related: readonly string[];
  /** The name that the compiler does not know, if that is the mistake. */
  readonly unknown: string | null;
  /** What could stand there, where a member was not found. */
  readonly members: readonly string[];
  /** The declaration of the type that was wanted, if it has a name. */
  readonly wanted: string | null;
  /** The declaration of what was given, where the message does not say its type. */
  readonly given: string | null;
}

export interface Findings {
  readonly mistakes: readonly Mistake[];
  /** Names of other cells that have another type by the end of this one. */
  readonly changed: readonly string[];
  /** Packages that are taken as they are, for they bring no types. */
  readonly untyped: readonly string[];
}

export const NOTHING_FOUND: Findings = { mistakes: [], changed: [], untyped: [] };

/**
 * `let x;` and `const xs = []` take their type from later cells (7005, 7034); with a literal as a condition somebody is
 * trying something out (2872, 2873).
 */
const IGNORED = new Set([7005, 7034, 2872, 2873]);
/** "This comparison appears to be unintentional", and that of a `case`: of a constant that is one of the notebook's settings. */
const COMPARED =
  /types '(?<one>[^']*)' and '(?<other>[^']*)' have no overlap|^Type '(?<a>[^']*)' is not comparable to type '(?<b>[^']*)'/;
const LITERAL = {
  text: /^"(?:[^"\\]|\\.)*"$/,
  number: /^-?[\d.]+$/,
  bigint: /^-?\d+n$/,
  truth: /^(?:true|false)$/,
};
/** "Cannot find module", here behind `import(`. */
const MISSING = 2307;
const SPECIFIER = /^(?:"[^"\n]*"|'[^'\n]*')/;
const DYNAMIC = /\bimport\s*\(\s*$/;
/** "Could not find a declaration file for module": it can be used all the same. */
const UNTYPED = 7016;
/** TypeScript checks decorators as its options say, which are the notebook's; a comment in the cell says otherwise. */
const DECORATORS = new Set([1206, 1238, 1239, 1240, 1241, 1270, 1271, 1278, 1279, 1329]);
const LEGACY_DECORATORS = /^\s*\/\/\s*@experimentalDecorators\b/m;
const NO_CHECK = /^(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/)*\/\/\s*@ts-nocheck\b/;
/** Parameters without a type. */
const IMPLICIT = new Set([7006, 7019, 7031]);
/** Where two types have the same name, the compiler says where they come from; of ours that is nothing to a reader. */
const ORIGIN = /\bimport\("[^"]*"\)\./g;

/** "Implicitly any": what plain JavaScript cannot mend. */
const IMPLICIT_ANY = /\bimplicitly (?:has|have)\b/;
/** `{}` that gets its properties one by one. */
const GROWN = /^Property '[^']+' does not exist on type '\{\}'/;
/** An error that was caught, and null and undefined: what only a strict compiler speaks of. */
const STRICT = new Set([18046, 18047, 18048, 18049, 2531, 2532, 2533, 2571]);

/** Whether it is one of those that JavaScript is full of. */
export function isOfJavaScript({ message }: Mistake): boolean {
  return IMPLICIT_ANY.test(message) || GROWN.test(message);
}

/** Whether only a strict compiler minds, or the run itself will say it. */
export function isOfStrictness(mistake: Mistake, source: string): boolean {
  const { code, unknown } = mistake;
  if (unknown !== null && isGiven(unknown, source)) return true;
  return isOfJavaScript(mistake) || STRICT.has(code) || code === MISSING;
}

/** Whether a text gives a value to a name, or a loop does. */
function isGiven(name: string, source: string): boolean {
  const escaped = name.replaceAll("$", String.raw`\$`);
  return new RegExp(
    `(?<![\\w$.])${escaped}\\s*(?:=(?![=>])|(?:of|in)\\b|[,\\]}][^=;()]*=(?![=>]))`,
  ).test(source);
}

/** Whether a cell asks not to be checked. */
export function refusesChecks(source: string): boolean {
  return NO_CHECK.test(source);
}

export function findingsOf(
  source: string,
  draft: CheckedDraft,
  problems: readonly Problem[],
): Findings {
  const mistakes: Mistake[] = [];
  const untyped: string[] = [];
  const isLegacy = LEGACY_DECORATORS.test(source);
  for (const { code, message, start, end, related } of problems) {
    const from = draft.toCell(start);
    if (from === null || IGNORED.has(code) || (isLegacy && DECORATORS.has(code))) continue;
    // The cell finds out itself, and may catch it.
    if (code === MISSING && DYNAMIC.test(source.slice(0, from))) continue;
    if (isOfLiterals(message)) continue;
    const unknown = unknownName(message);
    if (unknown !== null && around(source, from).isAskedFor) continue;
    if (code === UNTYPED) {
      untyped.push(/module '([^']*)'/.exec(message)?.[1] ?? "");
      continue;
    }
    // What ends behind the cell, such as an open brace, ends with it; a specifier may be longer than the compiler was told.
    const literal = code === MISSING ? SPECIFIER.exec(source.slice(from))?.[0] : undefined;
    const to = literal === undefined ? (draft.toCell(end) ?? source.length) : from + literal.length;
    mistakes.push({
      code,
      message: inCells(message),
      start: from,
      end: Math.max(from, to),
      related: related.map(inCells),
      unknown,
      members: [],
      wanted: null,
      given: null,
    });
  }
  const own = mistakes.filter(
    (mistake, index) =>
      !follows(mistake, mistakes, source) && !repeats(mistake, mistakes.slice(0, index)),
  );
  return { mistakes: own, changed: draft.changedBy(problems), untyped };
}

/** Whether a value that is known is compared with another one of its kind: `const mode = "train"`, `mode === "test"`. */
function isOfLiterals(message: string): boolean {
  const { one, other, a, b } = COMPARED.exec(message)?.groups ?? {};
  const [left, right] = [one ?? a ?? "", other ?? b ?? ""];
  return Object.values(LITERAL).some((kind) => kind.test(left) && kind.test(right));
}

/** The same is said of the same place, or the same once more. */
function repeats({ code, message, start }: Mistake, before: readonly Mistake[]): boolean {
  return before.some(
    (other) => other.start === start || (other.code === code && other.message === message),
  );
}

/** What is called is not known, so neither are the parameters of the function that it was given. */
function follows({ code, start }: Mistake, mistakes: readonly Mistake[], source: string): boolean {
  if (!IMPLICIT.has(code)) return false;
  return mistakes.some(
    (other) =>
      !IMPLICIT.has(other.code) &&
      other.start < start &&
      !source.slice(other.start, start).includes("\n\n"),
  );
}

/** "No overload matches this call", with what the last one has to say. */
const OVERLOAD =
  /^No overload matches this call\.\n +The last overload gave the following error\.\n/;
/** A type that is a sentence is there to be read. */
const SENTENCE = /is not assignable to type '"((?:[^" ]+ ){2,}[^"]*)"'\.$/m;

/** As a reader wants it: without the names of our modules, and with what matters first. */
function inCells(message: string): string {
  const plain = message.replaceAll(ORIGIN, "").replaceAll(/\$(?:let|end|old)_/g, "");
  const sentence = SENTENCE.exec(plain)?.[1];
  if (sentence !== undefined) return `${sentence}.`;
  const inner = plain.replace(OVERLOAD, "");
  const told = inner === plain ? plain : inner.replaceAll(/^ {4}/gm, "");
  return told
    .replace(/(Cannot find name '\$'\.) Do you need.*/, "$1")
    .replace("because it is an import", "because it is a constant");
}

const UNKNOWN_NAME =
  /^Cannot find name '([^']+)'|^No value exists in scope for the shorthand property '([^']+)'/;

function unknownName(message: string): string | null {
  const found = UNKNOWN_NAME.exec(message);
  return found === null ? null : (found[1] ?? found[2] ?? null);
}
