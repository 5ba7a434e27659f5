/** What the kernel wants to know, put to the engine about the notebook's draft. */
import { begins } from "./completion.ts";
import { dependenciesOf, type Importable, importableFromNode, named } from "./importable.ts";
import type { Engine, Hover, Proposal, Signature } from "./engine.ts";
import {
  type Findings,
  findingsOf,
  type Mistake,
  NOTHING_FOUND,
  refusesChecks,
} from "./mistakes.ts";
import type { Notebook, RanCell } from "./notebook.ts";
import type { Path, Place } from "./place.ts";

/** What answers from types. */
export interface Language {
  readonly engine: Engine;
  readonly notebook: Notebook;
  /** Tells the engine what has changed around the notebook; not again a moment later, unless it is urgent. */
  refresh(isUrgent: boolean): void;
  /** Why the notebook's tsconfig.json says nothing, as a sentence. */
  readonly configFault: string | null;
  /** Changes with every installation. */
  readonly installations: number;
  close(): void;
}

/** A place in a text that is being written. */
export interface Question {
  readonly code: string;
  readonly offset: number;
  readonly place: Place;
}

/** So many names that begin as the word under the cursor are imported at once, the newest: each costs a module. */
const MAX_NAMES = 32;

/** The names that a module exports, types included, which are in no list at run time. */
export async function exportsOf(
  { engine, notebook }: Language,
  specifier: string,
): Promise<string[]> {
  const head = "import { ";
  const { document, shift } = notebook.draft(`${head} } from ${JSON.stringify(specifier)};`);
  const found = await engine.completions(document, shift + head.length, () => false);
  return found.filter(({ kind }) => kind !== "keyword").map(({ label }) => label);
}

/** So many packages are looked into. */
const MAX_PACKAGES = 20;

/** What could be imported in a notebook in this folder. */
export async function importableIn(language: Language, folder: string): Promise<Importable[]> {
  const found = importableFromNode();
  for (const specifier of dependenciesOf(folder).slice(0, MAX_PACKAGES)) {
    const names = await exportsOf(language, specifier);
    found.push(...names.map((name) => named(name, specifier)));
  }
  return found;
}

/** The ways to go on, with their ranges in the text itself. */
export async function proposalsAt(
  { engine, notebook }: Language,
  { code, offset, place }: Question,
): Promise<Proposal[]> {
  const word = code.slice(place.start, offset);
  const isName = place.kind === "name";
  const names = isName ? [...notebook.names()].filter((name) => begins(name, word)) : [];
  const { document, shift } = notebook.draft(code, names.slice(-MAX_NAMES));
  const wants = (label: string): boolean => begins(label, word);
  const found = await engine.completions(document, shift + offset, wants);
  return found.map((proposal) => {
    const { range } = proposal;
    if (range === null) return proposal;
    return { ...proposal, range: { start: range.start - shift, end: range.end - shift } };
  });
}

/** What the types say of a name; where they say nothing, of the call around it. */
export async function hoverAt(
  language: Language,
  { code, offset, place }: Question,
  path: Path | null,
): Promise<{ readonly hover: Hover | null; readonly signature: Signature | null }> {
  const { engine, notebook } = language;
  const { document, shift } = notebook.draft(code);
  const isWord = place.start < place.end;
  const hover = isWord ? await engine.hover(document, shift + place.start) : null;
  if (hover !== null) return { hover, signature: null };
  const signature = await engine.signature(document, shift + offset);
  if (signature !== null || path?.length !== 1) return { hover, signature };
  // A lone name is read as a value; it may be a type.
  return { hover: await hoverOfType(language, String(path[0])), signature };
}

/** What is wrong with the types of a cell that is about to run. */
export async function checkCell(language: Language, source: string): Promise<Findings> {
  if (refusesChecks(source)) return NOTHING_FOUND;
  const { engine, notebook } = language;
  const draft = notebook.checked(source);
  const found = findingsOf(source, draft, await engine.problems(draft.document));
  const mistakes: Mistake[] = [];
  for (const mistake of found.mistakes) {
    const isShown = mistakes.length < MAX_LOOKED_UP;
    mistakes.push(isShown ? await looked(language, source, mistake) : mistake);
  }
  return { ...found, mistakes };
}

/** So many mistakes are looked into; a reader mends the first ones first. */
const MAX_LOOKED_UP = 5;

