/**
 * The engine that knows types, and what it is to know of the notebook: started when it is wanted, told of the cells that
 * have run, asked by those who check cells and by those who answer questions.
 */
import { setImmediate as immediate } from "node:timers/promises";
import { isAlive } from "../host/children.ts";
import type { Importable } from "../language/importable.ts";
import type { Origin, RanCell } from "../language/notebook.ts";
import type { Language } from "../language/questions.ts";

/** So long after the last cell the engine is started, and told of what has run. */
const IDLE_MS = 1000;

/** A cell of so many characters is mostly data. */
const LARGE = 20_000;

/** About 5 ms of parsing. */
const CELLS_AT_ONCE = 16;

/** The module that types and documents the kernel's own names. */
const OWN = "gradbook/notebook";

export interface TypesOptions {
  /** The notebook's folder. */
  readonly folder: string;
  /** Modules whose exports the notebook starts with. */
  readonly preloads: readonly string[];
  log(sentence: string): void;
}

export type Tools = typeof import("../language/tools.ts");

export class Types {
  readonly #options: TypesOptions;
  /** Cells that have run since the engine was last asked. */
  #ran: RanCell[] = [];
  #language: Language | null = null;
  #provided: Promise<void> | null = null;
  #importable: { readonly installations: number; readonly all: readonly Importable[] } | null =
    null;
  #isClosed = false;
  /** Why there is no engine, if there is none. */
  #fault: string | null = null;
  #idle: NodeJS.Timeout | null = null;

  constructor(options: TypesOptions) {
    this.#options = options;
  }

  /** The engine's process, which no interrupt is meant for. */
  get pid(): number | undefined {
    return this.#language?.engine.pid;
  }

  /** Why nothing can be asked; null where it can. */
  get fault(): string | null {
    return this.#fault;
  }

  /** A cell has run; the engine is told at once if it is there, else when the notebook is idle. */
  add(cell: RanCell): void {
    this.#ran.push(cell);
    if (this.#language === null) return this.warmUpWhenIdle();
    setImmediate(() => this.#tell());
    if (cell.source.length < LARGE) return;
    void this.ask(async (language, { condense }) => condense(language, cell)).catch(() => {});
  }

  warmUpWhenIdle(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.warmUp(), IDLE_MS).unref();
  }

  /** All cells are as if they had not been run. */
  forget(): void {
    this.#ran = [];
    this.#language?.notebook.forget();
  }

  /** Starts the engine, and lets it read what every notebook begins with. */
  async warmUp(): Promise<void> {
    await this.ask(async () => null).catch(() => null);
  }

  /** The cell that a name was declared in. */
  origin(name: string): Origin | undefined {
    return this.#language?.notebook.origin(name);
  }

  /** Null where there is no engine; throws an EngineError where it does not answer. */
  async ask<T>(
    question: (language: Language, tools: Tools) => Promise<T>,
    { isUrgent = false } = {},
  ): Promise<T | null> {
    const tools = await loadTools();
    if (this.#isClosed) return null;
    const language = (this.#language ??= this.#start(tools));
    if (language === null) return null;
    this.#provided ??= this.#provide(language, tools);
    try {
      await this.#provided;
    } catch (error) {
      this.#provided = null;
      throw error;
    }
    language.refresh(isUrgent);
    while (this.#ran.length > 0) {
      this.#tell();
      // This thread has sockets to attend to.
      await immediate();
    }
    return question(language, tools);
  }

  /** What could be imported, found out once for each installation; where there is no engine, nothing. */
  async importable(): Promise<readonly Importable[]> {
    const found = await this.ask(async (language, { importableIn }) => {
      const { installations } = language;
      if (this.#importable?.installations !== installations) {
        const all = await importableIn(language, this.#options.folder);
        this.#importable = { installations, all };
      }
      return this.#importable.all;
    });
    return found ?? [];
  }

  /** Ends the engine; nothing is known of types from now on. */
  close(): void {
    this.#isClosed = true;
    this.#language?.close();
    this.#language = null;
  }

  /** Tells the notebook of some of the cells that have run. */
  #tell(): void {
    for (const cell of this.#ran.splice(0, CELLS_AT_ONCE)) this.#language?.notebook.add(cell);
  }

  async #provide(language: Language, tools: Tools): Promise<void> {
    for (const specifier of [OWN, ...this.#options.preloads]) {
      language.notebook.provide(specifier, await tools.exportsOf(language, specifier));
    }
  }

  #start({ startLanguage }: Tools): Language | null {
    if (this.#fault !== null) return null;
    try {
      return startLanguage(this.#options.folder, isAlive);
    } catch (error) {
      this.#fault = error instanceof Error ? error.message : String(error);
      this.#options.log(`the notebook goes without types: ${this.#fault}`);
      return null;
    }
  }
}

/** Loaded when it is first wanted: a kernel that is asked nothing pays nothing. */
export async function loadTools(): Promise<Tools> {
  return import("../language/tools.ts");
}
