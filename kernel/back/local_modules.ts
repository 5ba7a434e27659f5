/**
 * Modules beside the notebook: TypeScript without a build, imports without an extension, and a fresh copy of what
 * was edited, itself or anything local below it, since it was last imported.
 */
import { readFileSync, statSync } from "node:fs";
import module, { type LoadHookContext, type ResolveHookContext } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseSync } from "oxc-parser";
import { placeAt } from "../cell/excerpt.ts";
import { CellSyntaxError, languageOf, transpile } from "../cell/transpile.ts";
import { compilerOptionsFor } from "../cell/tsconfig.ts";
import { Aliases } from "./aliases.ts";

const EXTENSIONS = ["", ".ts", ".tsx", ".mts", ".js", ".mjs", ".json", "/index.ts", "/index.js"];
const TYPESCRIPT = /\.[mc]?tsx?$/;
const SCRIPT = /\.[mc]?[jt]sx?$/;
/** What is read again when it was changed. */
const STAMPED = /\.(?:[mc]?[jt]sx?|json)$/;
const LOCAL = /^(\.{0,2}\/|file:)/;
/** A second copy would not know the first one's graphs. */
const OWN_PACKAGE = /^gradbook($|\/)/;

/** Marks the URLs of modules that were reached from the notebook by a path. */
const STAMP = "v";

type Resolved = { url: string; shortCircuit: true };
type Loaded = { format: "module" | "commonjs"; source: string; shortCircuit: true };

/** Registers the hooks once; on Node 20 they run in a thread of the module loader. */
export function enableLocalModules(notebookUrl: string): void {
  // Keeps the maps of modules loaded from here on; frames are mapped in errors.ts.
  process.setSourceMapsEnabled(true);
  const withHooks = module as Partial<typeof module> & { registerHooks?: (hooks: object) => void };
  if (withHooks.registerHooks !== undefined) {
    const hooks = new Hooks(notebookUrl);
    withHooks.registerHooks({
      resolve: (specifier: string, context: ResolveHookContext, next: Next) =>
        hooks.resolve(specifier, context) ??
        next(specifier, seenFrom(specifier, context, notebookUrl)),
      load: (url: string, context: LoadHookContext, next: Next) =>
        hooks.load(url, context) ?? next(url, context),
    });
    return;
  }
  module.register(new URL("../../kernel/back/local_modules.js", import.meta.url), {
    data: { notebookUrl },
  });
}

/** How modules that were reached from the notebook are found and read. */
class Hooks {
  readonly notebookUrl: string;
  readonly #aliases: Aliases;

  constructor(notebookUrl: string) {
    this.notebookUrl = notebookUrl;
    this.#aliases = new Aliases(notebookUrl);
  }