/** With what the engine knows beyond its message: what else there is, and what the wanted type looks like. */
async function looked(language: Language, source: string, mistake: Mistake): Promise<Mistake> {
  const { engine, notebook } = language;
  if (NO_NUMBER.has(mistake.code)) {
    const { document, shift } = notebook.draft(source);
    const hover = await engine.hover(document, shift + mistake.start);
    return { ...mistake, given: hover?.declaration ?? null };
  }
  if (mistake.code === NO_MEMBER) {
    const { document, shift } = notebook.draft(source);
    const found = await engine.completions(document, shift + mistake.start, () => false);
    return { ...mistake, members: found.map(({ label }) => label).toSorted() };
  }
  if (mistake.code === NOTHING_IN_COMMON) {
    const found = await membersInPlace(language, source, mistake);
    return { ...mistake, members: found.map(withoutMark).toSorted() };
  }
  if (mistake.code === NUMBER_OF_ARGUMENTS) {
    const { document, shift } = notebook.draft(source);
    // Behind the opening bracket, or in the argument that is one too many.
    const at = source.indexOf("(", mistake.end) + 1 || mistake.end;
    const place = source[mistake.end]?.trim() === "(" ? at : mistake.start;
    const signature = await engine.signature(document, shift + place);
    return { ...mistake, wanted: signature?.declaration ?? null };
  }
  const name = /to (?:parameter of )?type '(\p{Lu}[\p{ID_Continue}$]*)'/u.exec(
    mistake.message,
  )?.[1];
  if (name === undefined) return mistake;
  const hover = await hoverOfType(language, name);
  if (hover?.declaration.startsWith("type ") === true) {
    return { ...mistake, wanted: hover.declaration };
  }
  // What is of a class is not written there.
  const isClass = hover?.declaration.startsWith("class ") === true;
  if (mistake.code !== WRONG_ARGUMENT || isClass) return mistake;
  const found = await membersInPlace(language, source, mistake);
  const needed = found.filter(({ label }) => !label.endsWith("?"));
  return { ...mistake, members: needed.map(withoutMark).toSorted() };
}

/** What an object could have that stood in the place of what was given. */
async function membersInPlace(
  { engine, notebook }: Language,
  source: string,
  { start, end }: Mistake,
): Promise<Proposal[]> {
  const { document, shift } = notebook.draft(`${source.slice(0, start)}{}${source.slice(end)}`);
  const found = await engine.completions(document, shift + start + 1, () => false);
  return found.filter(({ kind }) => kind === "field" || kind === "property");
}

/** Of an optional member the label ends in a question mark. */
function withoutMark({ label }: Proposal): string {
  return label.replace(/\?$/, "");
}

/** TS2345: "Argument of type … is not assignable to parameter of type …". */
const WRONG_ARGUMENT = 2345;

/** TS2554: "Expected … arguments, but got …". */
const NUMBER_OF_ARGUMENTS = 2554;

/** TS2559: "Type … has no properties in common with type …". */
const NOTHING_IN_COMMON = 2559;

/** "The left-hand side of an arithmetic operation must be of type …", and the right-hand side. */
const NO_NUMBER = new Set([2362, 2363]);

/** TS2339: "Property … does not exist on type …". */
const NO_MEMBER = 2339;

async function hoverOfType({ engine, notebook }: Language, name: string): Promise<Hover | null> {
  const head = "type $ = ";
  const { document, shift } = notebook.draft(head + name);
  return engine.hover(document, shift + head.length);
}

/**
 * Data is read, and its type found out, each time that a cell mentions it: of a large cell only the declarations of its
 * variables are kept, where the engine can write them.
 */
export async function condense({ engine, notebook }: Language, cell: RanCell): Promise<void> {
  const names = notebook.variablesOf(cell);
  const declarations: string[] = [];
  for (const name of names) {
    const { document, shift } = notebook.draft(name);
    const hover = await engine.hover(document, shift);
    // A type that is too long is written with dots.
    if (hover === null || !/^(?:const|let|var) /.test(hover.declaration)) return;
    if (hover.declaration.includes("...")) return;
    declarations.push(`declare ${hover.declaration};`);
  }
  const path = names.length === 0 ? null : notebook.condense(names, declarations.join("\n"));
  if (path !== null) engine.changed([{ path, kind: "changed" }]);
}
