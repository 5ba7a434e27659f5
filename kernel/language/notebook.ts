/** The notebook as the engine sees it: a module for each cell that declared something, and a draft for questions. */
import { languageOf } from "../cell/transpile.ts";
import { type Declaration, declarationsOf, declaredNames } from "./declarations.ts";
import type { Document } from "./engine.ts";
import { OURS, type Workspace } from "./workspace.ts";

const IDENTIFIER = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;

/** A cell that has run. */
export interface RanCell {
  readonly source: string;
  /** How tracebacks name it. */
  readonly label: string;
  /** The names that have a value by it. */
  readonly names: readonly string[];
}

/** Where a name of the notebook was declared. */
export interface Origin {
  readonly kind: Declaration["kind"];
  readonly label: string;
  /** The statement that declares it; null where it stands in no statement of its own. */
  readonly source: string | null;
}

/** A document of the engine, with how many units stand in it before the text that was asked about. */
export interface Draft {
  readonly document: Document;
  readonly shift: number;
}

export class Notebook {
  readonly #workspace: Workspace;
  /** For each name the module that has it. */
  readonly #modules = new Map<string, string>();
  readonly #provided = new Map<string, string>();
  readonly #origins = new Map<string, Origin>();
  #count = 0;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Names that were there before the first cell; a cell's own take precedence over them. */
  provide(specifier: string, names: Iterable<string>): void {
    for (const name of names) {
      this.#provided.set(name, specifier);
      if (!this.#origins.has(name)) this.#modules.set(name, specifier);
    }
  }

  add({ source, label, names }: RanCell): void {
    const live = new Set(names);
    const declared = declarationsOf(source).filter(({ name, isType }) => isType || live.has(name));
    if (declared.length === 0) return;
    const file = `${OURS}cell_${++this.#count}`;
    const exports = new Set(
      declared.filter(({ isExported }) => !isExported).map(({ name }) => name),
    );
    const suffix = exports.size === 0 ? "" : `\nexport { ${[...exports].join(", ")} };`;
    const extension = languageOf(source);
    const text = this.#prefix(source, new Set(declared.map(({ name }) => name))) + source + suffix;
    this.#workspace.write(`${file}.${extension}`, text);
    for (const { name, kind, start, end } of declared) {
      // The newest is the last of the map.
      this.#modules.delete(name);
      this.#modules.set(name, `./${file}.${extension}`);
      const statement = end > start ? source.slice(start, end) : null;
      this.#origins.set(name, { kind, label, source: statement });
    }
  }

  /** All cells are as if they had not been run. */
  forget(): void {
    this.#origins.clear();
    this.#modules.clear();
    for (const [name, specifier] of this.#provided) this.#modules.set(name, specifier);
  }

  origin(name: string): Origin | undefined {
    return this.#origins.get(name);
  }

  /** The names whose types the engine knows. */
  names(): Iterable<string> {
    return this.#modules.keys();
  }

  /** The text behind imports of the names it mentions, and of `others`; its lines hold, and of the first the columns move. */
  draft(source: string, others: readonly string[] = []): Draft {
    const own = declaredNames(source);
    const prefix = `export {};${this.#prefix(source, own, others)}`;
    const path = this.#workspace.draft(languageOf(source));
    return { document: { path, text: prefix + source }, shift: prefix.length };
  }

  #prefix(source: string, own: ReadonlySet<string>, others: readonly string[] = []): string {
    const wanted = new Map<string, string[]>();
    const mentioned = new Set([...(source.match(IDENTIFIER) ?? []), ...others]);
    for (const name of mentioned) {
      const module = this.#modules.get(name);
      if (module === undefined || own.has(name)) continue;
      wanted.set(module, [...(wanted.get(module) ?? []), name]);
    }
    return [...wanted]
      .map(([module, names]) => `import { ${names.join(", ")} } from ${JSON.stringify(module)};`)
      .join("");
  }
}
