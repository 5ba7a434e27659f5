/**
 * The folder in which the engine finds the cells: outside the notebook's own, but with its files and packages in reach.
 * Relative imports are joined by `rootDirs`; packages by links, for a path mapping knows no `exports` of a package.json.
 */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type CompilerOptions, compilerOptionsFor, nearestTsconfig } from "../cell/tsconfig.ts";
import { removeFolder, temporaryFolder, temporaryRoot } from "../transport/folders.ts";

/** Names that cells use as types, `Deno.FileInfo`. */
const DENO_TYPES = [
  "ChildProcess",
  "Command",
  "CommandOptions",
  "CommandOutput",
  "CommandStatus",
  "DirEntry",
  "FileInfo",
  "FsFile",
  "HttpServer",
  "MakeTempOptions",
  "MkdirOptions",
  "OpenOptions",
  "RemoveOptions",
  "ServeHandler",
  "ServeOptions",
  "TestContext",
  "TestDefinition",
  "WriteFileOptions",
];
const PACKAGE = fileURLToPath(new URL("../../../", import.meta.url));

/** Begins the names of our files, which are not to be proposed. */
export const OURS = "$";
const CONFIG = "tsconfig.json";
const DEFAULTS = `${OURS}defaults.json`;
const GLOBALS = `${OURS}globals.d.ts`;
const DRAFTS = [`${OURS}draft.ts`, `${OURS}draft.tsx`] as const;

/**
 * `$is` carries the type that a variable had at the end of a cell into the next. Nothing but null or undefined is no
 * type to go on with: something that the cell called will have set it by then. Nor is one of several literals: a cell
 * that asks whether a setting is "test" is right to ask, whatever it was set to last.
 */
const BRIDGES = `
declare function ${OURS}is<T, D>(value: unknown): asserts value is ${OURS}Now<T, D>;
type ${OURS}Now<T, D> = [T] extends [null | undefined] ? D : 0 extends 1 & D ? T : ${OURS}Wide<T, D>;
type ${OURS}Wide<T, D> = T extends string ? ${OURS}Part<T, D, string>
  : T extends number ? ${OURS}Part<T, D, number>
  : T extends boolean ? ${OURS}Part<T, D, boolean>
  : T extends bigint ? ${OURS}Part<T, D, bigint> : T;
type ${OURS}Part<T, D, P> = [Extract<D, P>] extends [never] ? T : Extract<D, P>;
type ${OURS}Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** The value of the last cell that had one. */
declare let _: any;
/** Names of other kernels (kernel/back/deno, kernel/back/ijavascript.ts); of Deno, what is not there says so when it runs. */
declare const Deno: import("gradbook/deno").Deno & { readonly [name: string]: any };
declare namespace Deno {
${DENO_TYPES.map((name) => `  type ${name} = import("gradbook/deno").${name};`).join("\n")}
}
declare const $$: any;
/** In a page and in Deno JSON is any; Node's types say unknown, for which a cell would need a type of its own. */
interface Response { clone(): Response; json(): Promise<any> }
interface Request { clone(): Request; json(): Promise<any> }
`;

/**
 * What `require` gives: in TypeScript's own words it is any, and a notebook of scripts would have no types at all. A
 * signature for one literal goes before those for any text, whichever file is read first.
 */
const REQUIRE = `declare namespace NodeJS {
  interface Require {
${builtinModules
  .filter((name) => !name.startsWith("_"))
  .flatMap((name) => (name.startsWith("node:") ? [name] : [name, `node:${name}`]))
  .map((name) => `    (id: "${name}"): typeof import("${name}");`)
  .join("\n")}
  }
}
`;

/** Elements without a library of their own are HTML (kernel/back/jsx.ts). */
const JSX = `
declare namespace JSX {
  type Element = { readonly html: string };
  interface IntrinsicElements { [tag: string]: any }
  interface ElementChildrenAttribute { children: {} }
}
`;

export class Workspace {
  /** Where the modules of the cells lie. */
  readonly cells: string;
  readonly #root: string;
  readonly #notebook: string;

