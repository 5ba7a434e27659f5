/** The notebook as the engine sees it: a module for each cell that declared something, and drafts for questions. */
import { parseSync } from "oxc-parser";
import { asObject } from "../cell/object.ts";
import { languageOf } from "../cell/transpile.ts";
import { endOf, exportsBehind, type Known, probe, type Surrounding, wrap } from "./cell_module.ts";
import { type Declaration, declarationsOf, declaredNames } from "./declarations.ts";
import type { Document, Problem } from "./engine.ts";
import { type Flow, flowOf } from "./flow.ts";
import { OURS, type Workspace } from "./workspace.ts";

const IDENTIFIER = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
/** What it declares holds for every module, so all that come later must have seen it. */
const AMBIENT = /\bdeclare\s+(?:global\b|module\s*["'])/;

/** Without one of these words a cell declares nothing. */
const DECLARING =
  /\b(?:var|let|const|using|function|class|enum|interface|type|namespace|module|import|declare|abstract)\b/;

/** A cell that has run. */
export interface RanCell {
  readonly source: string;
  /** How tracebacks name it. */
  readonly label: string;
  /** The names that have a value by it. */
  readonly names: readonly string[];
  /** Names of other cells that have another type at its end. */
  readonly changed: readonly string[];
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

/** A cell that is to be checked. */
export interface CheckedDraft {
  readonly document: Document;
  readonly toCell: (offset: number) => number | null;
  /** Those of the names the cell touches whose type has changed by its end, by what the compiler found. */
  readonly changedBy: (problems: readonly Problem[]) => string[];
}

export class Notebook {
  readonly #workspace: Workspace;
  readonly #known = new Map<string, Known>();
  readonly #provided = new Map<string, Known>();
  readonly #origins = new Map<string, Origin>();
  readonly #ambient: string[] = [];
  #count = 0;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Names that were there before the first cell; a cell's own take precedence over them. */
  provide(specifier: string, names: Iterable<string>): void {
    for (const name of names) {
      const known = { module: specifier, exported: name, mutable: false, flow: null };
      this.#provided.set(name, known);
      if (!this.#origins.has(name)) this.#known.set(name, known);
    }
  }

  add({ source, label, names, changed }: RanCell): void {
    if (changed.length === 0 && !DECLARING.test(source)) return;
    const live = new Set(names);
    const declared = declarationsOf(source).filter(
      ({ name, isErased }) => isErased || live.has(name),
    );
    if (declared.length === 0 && changed.length === 0 && !AMBIENT.test(source)) return;
    const extension = languageOf(source);
    const file = `${OURS}cell_${++this.#count}.${extension}`;
    const module = `./${file}`;
    const flow = flowIn(source, extension);
    const own = new Set(declared.map(({ name }) => name));
    const ends = declared.filter((one) => mayChange(one, flow)).map(({ name }) => name);
    const bridged = changed.filter((name) => !own.has(name) && this.#known.has(name));
    const exported = declared.filter(({ isExported }) => !isExported).map(({ name }) => name);
    const suffix = exportsBehind(new Set(exported), new Set([...ends, ...bridged]));
    const { text } = wrap(source, this.#surrounding(source, own, { flow, others: [] }), suffix);
    this.#workspace.write(file, text);
    if (AMBIENT.test(source)) this.#ambient.push(module);
    for (const one of declared) this.#declare(one, module, ends.includes(one.name), source, label);
    for (const name of bridged) this.#bridge(name, module);
  }

  /** The variables of a cell of nothing else: what could stand for it. */
  variablesOf({ source, names }: RanCell): string[] {
    const declared = declarationsOf(source);
    const isData = declared.every(({ kind, isExported }) => kind === "variable" && !isExported);
    return isData ? names.filter((name) => declared.some((one) => one.name === name)) : [];
  }

  /** Puts declarations in the place of the text of the cell that declared these names; returns the file that changed. */
  condense(names: readonly string[], declarations: string): string | null {
    const modules = new Set(names.map((name) => this.#known.get(name)?.module));
    const [module] = modules;
    if (modules.size !== 1 || module === undefined) return null;
    const own = new Set(names);
    const surrounding = this.#surrounding(declarations, own, { flow: null, others: [] });
    const { text } = wrap(declarations, surrounding, exportsBehind(own, []));
    for (const name of names) {
      const known = this.#known.get(name);
      if (known !== undefined) this.#known.set(name, { ...known, flow: null });
    }
    return this.#workspace.write(module.slice("./".length), text);
  }

  /** All cells are as if they had not been run. */
  forget(): void {
    this.#origins.clear();
    this.#known.clear();
    for (const [name, known] of this.#provided) this.#known.set(name, known);
  }

  origin(name: string): Origin | undefined {
    return this.#origins.get(name);
  }

  /** The names whose types the engine knows. */
  names(): Iterable<string> {
    return this.#known.keys();
  }

  /** The text behind imports of the names it mentions, and of `others`; its lines hold, and of the first the columns move. */
  draft(source: string, others: readonly string[] = []): Draft {
    const surrounding = this.#surrounding(source, declaredNames(source), { flow: null, others });
    const { text } = wrap(source, surrounding, "");
    const path = this.#workspace.draft(languageOf(source));
    return { document: { path, text }, shift: text.length - source.length };
  }

  /** The text as it will be if it runs. */
  checked(cell: string): CheckedDraft {
    const object = asObject(cell);
    const source = object ?? cell;
    const indent = object === null ? 0 : 1;
    const extension = languageOf(source);
    const flow = flowIn(source, extension);
    const own = new Set(declarationsOf(source).map(({ name }) => name));
    const surrounding = this.#surrounding(source, own, { flow, others: [] });
    const touched = [...flow.touched].flatMap((name) => {
      const known = surrounding.mentioned.get(name);
      return known === undefined ? [] : [{ name, text: probe(name, known) }];
    });
    const { text, toCell } = wrap(
      source,
      surrounding,
      `\n${touched.map((one) => one.text).join("")}`,
    );
    return {
      document: { path: this.#workspace.draft(extension), text },
      toCell: (offset) => {
        const at = toCell(offset);
        return at === null ? null : Math.min(Math.max(0, at - indent), cell.length);
      },
      changedBy: (problems) => {
        let at = text.length;
        const changed: string[] = [];
        for (const { name, text: probed } of touched.toReversed()) {
          at -= probed.length;
          const [from, to] = [at, at + probed.length];
          if (problems.some(({ start }) => start >= from && start < to)) changed.push(name);
        }
        return changed;
      },
    };
  }

  #declare(
    { name, kind, mutable, start, end }: Declaration,
    module: string,
    isChanged: boolean,
    source: string,
    label: string,
  ): void {
    const flow = isChanged ? { module, exported: endOf(name) } : null;
    // The newest is the last of the map.
    this.#known.delete(name);
    this.#known.set(name, { module, exported: name, mutable, flow });
    const statement = end > start ? source.slice(start, end) : null;
    this.#origins.set(name, { kind, label, source: statement });
  }

  #bridge(name: string, module: string): void {
    const known = this.#known.get(name);
    if (known === undefined) return;
    this.#known.set(name, { ...known, flow: { module, exported: endOf(name) } });
  }

  #surrounding(
    source: string,
    own: ReadonlySet<string>,
    { flow, others }: { readonly flow: Flow | null; readonly others: readonly string[] },
  ): Surrounding {
    const mentioned = new Map<string, Known>();
    for (const name of new Set([...(source.match(IDENTIFIER) ?? []), ...others])) {
      const known = this.#known.get(name);
      if (known !== undefined && !own.has(name)) mentioned.set(name, known);
    }
    const earlier = (flow?.earlier ?? []).flatMap((occurrence) => {
      const known = this.#known.get(occurrence.name);
      return known === undefined ? [] : [{ ...occurrence, known }];
    });
    return { mentioned, earlier, ambient: this.#ambient };
  }
}

function flowIn(source: string, extension: "ts" | "tsx"): Flow {
  return flowOf(parseSync(`cell.${extension}`, source, { sourceType: "module" }).program);
}

/** Whether a name may have another type at the end of its cell than it was declared with. */
function mayChange({ name, kind, isErased, evolves }: Declaration, flow: Flow): boolean {
  return kind === "variable" && !isErased && (evolves || flow.touched.has(name));
}
