/** Packages that `npm run bench` installed, loaded at run time: what is not there is absent, not an error of types. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inRepository } from "../../harness.ts";

const FOLDER = inRepository(".cache", "peers", "library");

/** The module `name` as the peers' folder resolves it; throws unless it exports `wanted`. */
export async function loadPackage(
  name: string,
  wanted?: string,
): Promise<Readonly<Record<string, unknown>>> {
  // That file lies beside the installed packages, so its import() finds them.
  const loader = (await import(pathToFileURL(join(FOLDER, "load.mjs")).href)) as {
    load(name: string): Promise<Readonly<Record<string, unknown>>>;
  };
  const loaded = await loader.load(name);
  if (wanted === undefined || wanted in loaded) return loaded;
  throw new Error(`${name} is installed, but exports no ${wanted}`);
}

/** The version of an installed package. */
export async function versionOf(name: string): Promise<string> {
  const text = await readFile(join(FOLDER, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
