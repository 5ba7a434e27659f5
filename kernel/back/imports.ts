/** Modules as a cell finds them: resolved from the notebook's folder, with names of CommonJS and JSON files. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

type Namespace = Readonly<Record<string, unknown>>;
type ImportOptions = { readonly with?: Readonly<Record<string, string>> };
type Importer = (specifier: string, options?: ImportOptions) => Promise<Namespace>;

/** Our own package is the one whose names are preloaded: a second copy would not know the first one's graphs. */
const OWN_PACKAGE = /^gradbook($|\/)/;

export class Imports {
  readonly require: NodeJS.Require;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly filename: string;
  readonly #import: Importer;
  readonly #builtins: ReadonlyMap<string, Namespace>;
  #knowsLocalModules = false;

  /** `folder` is where relative paths and packages are looked for; `builtins` win over installed packages. */
  constructor(folder: string, builtins: ReadonlyMap<string, Namespace>) {
    this.filename = join(folder, "notebook.ts");
    this.require = createRequire(this.filename);
    this.#builtins = builtins;
    // `import()` in a script without a file name of its own fails everywhere.
    const script = new vm.Script("(specifier, options) => import(specifier, options)", {
      filename: this.filename,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    this.#import = script.runInThisContext() as Importer;
    this.meta = {
      url: pathToFileURL(this.filename).href,
      filename: this.filename,
      dirname: folder,
      resolve: (specifier: string) => pathToFileURL(this.require.resolve(specifier)).href,
    };
  }

  async import(specifier: string, options?: ImportOptions): Promise<Namespace> {
    const builtin = this.#builtins.get(specifier);
    if (builtin !== undefined) return builtin;
    if (OWN_PACKAGE.test(specifier)) return (await import(specifier)) as Namespace;
    if (/^(\.{0,2}\/|file:)/.test(specifier) && !this.#knowsLocalModules) {
      this.#knowsLocalModules = true;
      // With it comes a parser, which a notebook without files of its own need not wait for.
      const { enableLocalModules } = await import("./local_modules.ts");
      enableLocalModules(pathToFileURL(this.filename).href);
    }
    const isJson = specifier.endsWith(".json") && options?.with === undefined;
    return this.#import(specifier, isJson ? { with: { type: "json" } } : options);
  }
}

/**
 * One name of a module. A CommonJS module may keep its names on the default export alone. A name that is missing is
 * an error where the cell uses it, and otherwise taken for a type.
 */
export function pick(module: Namespace, name: string, specifier: string, isUsed: boolean): unknown {
  if (name in module) return module[name];
  const whole = module["default"];
  if (typeof whole === "object" && whole !== null && name in whole) return Reflect.get(whole, name);
  if (!isUsed) return undefined;
  const exported = Object.keys(module).slice(0, 12).join(", ");
  throw new SyntaxError(
    `"${specifier}" does not export ${name}; it exports ${exported || "nothing"}`,
  );
}
