/** What the kernel wants to know, put to the engine about the notebook's draft. */
import { begins } from "./completion.ts";
import type { Engine, Hover, Proposal, Signature } from "./engine.ts";
import type { Notebook } from "./notebook.ts";
import type { Path, Place } from "./place.ts";

/** What answers from types. */
export interface Language {
  readonly engine: Engine;
  readonly notebook: Notebook;
  /** Tells the engine what has changed around the notebook. */
  refresh(): void;
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

/** The ways to go on, with their ranges in the text itself. */
export async function proposalsAt(
  { engine, notebook }: Language,
  { code, offset, place }: Question,
): Promise<Proposal[]> {
  const word = code.slice(place.start, offset);
  const isName = place.kind === "name" && word !== "";
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
  { engine, notebook }: Language,
  { code, offset, place }: Question,
  path: Path | null,
): Promise<{ readonly hover: Hover | null; readonly signature: Signature | null }> {
  const { document, shift } = notebook.draft(code);
  const isWord = place.start < place.end;
  const hover = isWord ? await engine.hover(document, shift + place.start) : null;
  if (hover !== null) return { hover, signature: null };
  const signature = await engine.signature(document, shift + offset);
  if (signature !== null || path?.length !== 1) return { hover, signature };
  // A lone name is read as a value; it may be a type.
  const head = "type $ = ";
  const asType = notebook.draft(head + String(path[0]));
  const ofType = await engine.hover(asType.document, asType.shift + head.length);
  return { hover: ofType, signature };
}
