/** Whether a cell may run, as far as its types say. */
import type { TypesMode } from "../cell/magics/types.ts";
import type { ErrorReport } from "../channel.ts";
import type { Findings, Mistake } from "../language/mistakes.ts";
import type { Types } from "./types.ts";
import type { Values } from "./values.ts";

export interface Verdict {
  /** Why the cell does not run; null if it does. */
  readonly refusal: ErrorReport | null;
  /** Said before the cell runs. */
  readonly notes: readonly string[];
  /** Names of other cells whose type the cell changes. */
  readonly changed: readonly string[];
}

/** A cell, for those who report on it. */
export interface CellText {
  readonly source: string;
  readonly label: string;
}

/** Nothing is wrong, as far as is known. */
export const PASSED: Verdict = { refusal: null, notes: [], changed: [] };

/** How a cell shows that it was written for a kernel that checks less strictly, or not at all. */
const TRAITS: readonly (readonly [kernel: string, trait: RegExp])[] = [
  ["tslab", /\bfrom\s*["']tslab["']|\brequire\(\s*["']tslab["']/],
  ["Deno", /\bDeno\.[a-z]|\b(?:from|import)\s*\(?\s*["'](?:npm|jsr):/],
  ["IJavascript", /(?<![\w$])\$\$\.[a-z]+(?:[A-Z][a-z]+)?\(|^[\w$]+\s*=\s*require\s*\(/m],
];
/** By the names of their kernelspecs, the kernels of this language that do not check so strictly, or not at all. */
const OTHER_KERNELS: Readonly<Record<string, string>> = {
  tslab: "tslab",
  jslab: "tslab",
  deno: "Deno",
  javascript: "IJavascript",
};

/** A module beside the notebook: from then on what its files say is looked at before each cell. */
const IMPORT = /\bimport\b|\brequire\b/;
const LOCAL_IMPORT = /["']\.{1,2}\//;

export class Checking {
  readonly #types: Types;
  readonly #values: Values;
  #mode: TypesMode;
  /** Whether it is what it is because the notebook was written for another kernel. */
  #isForeign = false;
  /** Whether the reader has chosen the mode. */
  #isChosen = false;
  readonly #savedKernelspec: () => string | null;
  /** The other kernel, by its name; empty for none; null before it was looked for. */
  #saved: string | null = null;
  #hasSaidMissing = false;
  #hasSaidConfig = false;
  #hasLocalImports = false;
  /** Packages without types that were spoken of. */
  readonly #untyped = new Set<string>();

  /** `savedKernelspec` is the name of the kernelspec that the notebook was saved with. */
  constructor(
    types: Types,
    values: Values,
    mode: TypesMode,
    savedKernelspec: () => string | null = () => null,
  ) {
    this.#savedKernelspec = savedKernelspec;
    this.#types = types;
    this.#values = values;
    this.#mode = mode;
  }

  get mode(): TypesMode {
    return this.#mode;
  }

  choose(mode: TypesMode): void {
    this.#mode = mode;
    this.#isChosen = true;
    if (mode !== "off") void this.#types.warmUp();
  }

  /** Looks at a text that stands in the source of a cell, each character in its place. */
  async check(text: string, cell: CellText): Promise<Verdict> {
    if (this.#mode === "off") return PASSED;
    const notes: string[] = [];
    const other = this.#mode === "on" && !this.#isChosen ? this.#otherKernel(text) : null;
    if (other !== null) {
      this.#mode = "warn";
      this.#isForeign = true;
      notes.push(
        `The notebook was written for ${other}, so type errors are shown as warnings; %types on lets no cell run that has one.`,
      );
    }
    const verdict = await this.#look(text, cell);
    return { ...verdict, notes: [...notes, ...verdict.notes] };
  }

  /** Whether the notebook is warned of what its own kernel might have minded, and of nothing else. */
  get #isLenient(): boolean {
    return this.#mode === "warn" && !this.#isChosen && this.#isForeign;
  }

  /** The kernel that the notebook was written for, if that is less strict. */
  #otherKernel(text: string): string | null {
    this.#saved ??= OTHER_KERNELS[this.#savedKernelspec() ?? ""] ?? "";
    if (this.#saved !== "") return this.#saved;
    return TRAITS.find(([, trait]) => trait.test(text))?.[0] ?? null;
  }

  async #look(text: string, cell: CellText): Promise<Verdict> {
    this.#hasLocalImports ||= LOCAL_IMPORT.test(text);
    try {
      const verdict = await this.#types.ask(
        async (language, { checkCell, isOfStrictness, typeReport }) => {
          const findings = await checkCell(language, text);
          const all = await this.#withoutGlobals(findings.mistakes);
          const mistakes = this.#isLenient ? all.filter((one) => !isOfStrictness(one, text)) : all;
          const notes = (): string[] => this.#notesOn(findings, language.configFault);
          if (mistakes.length === 0)
            return { ...PASSED, notes: notes(), changed: findings.changed };
          const { notebook } = language;
          const names = [...notebook.names()];
          const declaredIn = (name: string): string | null => notebook.origin(name)?.label ?? null;
          const isUnknown = mistakes.some(({ unknown }) => unknown !== null);
          const imports = isUnknown ? await this.#types.importable() : [];
          const report = typeReport(text, cell, mistakes, { names, imports, declaredIn });
          if (this.#mode !== "warn") return { ...PASSED, refusal: report };
          return { ...PASSED, notes: [...notes(), report.traceback.join("\n")] };
        },
        { isUrgent: this.#hasLocalImports || IMPORT.test(text) },
      );
      return verdict ?? this.#unchecked();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { ...PASSED, notes: [`The types of this cell were not checked: ${reason}.`] };
    }
  }

  /** Without an engine cells run; that is said once. */
  #unchecked(): Verdict {
    const { fault } = this.#types;
    if (this.#hasSaidMissing || fault === null) return PASSED;
    this.#hasSaidMissing = true;
    return { ...PASSED, notes: [`Types are not checked in this notebook: ${fault}`] };
  }

  #notesOn({ untyped }: Findings, configFault: string | null): string[] {
    const config = configFault === null || this.#hasSaidConfig ? [] : [configFault];
    this.#hasSaidConfig = true;
    const fresh = untyped.filter((name) => !this.#untyped.has(name));
    for (const name of fresh) this.#untyped.add(name);
    return [...config, ...fresh.map((name) => `${name} brings no types, so all of it is any.`)];
  }

  /** A name that the compiler does not know may be one that a cell has given to the global object. */
  async #withoutGlobals(mistakes: readonly Mistake[]): Promise<readonly Mistake[]> {
    const names = mistakes.flatMap(({ unknown }) => (unknown === null ? [] : [unknown]));
    if (names.length === 0) return mistakes;
    const present = await this.#values.globals(names);
    return mistakes.filter(({ unknown }) => unknown === null || !present.has(unknown));
  }
}
