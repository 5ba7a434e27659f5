/** Names that are not there and could be imported: of Node's modules, and of the packages a notebook depends on. */
import { readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Where a name can be imported from. */
export interface Importable {
  readonly name: string;
  /** The statement that imports it. */
  readonly statement: string;
  /** An expression that is its value, wherever it may stand. */
  readonly expression: string;
}

/** Node's modules that people write names of, likelier ones first. */
const NODE_MODULES =
  "fs path os util crypto events child_process url assert perf_hooks timers/promises fs/promises stream zlib readline worker_threads http".split(
    " ",
  );

/** A named export of a module. */
export function named(name: string, specifier: string): Importable {
  return {
    name,
    statement: `import { ${name} } from ${JSON.stringify(specifier)};`,
    expression: `(await import(${JSON.stringify(specifier)})).${name}`,
  };
}

/** All that Node's own modules export, and the modules themselves by their name. */
export function importableFromNode(): Importable[] {
  const require = createRequire(import.meta.url);
  const modules = NODE_MODULES.filter((module) => /^\w+$/.test(module)).map((module) => ({
    name: module,
    statement: `import ${module} from "node:${module}";`,
    expression: `(await import("node:${module}"))`,
  }));
  const exported = NODE_MODULES.filter((module) => builtinModules.includes(module)).flatMap(
    (module) =>
      Object.keys(require(`node:${module}`) as object)
        .filter((name) => !name.startsWith("_"))
        .map((name) => named(name, `node:${module}`)),
  );
  return [...modules, ...exported];
}

/** What the nearest package.json from a folder upwards says the notebook depends on. */
export function dependenciesOf(folder: string): string[] {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      readonly dependencies?: object;
      readonly devDependencies?: object;
    };
    const all = { ...manifest.dependencies, ...manifest.devDependencies };
    return Object.keys(all).filter((name) => !name.startsWith("@types/"));
  } catch {
    const above = dirname(folder);
    return above === folder ? [] : dependenciesOf(above);
  }
}
