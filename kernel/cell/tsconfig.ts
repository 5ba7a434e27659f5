/** What the nearest tsconfig.json says about running a notebook: path aliases, decorators, JSX. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { Node } from "oxc-parser";

export interface CompilerOptions {
  /** Where names without a dot are looked for too; absolute. */
  readonly baseUrl?: string;
  readonly paths?: Readonly<Record<string, readonly string[]>>;
  /** Where the targets of `paths` start. */
  readonly pathsBase?: string;
  readonly experimentalDecorators?: boolean;
  readonly jsx?: string;
  readonly jsxImportSource?: string;
  readonly jsxFactory?: string;
  readonly jsxFragmentFactory?: string;
}

/** The nearest tsconfig.json from a folder upwards; null if there is none. */
export function nearestTsconfig(folder: string): string | null {
  const path = join(folder, "tsconfig.json");
  if (existsSync(path)) return path;
  const above = dirname(folder);
  return above === folder ? null : nearestTsconfig(above);
}

/** The compiler options that hold in a folder; what cannot be read says nothing. */
export function compilerOptionsFor(folder: string): CompilerOptions {
  const path = nearestTsconfig(folder);
  return path === null ? {} : optionsIn(path, new Set());
}

/** Why the nearest tsconfig.json says nothing, as a sentence; null where it can be read, or there is none. */
export function tsconfigFault(folder: string): string | null {
  const path = nearestTsconfig(folder);
  if (path === null) return null;
  try {
    const [error] = parse(path).errors;
    if (error === undefined) return null;
    return `${path} cannot be read (${error.message}), so cells are checked as if it said nothing.`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `${path} cannot be read (${reason}), so cells are checked as if it said nothing.`;
  }
}

function optionsIn(path: string, seen: Set<string>): CompilerOptions {
  if (seen.has(path)) return {};
  seen.add(path);
  const config = readJson(path);
  const bases = [config["extends"]].flat().filter((one) => typeof one === "string");
  const inherited = bases.map((base) => {
    const found = baseConfig(base, path);
    return found === null ? {} : optionsIn(found, seen);
  });
  const own = config["compilerOptions"];
  const options = typeof own === "object" && own !== null ? (own as Record<string, unknown>) : {};
  return Object.assign({}, ...inherited, checked(options, dirname(path))) as CompilerOptions;
}

function baseConfig(base: string, from: string): string | null {
  if (/^\.{0,2}\//.test(base)) {
    const path = resolve(dirname(from), base);
    return [path, `${path}.json`, join(path, "tsconfig.json")].find(isConfig) ?? null;
  }
  const { resolve: find } = createRequire(from);
  for (const name of [base, `${base}.json`, `${base}/tsconfig.json`]) {
    try {
      return find(name);
    } catch {
      // The next form, or a package that is not installed.
    }
  }
  return null;
}

function isConfig(path: string): boolean {
  return path.endsWith(".json") && existsSync(path);
}

/** The options that are of use here, where they are what they should be. */
function checked(options: Record<string, unknown>, folder: string): CompilerOptions {
  const { baseUrl, paths, experimentalDecorators } = options;
  const texts = ["jsx", "jsxImportSource", "jsxFactory", "jsxFragmentFactory"] as const;
  const base = typeof baseUrl === "string" ? resolve(folder, baseUrl) : undefined;
  return {
    ...(base === undefined ? {} : { baseUrl: base }),
    ...(isPaths(paths) ? { paths, pathsBase: base ?? folder } : {}),
    ...(typeof experimentalDecorators === "boolean" ? { experimentalDecorators } : {}),
    ...Object.fromEntries(
      texts.flatMap((name) => (typeof options[name] === "string" ? [[name, options[name]]] : [])),
    ),
  };
}

function isPaths(value: unknown): value is Readonly<Record<string, readonly string[]>> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every(
      (targets) => Array.isArray(targets) && targets.every((one) => typeof one === "string"),
    )
  );
}

/** JSON with comments and commas to spare, as TypeScript reads it. */
function parse(path: string): ReturnType<(typeof import("oxc-parser"))["parseSync"]> {
  // Loaded for a notebook that has a tsconfig.json: the back needs the parser for nothing else.
  const { parseSync } = createRequire(import.meta.url)("oxc-parser") as typeof import("oxc-parser");
  return parseSync("config.ts", `(${readFileSync(path, "utf8")}\n)`);
}

/** An empty object for what cannot be read. */
function readJson(path: string): Record<string, unknown> {
  try {
    const [statement] = parse(path).program.body;
    const value = statement?.type === "ExpressionStatement" ? valueOf(statement.expression) : null;
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function valueOf(node: Node): unknown {
  switch (node.type) {
    case "ParenthesizedExpression":
      return valueOf(node.expression);
    case "Literal":
      return node.value;
    case "ArrayExpression":
      return node.elements.map((item) => (item === null ? null : valueOf(item)));
    case "ObjectExpression":
      return Object.fromEntries(
        node.properties.flatMap((property) =>
          property.type === "Property" && property.key.type === "Literal"
            ? [[String(property.key.value), valueOf(property.value)]]
            : [],
        ),
      );
    default:
      return undefined;
  }
}
