/** One list of completions out of what the types say, what the values say, and the names that are known. */
import type { Proposal } from "./engine.ts";
import type { Importable } from "./importable.ts";
import { kindOf } from "./lsp_answers.ts";
import type { Place } from "./place.ts";
import { OURS } from "./workspace.ts";

/** A name with what it stands for, as completion lists call it. */
export interface Named {
  readonly name: string;
  readonly kind: string;
}

export interface Match {
  readonly text: string;
  readonly type: string;
  readonly signature: string;
}

/** What may stand in a stretch of the text, in UTF-16 units. */
export interface Completions {
  readonly matches: readonly Match[];
  readonly start: number;
  readonly end: number;
}

export interface Sources {
  readonly source: string;
  readonly offset: number;
  readonly place: Place;
  /** What the types say; null when the engine did not answer. */
  readonly proposals: readonly Proposal[] | null;
  /** The members of the value that is asked for a member. */
  readonly members: readonly Named[];
  /** Files, as ways to go on in the string that the place is in. */
  readonly paths: readonly string[];
  /** What could be imported, where a name may stand. */
  readonly imports: readonly Importable[];
  /** The names of the notebook. */
  readonly names: readonly Named[];
  readonly globals: readonly Named[];
}

interface Candidate extends Match {
  readonly label: string;
  readonly rank: string;
  readonly start: number;
  readonly end: number;
}

/** More than a list shows. */
const MAX_MATCHES = 1000;
/** Between the engine's "11" for what is near and "15" for what is global. */
const NAME_RANK = "12";
const MEMBER_RANK = "13";
const INHERITED_RANK = "14";
const GLOBAL_RANK = "15";
const IMPORT_RANK = "16";

/** What every function has stands behind what a function was given. */
export const OF_FUNCTIONS = new Set(
  "apply arguments bind call caller length name prototype Symbol toString".split(" "),
);

const KEYWORDS =
  "abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for from function if implements import in instanceof interface keyof let namespace never new null number object of readonly return satisfies static string super switch symbol this throw true try type typeof undefined unknown using var void while yield".split(
    " ",
  );

export function completionsOf(sources: Sources): Completions {
  const { place } = sources;
  const candidates = [
    ...typed(sources),
    ...known(sources),
    ...files(sources),
    ...imported(sources),
  ];
  const { start, end } = commonRange(candidates, place);
  const fitting = candidates.filter((one) => one.start === start && one.end === end);
  const found = matching(fitting, sources);
  const unique = new Map<string, Candidate>();
  for (const one of found) if (!unique.has(one.text)) unique.set(one.text, one);
  const matches = [...unique.values()]
    .slice(0, MAX_MATCHES)
    .map(({ text, type, signature }) => ({ text, type, signature }));
  return { matches, start, end };
}

/** Whether a name begins as the word under the cursor does, whatever its case. */
export function begins(name: string, word: string): boolean {
  return name.slice(0, word.length).toLowerCase() === word.toLowerCase();
}

/** The word before the cursor, as far as a candidate replaces it. */
function wordOf({ source, offset, place }: Sources, start: number): string {
  return source.slice(Math.max(start, place.start), offset);
}

function typed({ proposals, place, offset }: Sources): Candidate[] {
  const isFunction = proposals?.some(({ label, kind }) => label === "apply" && kind === "method");
  // In a string the engine names the stretch, unless it is empty, as behind the last slash of a path.
  const word = place.kind === "string" ? { start: offset, end: offset } : place;
  const isHidden = ({ label, kind }: Proposal): boolean =>
    (kind === "file" && (label.startsWith(OURS) || label === "tsconfig.json")) ||
    (kind === "folder" && label === "node_modules") ||
    /^\$(?:is$|Now$|Wide$|Part$|Same$|let_|end_|old_)/.test(label);
  return (proposals ?? [])
    .filter((proposal) => !isHidden(proposal))
    .map(({ label, text, range, kind, rank, declaration }) => ({
      text,
      label,
      rank: isFunction === true && OF_FUNCTIONS.has(label) ? INHERITED_RANK : rank,
      type: kindOf(declaration, kind),
      signature: signatureOf(declaration),
      start: range?.start ?? word.start,
      end: range?.end ?? word.end,
    }));
}

