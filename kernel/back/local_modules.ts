/**
 * Modules beside the notebook: TypeScript without a build, imports without an extension, and a fresh copy of what
 * was edited, itself or anything local below it, since it was last imported.
 */
import { readFileSync, statSync } from "node:fs";
import module, { type LoadHookContext, type ResolveHookContext } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseSync } from "oxc-parser";
import { placeAt } from "../cell/excerpt.ts";
import { CellSyntaxError, languageOf, transpile } from "../cell/transpile.ts";

const EXTENSIONS = ["", ".ts", ".tsx", ".mts", ".js", ".mjs", ".json", "/index.ts", "/index.js"];
const TYPESCRIPT = /\.[mc]?tsx?$/;
const STAMPED = /\.[mc]?[jt]sx?$/;
const LOCAL = /^(\.{0,2}\/|file:)/;
/** A second copy would not know the first one's graphs. */
const OWN_PACKAGE = /^gradbook($|\/)/;

/** Marks the URLs of modules that were reached from the notebook by a path. */
const STAMP = "v";

type Resolved = { url: string; shortCircuit: true };
type Loaded = { format: "module"; source: string; shortCircuit: true };

/** Registers the hooks once; on Node 20 they run in a thread of the module loader. */
export function enableLocalModules(notebookUrl: string): void {
  // Keeps the maps of modules loaded from here on; frames are mapped in errors.ts.
  process.setSourceMapsEnabled(true);
  const withHooks = module as Partial<typeof module> & { registerHooks?: (hooks: object) => void };
  if (withHooks.registerHooks !== undefined) {
    withHooks.registerHooks({
      resolve: (specifier: string, context: ResolveHookContext, next: Next) =>
        resolveLocal(specifier, context.parentURL, notebookUrl) ??
        next(specifier, seenFrom(specifier, context, notebookUrl)),
      load: (url: string, context: LoadHookContext, next: Next) =>
        loadLocal(url) ?? next(url, context),
    });
    return;
  }
  module.register(new URL("./local_modules.js", import.meta.url), { data: { notebookUrl } });
}

type Next = (name: string, context: object) => unknown;

let registeredUrl = "";

/** Node 20's door to the hooks. */
export function initialize({ notebookUrl }: { notebookUrl: string }): void {
  registeredUrl = notebookUrl;
}

/** Node 20's door to the hooks. */
export async function resolve(
  specifier: string,
  context: ResolveHookContext,
  next: Next,
): Promise<unknown> {
  return (
    resolveLocal(specifier, context.parentURL, registeredUrl) ??
    next(specifier, seenFrom(specifier, context, registeredUrl))
  );
}

/** Node 20's door to the hooks. */
export async function load(url: string, context: LoadHookContext, next: Next): Promise<unknown> {
  return loadLocal(url) ?? next(url, context);
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

function resolveLocal(
  specifier: string,
  parent: string | undefined,
  notebook: string,
): Resolved | null {
  if (parent === undefined || !LOCAL.test(specifier) || !isOurs(parent, notebook)) return null;
  const url = findFile(specifier, parent);
  if (url === null) return null;
  if (STAMPED.test(url.pathname)) url.searchParams.set(STAMP, String(newestChange(url, new Set())));
  return { url: url.href, shortCircuit: true };
}

function loadLocal(href: string): Loaded | null {
  const url = href.startsWith("file:") ? new URL(href) : null;
  if (url === null || !url.searchParams.has(STAMP) || !TYPESCRIPT.test(url.pathname)) return null;
  const path = fileURLToPath(url);
  const text = readFileSync(path, "utf8");
  try {
    const { code, mappings } = transpile(text, languageOf(text));
    return { format: "module", source: code + inlineMap(path, mappings), shortCircuit: true };
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    const { line, column } = placeAt(text, error.start, error.end);
    throw new SyntaxError(`${path}:${line + 1}:${column + 1}: ${error.message}`);
  }
}

/** For the lines of a stack: Node reads it from the end of the module. */
function inlineMap(path: string, mappings: string): string {
  const map = JSON.stringify({ version: 3, sources: [path], names: [], mappings });
  const encoded = Buffer.from(map).toString("base64");
  return `\n//# sourceMappingURL=data:application/json;base64,${encoded}`;
}

/** The file a path means: as written, with an extension, or with TypeScript's in place of JavaScript's. */
function findFile(specifier: string, parent: string): URL | null {
  const plain = new URL(specifier, parent);
  plain.search = "";
  const candidates = EXTENSIONS.map((extension) => `${plain.href}${extension}`);
  const asTypeScript = plain.href.replace(/\.([mc]?)js(x?)$/, ".$1ts$2");
  return [...candidates, asTypeScript].map((href) => new URL(href)).find(isFile) ?? null;
}

function isFile(url: URL): boolean {
  return statSync(fileURLToPath(url), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The latest change, in milliseconds, of a file and of every local file it imports. */
function newestChange(url: URL, seen: Set<string>): number {
  if (seen.has(url.href)) return 0;
  seen.add(url.href);
  const path = fileURLToPath(url);
  let newest = statSync(path).mtimeMs;
  const { module: record } = parseSync(path, readFileSync(path, "utf8"), { sourceType: "module" });
  const specifiers = [
    ...record.staticImports.map((entry) => entry.moduleRequest.value),
    ...record.staticExports.flatMap((entry) =>
      entry.entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
  ];
  for (const specifier of specifiers.filter((name) => LOCAL.test(name))) {
    const file = findFile(specifier, pathToFileURL(path).href);
    if (file !== null && STAMPED.test(file.pathname)) {
      newest = Math.max(newest, newestChange(file, seen));
    }
  }
  return newest;
}
