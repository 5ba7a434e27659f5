/**
 * papermill's parameters as TypeScript: a module and its entry point in the packages of a Python environment. papermill
 * looks for translators nowhere but in its own table, and imports what the entry points of its engines name.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MODULE = "gradbook_papermill.py";
const SOURCE = fileURLToPath(
  new URL(`../../../kernel/install/papermill/${MODULE}`, import.meta.url),
);
const INFO = "gradbook_papermill-0.1.0.dist-info";
const FILES: Readonly<Record<string, string>> = {
  METADATA:
    "Metadata-Version: 2.1\nName: gradbook-papermill\nVersion: 0.1.0\nSummary: papermill's parameters as TypeScript\n",
  INSTALLER: "gradbook\n",
  "entry_points.txt": "[papermill.engine]\ngradbook = gradbook_papermill:Engine\n",
};

/** Puts the translator into an environment; a folder that is none is left alone. */
export function installTranslator(prefix: string): void {
  for (const packages of packagesOf(prefix)) {
    copyFileSync(SOURCE, join(packages, MODULE));
    const info = join(packages, INFO);
    mkdirSync(info, { recursive: true });
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(info, name), text);
    // With it, pip knows what to take away.
    const names = [...Object.keys(FILES), "RECORD"].map((name) => `${INFO}/${name},,`);
    writeFileSync(join(info, "RECORD"), `${[`${MODULE},,`, ...names].join("\n")}\n`);
  }
}

/** Takes it away again. */
export function removeTranslator(prefix: string): void {
  for (const packages of packagesOf(prefix)) {
    rmSync(join(packages, MODULE), { force: true });
    rmSync(join(packages, INFO), { recursive: true, force: true });
  }
}

/** Where environments have their packages: on Windows in one place, else in one for each version of Python. */
function packagesOf(prefix: string): string[] {
  const lib = join(prefix, "lib");
  const versions = existsSync(lib)
    ? readdirSync(lib).filter((name) => name.startsWith("python3"))
    : [];
  // A system's own Python is its package manager's, not ours.
  if (!existsSync(join(prefix, "pyvenv.cfg")) && !existsSync(join(prefix, "conda-meta"))) return [];
  const folders = [join(prefix, "Lib"), ...versions.map((name) => join(lib, name))];
  return folders.map((folder) => join(folder, "site-packages")).filter((path) => existsSync(path));
}
