/**
 * Questions about code that is not run: what could stand here, what is this. The types come from the engine, the values
 * from the main thread, if it answers.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { MagicCompletions } from "../cell/magics/complete.ts";
import type { Completions, Named } from "../language/completion.ts";
import type { Inspection } from "../language/hover.ts";
import type { Place } from "../language/place.ts";
import type { Language } from "../language/questions.ts";
import { loadTools, type Types } from "./types.ts";
import type { Values } from "./values.ts";

/** JupyterLab drops what comes later than a second after its question. */
const PATIENCE_MS = 800;
/** How long values may take where the types have said something already. */
const VALUES_PATIENCE_MS = 25;
const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

export class Introspection {
  readonly #folder: string;
  readonly #types: Types;
  readonly #values: Values;
  readonly #names = new Set<string>();

  /** `folder` is the notebook's. */
  constructor(folder: string, types: Types, values: Values) {
    this.#folder = folder;
    this.#types = types;
    this.#values = values;
  }

  /** Names of the notebook that have a value now. */
  know(names: Iterable<string>): void {
    for (const name of names) this.#names.add(name);
  }

  /** All names of cells are gone; these have a value now. */
  forget(names: Iterable<string>): void {
    this.#names.clear();
    this.know(names);
    this.#types.forget();
  }

  async complete(source: string, offset: number): Promise<Completions> {
    const tools = await loadTools();
    const { placeAt, completeMagic, completionsOf, pathsFor, proposalsAt, withoutMagics } = tools;
    const magic = completeMagic(source, offset);
    if (magic !== null) return asMagics(magic);
    const code = withoutMagics(source);
    const place = placeAt(code, offset);
    const isName = place.kind === "name";
    const values = Promise.all([this.#members(place), isName ? this.#globals() : []]);
    const [proposals, imports] = await Promise.all([
      this.#ask(async (language) => proposalsAt(language, { code, offset, place })),
      isName ? this.#types.importable().catch(() => []) : [],
    ]);
    const isTyped = proposals !== null && proposals.length > 0;
    const [members, globals] = await (isTyped ? briefly(values, [[], []]) : values);
    const names = [...this.#names].map((name) => ({ name, kind: this.#kindOf(name) }));
    const text = place.kind === "string" ? code.slice(place.start, offset) : "";
    const paths = pathsFor(text, this.#folder);
    const found = { proposals, members, paths, imports, names, globals };
    return completionsOf({ source: code, offset, place, ...found });
  }

  async inspect(
    source: string,
    offset: number,
    { wantsSource }: { readonly wantsSource: boolean },
  ): Promise<Inspection | null> {
    const tools = await loadTools();
    const { placeAt, chainAt, hoverAt, inspectionOf, magicHelp, withoutMagics } = tools;
    const help = magicHelp(source, offset);
    if (help !== null)
      return { "text/markdown": `\`\`\`text\n${help}\n\`\`\``, "text/plain": help };
    const code = withoutMagics(source);
    const place = placeAt(code, offset);
    const path = chainAt(code, place);
    const looking = path === null ? null : this.#values.value(path);
    const types = await this.#ask(async (language) =>
      hoverAt(language, { code, offset, place }, path),
    );
    const { hover = null, signature = null } = types ?? {};
    const isTyped = hover !== null || signature !== null;
    const value = await (isTyped && looking !== null ? briefly(looking, null) : looking);
    // What a function calls `x` is not the notebook's `x`.
    const isLocal = /^\((parameter|local \w+)\)/.test(hover?.declaration ?? "");
    if (isLocal) return inspectionOf({ hover, signature, value: null, origin: null });
    const declared = path?.length === 1 ? this.#types.origin(String(path[0])) : null;
    const origin = declared ?? { label: "Source", source: value?.source ?? null };
    return inspectionOf({
      hover,
      signature,
      value: value?.text ?? null,
      origin: wantsSource ? origin : null,
    });
  }

  async #members({ kind, owner }: Place): Promise<Named[]> {
    if (owner === null) return [];
    const found = await this.#values.members(owner);
    return kind === "string" ? found : found.filter(({ name }) => NAME.test(name));
  }

  async #globals(): Promise<Named[]> {
    const found = await this.#values.members([]);
    if (found.length > 0) return found;
    return Object.getOwnPropertyNames(globalThis).map((name) => ({ name, kind: "variable" }));
  }

  #kindOf(name: string): string {
    return this.#types.origin(name)?.kind ?? "variable";
  }

  /** What the types say; null when they say nothing in time. */
  async #ask<T>(question: (language: Language) => Promise<T>): Promise<T | null> {
    return within(
      PATIENCE_MS,
      this.#types.ask(question).catch(() => null),
      null,
    );
  }
}

/** What a promise brings, or something else if that takes too long. */
async function within<T>(milliseconds: number, promise: Promise<T>, otherwise: T): Promise<T> {
  const answered = new AbortController();
  const patience = delay(milliseconds, otherwise, { signal: answered.signal });
  const answer = await Promise.race([promise, patience.catch(() => otherwise)]);
  answered.abort();
  return answer;
}

async function briefly<T>(values: Promise<T>, otherwise: T): Promise<T> {
  return within(VALUES_PATIENCE_MS, values, otherwise);
}

function asMagics({ words, start, end }: MagicCompletions): Completions {
  const matches = words.map(({ text, doc }) => ({ text, type: "magic", signature: doc }));
  return { matches, start, end };
}
