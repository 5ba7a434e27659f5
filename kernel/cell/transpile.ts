/** TypeScript in, JavaScript and its source map out; and what is wrong when it cannot be read. */
import { createRequire } from "node:module";
import type { TransformFailure, TransformOptions } from "esbuild";
import { type Node, parseSync, type Program } from "oxc-parser";
import { transformSync } from "oxc-transform";

export type Language = "ts" | "tsx";

export interface Transpiled {
  readonly code: string;
  readonly program: Program;
  /** The `mappings` of a version 3 source map from `code` to the cell. */
  readonly mappings: string;
  /** Whether the code was rewritten for an older runtime: top-level names may be generated ones. */
  readonly lowered: boolean;
}

/** A cell that cannot be parsed; offsets are UTF-16 positions in the cell. */
export class CellSyntaxError extends SyntaxError {
  readonly start: number;
  readonly end: number;

  constructor(message: string, start: number, end: number) {
    super(message);
    this.name = "SyntaxError";
    this.start = start;
    this.end = end;
  }
}

/** `<T>x` and JSX exclude each other: a cell is read as TSX only if it does not parse as TS. */
export function languageOf(source: string): Language {
  if (!source.includes("<")) return "ts";
  if (parseSync("cell.ts", source, { sourceType: "module" }).errors.length === 0) return "ts";
  return parseSync("cell.tsx", source, { sourceType: "module" }).errors.length === 0 ? "tsx" : "ts";
}

export function transpile(source: string, language: Language = languageOf(source)): Transpiled {
  const file = `cell.${language}`;
  const result = transformSync(file, source, {
    sourceType: "module",
    sourcemap: true,
    typescript: { onlyRemoveTypeImports: true },
    jsx: { runtime: "classic", pragma: "$jsx", pragmaFrag: "$fragment" },
  });
  const fault = result.errors[0];
  if (fault !== undefined) throw syntaxError(fault, source);
  if (needsLowering(source, language)) return lower(source, language);
  const program = parseSync("cell.js", result.code, { sourceType: "module" }).program;
  return { code: result.code, program, mappings: result.map?.mappings ?? "", lowered: false };
}

/** A text as parsed, without transpiling it, with its first error; null when it is whole. */
export function parse(source: string): {
  readonly program: Program;
  readonly error: CellSyntaxError | null;
} {
  const { program, errors } = parseSync(`cell.${languageOf(source)}`, source, {
    sourceType: "module",
  });
  const [fault] = errors;
  return { program, error: fault === undefined ? null : syntaxError(fault, source) };
}

/** The first error of a text; null when it is whole. */
export function firstSyntaxError(source: string): CellSyntaxError | null {
  return parse(source).error;
}

/** What the parser and the transpiler report alike. */
interface Fault {
  readonly message: string;
  readonly helpMessage: string | null;
  readonly labels: readonly { readonly start: number; readonly end: number }[];
}

function syntaxError(fault: Fault, source: string): CellSyntaxError {
  const label = fault.labels[0];
  const help = fault.helpMessage === null ? "" : ` (${fault.helpMessage})`;
  const start = label?.start ?? source.length;
  return new CellSyntaxError(fault.message + help, start, label?.end ?? start);
}

/** Node 20 and 22 know neither decorators nor `using`; no released Node knows decorators. */
function needsLowering(source: string, language: Language): boolean {
  if (!source.includes("@") && !/\busing\b/.test(source)) return false;
  const { program } = parseSync(`cell.${language}`, source, { sourceType: "module" });
  const pending: unknown[] = [program.body];
  const usingIsNative = Number(process.versions.node.split(".")[0]) >= 24;
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) pending.push(...value);
    else if (typeof value === "object" && value !== null) {
      const node = value as Node;
      if (node.type === "Decorator") return true;
      if (node.type === "VariableDeclaration" && /using/.test(node.kind) && !usingIsNative) {
        return true;
      }
      pending.push(...Object.values(value));
    }
  }
  return false;
}

function lower(source: string, language: Language): Transpiled {
  // Loaded by the few cells that need it.
  const esbuild = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  const result = loweredBy(esbuild, source, {
    loader: language,
    target: `node${process.versions.node}`,
    sourcemap: true,
    jsxFactory: "$jsx",
    jsxFragment: "$fragment",
    supported: { "top-level-await": true },
    tsconfigRaw: {
      compilerOptions: {
        verbatimModuleSyntax: true,
        useDefineForClassFields: true,
        experimentalDecorators: /^\s*\/\/\s*@experimentalDecorators\b/m.test(source),
      },
    },
  });
  const program = parseSync("cell.js", result.code, { sourceType: "module" }).program;
  const { mappings } = JSON.parse(result.map) as { mappings: string };
  return { code: result.code, program, mappings, lowered: true };
}

function loweredBy(
  esbuild: typeof import("esbuild"),
  source: string,
  options: TransformOptions,
): { code: string; map: string } {
  try {
    return esbuild.transformSync(source, options);
  } catch (error) {
    const [fault] = (error as Partial<TransformFailure>).errors ?? [];
    if (fault === undefined) throw error;
    const { line = 1, column = 0, length = 1 } = fault.location ?? {};
    const before = source.split("\n").slice(0, line - 1);
    const start = before.reduce((sum, text) => sum + text.length + 1, 0) + column;
    const remedy = /parameter decorator/i.test(fault.text)
      ? '; put "// @experimentalDecorators" on a line of the cell'
      : "";
    throw new CellSyntaxError(fault.text + remedy, start, start + length);
  }
}