  /** `notebook` is the notebook's folder; `isAlive` tells of a process whether it is there. */
  constructor(notebook: string, isAlive: (pid: number) => boolean) {
    sweep(isAlive);
    this.#root = temporaryFolder(`${PREFIX}${process.pid}-`);
    linkOwn(join(this.#root, "node_modules"));
    this.cells = join(linkPackages(this.#root, notebook), "cells");
    mkdirSync(this.cells);
    this.#notebook = notebook;
    this.write(DEFAULTS, JSON.stringify({ compilerOptions: defaults }));
    this.#configure();
    for (const draft of DRAFTS) this.write(draft, "export {};");
  }

  /** The text that questions are about; it is open in the engine, and never written. */
  draft(language: "ts" | "tsx"): string {
    return join(this.cells, DRAFTS[language === "ts" ? 0 : 1]);
  }

  /** Returns the path of the file. */
  write(name: string, text: string): string {
    const path = join(this.cells, name);
    writeFileSync(path, text);
    return path;
  }

  /** Reads the notebook's tsconfig.json again; returns the files of the workspace that say so to the engine. */
  configure(): string[] {
    this.#configure();
    return [CONFIG, GLOBALS].map((name) => join(this.cells, name));
  }

  #configure(): void {
    const own = nearestTsconfig(this.#notebook);
    const options = compilerOptionsFor(this.#notebook);
    this.write(CONFIG, JSON.stringify(configuration(this.#notebook, own, options)));
    this.write(GLOBALS, BRIDGES + REQUIRE + (options.jsx === undefined ? JSX : ""));
  }

  close(): void {
    removeFolder(this.#root);
  }
}

const PREFIX = "gradbook-types-";

/** Removes what kernels left that were killed. */
function sweep(isAlive: (pid: number) => boolean): void {
  for (const name of readdirSync(temporaryRoot())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      removeFolder(join(temporaryRoot(), name));
    } catch {
      // Another user's: it is theirs to remove.
    }
  }
}

function link(target: string, path: string): void {
  // A junction needs no rights on Windows; elsewhere the word means nothing.
  symlinkSync(target, path, "junction");
}

/** What a notebook of tslab's imports is ours (kernel/back/tslab.ts). */
const TSLAB = `import type { Tslab } from "gradbook/tslab";
declare const tslab: Tslab;
export const display: Tslab["display"];
export const newDisplay: Tslab["newDisplay"];
export const versions: Tslab["versions"];
export default tslab;
`;

/** Our own package, and the types of Node for a notebook that has none installed. */
function linkOwn(modules: string): void {
  mkdirSync(join(modules, "@types"), { recursive: true });
  link(PACKAGE, join(modules, "gradbook"));
  mkdirSync(join(modules, "tslab"));
  writeFileSync(join(modules, "tslab", "index.d.ts"), TSLAB);
  try {
    const types = createRequire(import.meta.url).resolve("@types/node/package.json");
    link(dirname(types), join(modules, "@types", "node"));
  } catch {
    // Without them `process` and its like have no types, and all else has.
  }
}

/** One folder in the other for each `node_modules` above the notebook: the nearest is found first. */
function linkPackages(root: string, notebook: string): string {
  let at = root;
  for (const folder of [...ancestors(notebook)].toReversed()) {
    const modules = join(folder, "node_modules");
    // The notebook's own may be made later, by an installation.
    if (folder !== notebook && !existsSync(modules)) continue;
    at = join(at, "n");
    mkdirSync(at);
    link(modules, join(at, "node_modules"));
  }
  return at;
}

function* ancestors(folder: string): Generator<string> {
  yield folder;
  const above = dirname(folder);
  if (above !== folder) yield* ancestors(above);
}

/** What holds where the notebook's own tsconfig.json says nothing. */
const defaults = {
  strict: true,
  lib: ["esnext"],
  types: ["node"],
  jsx: "preserve",
};

/** What holds whatever it says: a cell is a module that Node runs after its types are gone. */
const fixed = {
  target: "esnext",
  module: "preserve",
  moduleResolution: "bundler",
  moduleDetection: "force",
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  isolatedModules: false,
  isolatedDeclarations: false,
  verbatimModuleSyntax: false,
  erasableSyntaxOnly: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  // What JavaScript beside the notebook exports has types too, and is not checked.
  allowJs: true,
  checkJs: false,
};

function configuration(notebook: string, own: string | null, options: CompilerOptions): object {
  return {
    extends: [`./${DEFAULTS}`, ...(own === null ? [] : [own])],
    compilerOptions: { ...fixed, ...pathsOf(options), rootDirs: [".", notebook] },
    // The cells come in as far as the draft imports them: what nothing mentions costs nothing.
    files: [GLOBALS, ...DRAFTS],
    include: [],
  };
}

/** Aliases with absolute targets; what `baseUrl` said is one of them, since TypeScript 7 has no such option. */
function pathsOf({ paths = {}, pathsBase = "", baseUrl }: CompilerOptions): object {
  const absolute = Object.entries(paths).map(([alias, targets]) => [
    alias,
    targets.map((target) => resolve(pathsBase, target)),
  ]);
  if (baseUrl !== undefined) absolute.push(["*", [join(baseUrl, "*")]]);
  return absolute.length === 0 ? {} : { paths: Object.fromEntries(absolute) as object };
}
