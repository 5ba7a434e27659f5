/**
 * Questions about code that is not run: what could stand here, what is this. The types come from the engine, a child
 * process that starts when the notebook is first idle or first asked; the values from the main thread, if it answers.
 */
import { setImmediate as immediate, setTimeout as delay } from "node:timers/promises";
import type { Completions, Named } from "../language/completion.ts";
import type { Inspection } from "../language/hover.ts";
import type { RanCell } from "../language/notebook.ts";
import type { Place } from "../language/place.ts";
import type { Language } from "../language/questions.ts";
import type { Values } from "./values.ts";

/** JupyterLab drops what comes later than a second after its question. */
const PATIENCE_MS = 800;
/** So long after the last cell the engine is started, and told of what has run. */
const IDLE_MS = 1000;

/** About 5 ms of parsing. */
const CELLS_AT_ONCE = 16;

/** The module that types and documents the kernel's own names. */
const OWN = "gradbook/notebook";

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

export interface IntrospectionOptions {
  /** The notebook's folder. */
  readonly folder: string;
  /** Modules whose exports the notebook starts with. */
  readonly preloads: readonly string[];
  readonly values: Values;
  log(sentence: string): void;
}

type Tools = typeof import("../language/tools.ts");

export class Introspection {
  readonly #options: IntrospectionOptions;
  readonly #names = new Set<string>();
  /** Cells that have run since the engine was last asked. */
  #ran: RanCell[] = [];
  #language: Language | null = null;
  #isProvided = false;
  #isMissing = false;
  #idle: NodeJS.Timeout | null = null;

  constructor(options: IntrospectionOptions) {
    this.#options = options;
  }

  /** The engine's process, which no interrupt is meant for. */
  get pid(): number | undefined {
    return this.#language?.engine.pid;
  }

  /** Names of the notebook that have a value now. */
  know(names: Iterable<string>): void {
    for (const name of names) this.#names.add(name);
  }

  /** All names of cells are gone; these have a value now. */
  forget(names: Iterable<string>): void {
    this.#names.clear();
    this.know(names);
    this.#ran = [];
    this.#language?.notebook.forget();
  }

  /** A cell has run; its types are looked at when the notebook is idle, or asked about. */
  add(cell: RanCell): void {
    this.#ran.push(cell);
    this.warmUpWhenIdle();
  }

  warmUpWhenIdle(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#types(async () => null), IDLE_MS).unref();
  }

  async complete(code: string, offset: number): Promise<Completions> {
    const { placeAt, completionsOf, proposalsAt } = await loadTools();
    const place = placeAt(code, offset);
    const [proposals, members, globals] = await Promise.all([
      this.#types(async (language) => proposalsAt(language, { code, offset, place })),
      this.#members(place),
      place.kind === "name" ? this.#globals() : [],
    ]);
    const names = [...this.#names].map((name) => ({ name, kind: this.#kindOf(name) }));
    return completionsOf({ source: code, offset, place, proposals, members, names, globals });
  }

  async inspect(
    code: string,
    offset: number,
    { wantsSource }: { readonly wantsSource: boolean },
  ): Promise<Inspection | null> {
    const { placeAt, chainAt, hoverAt, inspectionOf } = await loadTools();
    const place = placeAt(code, offset);
    const path = chainAt(code, place);
    const [types, value] = await Promise.all([
      this.#types(async (language) => hoverAt(language, { code, offset, place }, path)),
      path === null ? null : this.#options.values.value(path),
    ]);
    const { hover = null, signature = null } = types ?? {};
    // What a function calls `x` is not the notebook's `x`.
    const isLocal = /^\((parameter|local \w+)\)/.test(hover?.declaration ?? "");
    if (isLocal) return inspectionOf({ hover, signature, value: null, origin: null });
    const declared = path?.length === 1 ? this.#language?.notebook.origin(String(path[0])) : null;
    const origin = declared ?? { label: "Source", source: value?.source ?? null };
    return inspectionOf({
      hover,
      signature,
      value: value?.text ?? null,
      origin: wantsSource ? origin : null,
    });
  }

  /** Ends the engine; questions are answered without types from now on. */
  close(): void {
    this.#isMissing = true;
    this.#language?.close();
    this.#language = null;
  }

  async #members({ kind, owner }: Place): Promise<Named[]> {
    if (owner === null) return [];
    const found = await this.#options.values.members(owner);
    return kind === "string" ? found : found.filter(({ name }) => NAME.test(name));
  }

  async #globals(): Promise<Named[]> {
    const found = await this.#options.values.members([]);
    if (found.length > 0) return found;
    return Object.getOwnPropertyNames(globalThis).map((name) => ({ name, kind: "variable" }));
  }

  #kindOf(name: string): string {
    return this.#language?.notebook.origin(name)?.kind ?? "variable";
  }

  /** What the types say; null when they say nothing in time. */
  async #types<T>(question: (language: Language) => Promise<T>): Promise<T | null> {
    const answered = new AbortController();
    const patience = delay(PATIENCE_MS, null, { signal: answered.signal }).catch(() => null);
    const answer = await Promise.race([this.#ask(question).catch(() => null), patience]);
    answered.abort();
    return answer;
  }

  async #ask<T>(question: (language: Language) => Promise<T>): Promise<T | null> {
    const tools = await loadTools();
    if (this.#isMissing) return null;
    const language = (this.#language ??= this.#start(tools));
    if (language === null) return null;
    if (!this.#isProvided) {
      for (const specifier of [OWN, ...this.#options.preloads]) {
        language.notebook.provide(specifier, await tools.exportsOf(language, specifier));
      }
      this.#isProvided = true;
    }
    language.refresh();
    let count = 0;
    for (let cell = this.#ran.shift(); cell !== undefined; cell = this.#ran.shift()) {
      language.notebook.add(cell);
      // This thread has sockets to attend to.
      if (++count % CELLS_AT_ONCE === 0) await immediate();
    }
    return question(language);
  }

  #start({ startLanguage }: Tools): Language | null {
    try {
      return startLanguage(this.#options.folder);
    } catch (error) {
      this.#isMissing = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log(`completion goes without types: ${reason}`);
      return null;
    }
  }
}

/** Loaded by the first question: a kernel that is asked nothing pays nothing. */
async function loadTools(): Promise<Tools> {
  return import("../language/tools.ts");
}
