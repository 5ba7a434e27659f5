/**
 * The folder in which the engine finds the cells: outside the notebook's own, but with its files and packages in reach.
 * Relative imports are joined by `rootDirs`; packages by links, for a path mapping knows no `exports` of a package.json.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../../../", import.meta.url));

/** Begins the names of our files, which are not to be proposed. */
export const OURS = "$";
const DRAFTS = [`${OURS}draft.ts`, `${OURS}draft.tsx`] as const;

export class Workspace {
  /** Where the modules of the cells lie. */
  readonly cells: string;
  readonly #root: string;

  /** `notebook` is the notebook's folder. */
  constructor(notebook: string) {
    this.#root = mkdtempSync(join(tmpdir(), "gradbook-types-"));
    linkOwn(join(this.#root, "node_modules"));
    this.cells = join(linkPackages(this.#root, notebook), "cells");
    mkdirSync(this.cells);
    this.write("tsconfig.json", JSON.stringify(configuration(notebook)));
    for (const draft of DRAFTS) this.write(draft, "export {};");
  }

  /** The text that questions are about; it is open in the engine, and never written. */
  draft(language: "ts" | "tsx"): string {
    return join(this.cells, DRAFTS[language === "ts" ? 0 : 1]);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.cells, name), text);
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

function link(target: string, path: string): void {
  // A junction needs no rights on Windows; elsewhere the word means nothing.
  symlinkSync(target, path, "junction");
}

/** Our own package, and the types of Node for a notebook that has none installed. */
function linkOwn(modules: string): void {
  mkdirSync(join(modules, "@types"), { recursive: true });
  link(PACKAGE, join(modules, "gradbook"));
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

function configuration(notebook: string): object {
  return {
    compilerOptions: {
      strict: true,
      target: "esnext",
      module: "preserve",
      moduleResolution: "bundler",
      lib: ["esnext"],
      types: ["node"],
      jsx: "preserve",
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      rootDirs: [".", notebook],
    },
    // The cells come in as far as the draft imports them: what nothing mentions costs nothing.
    files: DRAFTS,
  };
}