  resolve(specifier: string, context: ResolveHookContext): Resolved | null {
    const { parentURL: parent } = context;
    if (parent === undefined || !isOurs(parent, this.notebookUrl)) return null;
    const targets = LOCAL.test(specifier)
      ? [new URL(specifier, parent).href]
      : this.#aliases.targets(specifier);
    const url = targets.map(findFile).find((found) => found !== null);
    if (url === undefined || url === null) return null;
    // What is required is read by Node, which keeps it; JSON it would look for under its whole URL.
    const isRequired = context.conditions.includes("require") && !SCRIPT.test(url.pathname);
    if (STAMPED.test(url.pathname) && !isRequired) {
      url.searchParams.set(STAMP, String(newestChange(url, this.#aliases, new Set())));
    }
    return { url: url.href, shortCircuit: true };
  }

  load(href: string, { importAttributes }: LoadHookContext): Loaded | null {
    const url = href.startsWith("file:") ? new URL(href) : null;
    if (url === null || !url.searchParams.has(STAMP)) return null;
    const path = fileURLToPath(url);
    if (TYPESCRIPT.test(path))
      return loadTypeScript(path, dirname(fileURLToPath(this.notebookUrl)));
    if (/\.jsx?$/.test(path)) return loadJavaScript(path);
    return path.endsWith(".json") && importAttributes["type"] === undefined ? loadJson(path) : null;
  }
}

type Next = (name: string, context: object) => unknown;

let registered = new Hooks(import.meta.url);

/** Node 20's door to the hooks. */
export function initialize({ notebookUrl }: { notebookUrl: string }): void {
  registered = new Hooks(notebookUrl);
}

/** Node 20's door to the hooks. */
export async function resolve(
  specifier: string,
  context: ResolveHookContext,
  next: Next,
): Promise<unknown> {
  return (
    registered.resolve(specifier, context) ??
    next(specifier, seenFrom(specifier, context, registered.notebookUrl))
  );
}

/** Node 20's door to the hooks. */
export async function load(url: string, context: LoadHookContext, next: Next): Promise<unknown> {
  return registered.load(url, context) ?? next(url, context);
}

/** Our own package is found from here, whether it is installed beside the notebook or not. */
function seenFrom(
  specifier: string,
  context: ResolveHookContext,
  notebook: string,
): ResolveHookContext {
  const { parentURL: parent } = context;
  if (parent === undefined || !OWN_PACKAGE.test(specifier)) return context;
  return isOurs(parent, notebook) ? { ...context, parentURL: import.meta.url } : context;
}

/** Whether a module was reached from the notebook by paths. */
function isOurs(url: string, notebook: string): boolean {
  return url === notebook || (URL.canParse(url) && new URL(url).searchParams.has(STAMP));
}

function loadTypeScript(path: string, folder: string): Loaded {
  const text = readFileSync(path, "utf8");
  try {
    const { code, mappings } = transpile(text, languageOf(text), compilerOptionsFor(folder));
    return { format: "module", source: code + inlineMap(path, mappings), shortCircuit: true };
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    const { line, column } = placeAt(text, error.start, error.end);
    throw new SyntaxError(`${path}:${line + 1}:${column + 1}: ${error.message}`);
  }
}

/** A `.js` file beside a notebook needs no package.json to be a module: what it says decides. */
function loadJavaScript(path: string): Loaded | null {
  const source = readFileSync(path, "utf8");
  const { module: record, errors } = parseSync(path, source, { sourceType: "unambiguous" });
  const isModule = errors.length === 0 && record.hasModuleSyntax;
  return isModule ? { format: "module", source, shortCircuit: true } : null;
}

/** A file imports JSON without saying so, as TypeScript lets it. */
function loadJson(path: string): Loaded {
  const source = `export default ${readFileSync(path, "utf8").trim() || "null"};`;
  return { format: "module", source, shortCircuit: true };
}

/** For the lines of a stack: Node reads it from the end of the module. */
function inlineMap(path: string, mappings: string): string {
  const map = JSON.stringify({ version: 3, sources: [path], names: [], mappings });
  const encoded = Buffer.from(map).toString("base64");
  return `\n//# sourceMappingURL=data:application/json;base64,${encoded}`;
}

/** The file a path means: as written, with an extension, or with TypeScript's in place of JavaScript's. */
function findFile(href: string): URL | null {
  const plain = new URL(href);
  plain.search = "";
  const candidates = EXTENSIONS.map((extension) => `${plain.href}${extension}`);
  const asTypeScript = plain.href.replace(/\.([mc]?)js(x?)$/, ".$1ts$2");
  return [...candidates, asTypeScript].map((one) => new URL(one)).find(isFile) ?? null;
}

function isFile(url: URL): boolean {
  return statSync(fileURLToPath(url), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The latest change, in milliseconds, of a file and of every local file it imports. */
function newestChange(url: URL, aliases: Aliases, seen: Set<string>): number {
  if (seen.has(url.href)) return 0;
  seen.add(url.href);
  const path = fileURLToPath(url);
  let newest = statSync(path).mtimeMs;
  if (!SCRIPT.test(path)) return newest;
  const { module: record } = parseSync(path, readFileSync(path, "utf8"), { sourceType: "module" });
  const specifiers = [
    ...record.staticImports.map((entry) => entry.moduleRequest.value),
    ...record.staticExports.flatMap((entry) =>
      entry.entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
  ];
  for (const specifier of specifiers) {
    const targets = LOCAL.test(specifier)
      ? [new URL(specifier, pathToFileURL(path)).href]
      : aliases.targets(specifier);
    const file = targets.map(findFile).find((found) => found !== null);
    if (file !== undefined && file !== null && STAMPED.test(file.pathname)) {
      newest = Math.max(newest, newestChange(file, aliases, seen));
    }
  }
  return newest;
}