/** The names that the types do not bring, where they may stand. */
function known(sources: Sources): Candidate[] {
  const { place, proposals, members, names, globals } = sources;
  const as = (rank: string) => (named: Named) => ({
    text: named.name,
    label: named.name,
    rank,
    type: named.kind,
    signature: "",
    start: place.start,
    end: place.end,
  });
  if (place.kind === "member" || place.kind === "string") return members.map(as(MEMBER_RANK));
  if (place.kind === "comment") return [];
  if (!mayBeGlobal(proposals)) return [];
  const keywords = proposals === null ? KEYWORDS.map((name) => ({ name, kind: "keyword" })) : [];
  return [...names.map(as(NAME_RANK)), ...[...globals, ...keywords].map(as(GLOBAL_RANK))];
}

/** Where the engine proposes no global, none may stand: in a type, for a key of an object, for a new name. */
function mayBeGlobal(proposals: Sources["proposals"]): boolean {
  return proposals === null || proposals.some(({ label }) => label === "undefined");
}

/** Paths, in a string of which the types know nothing better. */
function files({ place, proposals, members, paths, offset }: Sources): Candidate[] {
  if (place.kind !== "string" || members.length > 0 || (proposals ?? []).length > 0) return [];
  const at = { start: place.start, end: offset };
  return paths.map((path) => ({
    ...at,
    text: path,
    label: path,
    rank: NAME_RANK,
    type: path.endsWith("/") ? "folder" : "file",
    signature: "",
  }));
}

/**
 * Names that begin as the word does and would have to be imported: alone on its line the statement that does it, for a
 * reply replaces one stretch only; within an expression, one that is the value.
 */
function imported(sources: Sources): Candidate[] {
  const { source, offset, place, proposals, imports, names } = sources;
  const word = source.slice(place.start, offset);
  if (place.kind !== "name" || word.length < MIN_IMPORTED || !mayBeGlobal(proposals)) return [];
  const [line = ""] = source.slice(0, place.start).split("\n").slice(-1);
  const isAlone = line.trim() === "" && /^\s*(?:\n|$)/.test(source.slice(place.end));
  const taken = new Set(names.map(({ name }) => name));
  return imports
    .filter(({ name }) => name.startsWith(word) && !taken.has(name))
    .slice(0, MAX_IMPORTED)
    .map(({ name, statement, expression }) => ({
      text: isAlone ? statement : expression,
      label: name,
      rank: IMPORT_RANK,
      type: "import",
      signature: statement,
      start: place.start,
      end: place.end,
    }));
}

/** Before that, what is there already is meant. */
const MIN_IMPORTED = 3;
const MAX_IMPORTED = 20;

/** A reply has one stretch for all its matches: the one that most of them replace. */
function commonRange(candidates: readonly Candidate[], place: Place): Pick<Place, "start" | "end"> {
  const counts = new Map<string, { start: number; end: number; count: number }>();
  for (const { start, end } of candidates) {
    const entry = counts.get(`${start}:${end}`) ?? { start, end, count: 0 };
    counts.set(`${start}:${end}`, { ...entry, count: entry.count + 1 });
  }
  const [most] = [...counts.values()].toSorted((a, b) => b.count - a.count);
  return most ?? place;
}

/** Those that begin as the word does; if none does, those that contain it. */
function matching(candidates: readonly Candidate[], sources: Sources): Candidate[] {
  const word = wordOf(sources, candidates[0]?.start ?? 0);
  const beginning = candidates.filter(({ label }) => begins(label, word));
  const lower = word.toLowerCase();
  const found =
    beginning.length > 0
      ? beginning
      : candidates.filter(({ label }) => label.toLowerCase().includes(lower));
  return found.toSorted(
    (a, b) =>
      Number(!a.label.startsWith(word)) - Number(!b.label.startsWith(word)) ||
      compare(a.rank, b.rank) ||
      Number(a.label.startsWith("_")) - Number(b.label.startsWith("_")) ||
      compare(a.label.toLowerCase(), b.label.toLowerCase()) ||
      compare(a.label, b.label),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The parameters and the result, of a function's declaration. */
function signatureOf(declaration: string | null): string {
  const found = /^(?:\(\w+\) )?(?:function )?[\w$.<>]+(\([^]*)$/.exec(declaration ?? "");
  return found?.[1] ?? "";
}
