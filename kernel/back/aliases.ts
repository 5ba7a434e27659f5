/** The path aliases of the notebook's tsconfig.json: what a specifier may stand for. */
import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type CompilerOptions, compilerOptionsFor, nearestTsconfig } from "../cell/tsconfig.ts";

export class Aliases {
  readonly #folder: string;
  #stamp = "";
  #options: CompilerOptions = {};

  /** `notebookUrl` is a file in the notebook's folder. */
  constructor(notebookUrl: string) {
    this.#folder = dirname(fileURLToPath(notebookUrl));
  }

  /** URLs of the files that a specifier may mean, the likeliest first; none for one that is no alias. */
  targets(specifier: string): string[] {
    if (/^(?:\.{0,2}\/|[a-z][a-z0-9+.-]*:)/i.test(specifier)) return [];
    const { baseUrl, paths = {}, pathsBase = "" } = this.#current();
    const found = mapped(specifier, paths).map((target) => resolve(pathsBase, target));
    if (baseUrl !== undefined) found.push(join(baseUrl, specifier));
    return found.map((path) => pathToFileURL(path).href);
  }

  /** Read again when the file, or which file it is, has changed. */
  #current(): CompilerOptions {
    const path = nearestTsconfig(this.#folder);
    const time = path === null ? 0 : statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    const stamp = `${path} ${time}`;
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#options = compilerOptionsFor(this.#folder);
    }
    return this.#options;
  }
}

/** The longest pattern that fits, as TypeScript has it. */
function mapped(
  specifier: string,
  paths: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const exact = paths[specifier];
  if (exact !== undefined) return exact;
  let best: { readonly length: number; readonly targets: string[] } = { length: -1, targets: [] };
  for (const [pattern, targets] of Object.entries(paths)) {
    const [before = "", after] = pattern.split("*");
    if (after === undefined || before.length <= best.length) continue;
    const fits =
      specifier.length >= before.length + after.length &&
      specifier.startsWith(before) &&
      specifier.endsWith(after);
    if (!fits) continue;
    const star = specifier.slice(before.length, specifier.length - after.length);
    best = { length: before.length, targets: targets.map((one) => one.replace("*", star)) };
  }
  return best.targets;
}
