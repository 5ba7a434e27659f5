/** Modules as a cell finds them: resolved from the notebook's folder, with names of CommonJS and JSON files. */
import { createRequire, isBuiltin, Module } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { denoPackage, wayOut } from "../cell/specifier.ts";
import { Aliases } from "./aliases.ts";

type Namespace = Readonly<Record<string, unknown>>;
type ImportOptions = { readonly with?: Readonly<Record<string, string>> };
type Importer = (specifier: string, options?: ImportOptions) => Promise<Namespace>;

const PATH = /^(\.{0,2}\/|file:)/;

/** Our own package is the one whose names are preloaded: a second copy would not know the first one's graphs. */
const OWN_PACKAGE = /^gradbook($|\/)/;

export class Imports {
  readonly require: NodeJS.Require;
  /** What scripts call `module`; `require.main === module` holds, as in a file that is run. */
  readonly module: NodeJS.Module;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly filename: string;
  readonly #import: Importer;
  readonly #builtins: ReadonlyMap<string, object>;
  readonly #aliases: Aliases;
  #knowsLocalModules = false;

  /** `folder` is where relative paths and packages are looked for; `builtins` win over installed packages. */
  constructor(folder: string, builtins: ReadonlyMap<string, object>) {
    this.filename = join(folder, "notebook.ts");
    this.require = requireWith(createRequire(this.filename), builtins, folder);
    this.module = Object.assign(new Module(this.filename), { filename: this.filename });
    this.require.main = this.module;
    this.#aliases = new Aliases(pathToFileURL(this.filename).href);
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
      resolve: (specifier: string) => this.#resolve(specifier),
    };
  }

  /** A path need not be there; a package must. */
  #resolve(specifier: string): string {
    const { href } = pathToFileURL(this.filename);
    const bare = denoPackage(specifier)?.bare ?? specifier;
    if (PATH.test(bare) || URL.canParse(bare)) return new URL(bare, href).href;
    const found = this.require.resolve(bare);
    return isBuiltin(found) ? `node:${found}` : pathToFileURL(found).href;
  }

  async import(specifier: string, options?: ImportOptions): Promise<Namespace> {
    const builtin = this.#builtins.get(specifier);
    if (builtin !== undefined) return builtin as Namespace;
    if (OWN_PACKAGE.test(specifier)) return (await import(specifier)) as Namespace;
    const isLocal = PATH.test(specifier) || this.#aliases.targets(specifier).length > 0;
    if (isLocal && !this.#knowsLocalModules) {
      this.#knowsLocalModules = true;
      // With it comes a parser, which a notebook without files of its own need not wait for.
      const { enableLocalModules } = await import("./local_modules.ts");
      enableLocalModules(pathToFileURL(this.filename).href);
    }
    const isJson = specifier.endsWith(".json");
    const bare = denoPackage(specifier)?.bare ?? specifier;
    try {
      if (!isJson) return await this.#import(bare, options);
      return asNamespace(await this.#import(bare, options ?? { with: { type: "json" } }));
    } catch (error) {
      throw notFound(error, specifier, dirname(this.filename)) ?? error;
    }
  }
}

/** TypeScript gives the keys of a JSON file as exports, too. */
function asNamespace(module: Namespace): Namespace {
  const { default: value } = module;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? Object.freeze({ __proto__: null, ...value, ...module }) : module;
}

/** A module that a cell imports and that is not there. */
export class ModuleNotFoundError extends Error {
  override name = "ModuleNotFoundError";
  readonly specifier: string;

  constructor(message: string, specifier: string) {
    super(message);
    this.specifier = specifier;
  }
}

function notFound(error: unknown, specifier: string, folder: string): Error | null {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const isMissing =
    (code === "ERR_UNSUPPORTED_ESM_URL_SCHEME" && wayOut(specifier) !== null) ||
    (code === "ERR_MODULE_NOT_FOUND" && String(message).includes("notebook.ts"));
  return isMissing ? missing(specifier, folder) : null;
}

function missing(specifier: string, folder: string): ModuleNotFoundError {
  const [name = ""] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  const remedy = PATH.test(specifier)
    ? `there is no such file, with or without .ts; paths start from ${folder}`
    : (wayOut(specifier) ?? `%npm install ${name} installs it, in ${folder}`);
  return new ModuleNotFoundError(`Cannot find "${specifier}": ${remedy}`, specifier);
}

function requireWith(
  require: NodeJS.Require,
  builtins: ReadonlyMap<string, object>,
  folder: string,
): NodeJS.Require {
  const wrapped = (specifier: string): unknown => {
    const builtin = builtins.get(specifier);
    if (builtin !== undefined) return builtin;
    try {
      return require(specifier);
    } catch (error) {
      const { code, requireStack } = error as { code?: unknown; requireStack?: unknown };
      // What a package of its own cannot find is not the cell's doing.
      const isMissing =
        code === "MODULE_NOT_FOUND" && Array.isArray(requireStack) && requireStack.length === 1;
      throw isMissing ? missing(specifier, folder) : error;
    }
  };
  return Object.assign(wrapped, require) as NodeJS.Require;
}

/**
 * One name of a module. A CommonJS module may keep its names on the default export alone. A name that is missing is
 * an error where the cell uses it, and otherwise taken for a type.
 */
export function pick(module: Namespace, name: string, specifier: string, isUsed: boolean): unknown {
  if (name in module) return module[name];
  const whole = module["default"];
  const isObject = (typeof whole === "object" && whole !== null) || typeof whole === "function";
  if (isObject && name in whole) return Reflect.get(whole, name);
  if (!isUsed) return undefined;
  const exported = Object.keys(module).slice(0, 12).join(", ");
  throw new SyntaxError(
    `"${specifier}" does not export ${name}; it exports ${exported || "nothing"}`,
  );
}
