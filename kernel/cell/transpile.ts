/** TypeScript in, JavaScript and its source map out; and what is wrong when it cannot be read. */
import { createRequire } from "node:module";
import type { TransformFailure, TransformOptions } from "esbuild";
import { type Node, parseSync, type Program } from "oxc-parser";
import { type JsxOptions, transformSync } from "oxc-transform";
import type { CompilerOptions } from "./tsconfig.ts";

export type Language = "ts" | "tsx";

export interface Transpiled {
  readonly code: string;
  readonly program: Program;
  /** The `mappings` of a version 3 source map from `code` to the cell. */
  readonly mappings: string;
  /** Whether the code was rewritten for an older runtime: top-level names may be generated ones. */
  readonly lowered: boolean;
  /** False where the last statement is one that the code says by an expression: an enum, a decorated class. */
  readonly endsInValue: boolean;
}

/** What the notebook's tsconfig.json says about it. */
export type TranspileOptions = Pick<
  CompilerOptions,
  "experimentalDecorators" | "jsx" | "jsxImportSource" | "jsxFactory" | "jsxFragmentFactory"
>;

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

export function transpile(
  source: string,
  language: Language = languageOf(source),
  options: TranspileOptions = {},
): Transpiled {
  const file = `cell.${language}`;
  const result = transformSync(file, source, {
    sourceType: "module",
    sourcemap: true,
    typescript: { onlyRemoveTypeImports: true },
    jsx: jsxOptions(options),
  });
  const fault = result.errors.find(({ message }) => !message.startsWith(BEYOND_IT));
  if (fault !== undefined) throw syntaxError(fault, source);
  const original = NOT_TRANSPILED.test(source) ? parse(source).program : null;
  const isBeyondIt = result.errors.length > 0;
  if (isBeyondIt || (original !== null && needsLowering(original))) {
    return lower(source, language, options);
  }
  const program = parseSync("cell.js", result.code, { sourceType: "module" }).program;
  const endsInValue = original === null || endsInExpression(original);
  const mappings = result.map?.mappings ?? "";
  return { code: result.code, program, mappings, lowered: false, endsInValue };
}

/** How the faster transpiler refuses a namespace that exports a `let`. */
const BEYOND_IT = "Namespaces exporting non-const";

/** Without a word of the notebook's own JSX is HTML. */
function jsxOptions({ jsx = "", ...rest }: TranspileOptions): JsxOptions {
  if (jsx.startsWith("react-jsx")) {
    return { runtime: "automatic", importSource: rest.jsxImportSource ?? "react" };
  }
  const isReact = jsx === "react";
  return {
    runtime: "classic",
    pragma: rest.jsxFactory ?? (isReact ? "React.createElement" : "$jsx"),
    pragmaFrag: rest.jsxFragmentFactory ?? (isReact ? "React.Fragment" : "$fragment"),
  };
}

/** Words of what becomes an expression, or may need to be lowered. */
const NOT_TRANSPILED = /@|\b(?:using|accessor|enum|namespace|module)\b/;

function endsInExpression({ body }: Program): boolean {
  const type = body.at(-1)?.type;
  return type === "ExpressionStatement" || type === "ExportDefaultDeclaration";
}

/** A text as parsed, without transpiling it, with its first error; null when it is whole. */
export function parse(
  source: string,
  language: Language = languageOf(source),
): {
  readonly program: Program;
  readonly error: CellSyntaxError | null;
} {
  const { program, errors } = parseSync(`cell.${language}`, source, { sourceType: "module" });
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
  const message = fault.message.replace("found `EOF`", "found the end");
  return new CellSyntaxError(message + help, start, label?.end ?? start);
}

/**
 * Node 20 and 22 know no `using`; no released Node knows decorators and `accessor`. Of a namespace that is written twice,
 * the faster transpiler lets the second part not see the first.
 */
function needsLowering(program: Program): boolean {
  const namespaces = program.body.flatMap((node) => {
    const declared = node.type === "ExportNamedDeclaration" ? node.declaration : node;
    return declared?.type === "TSModuleDeclaration" && declared.id.type === "Identifier"
      ? [declared.id.name]
      : [];
  });
  if (new Set(namespaces).size < namespaces.length) return true;
  const pending: unknown[] = [program.body];
  const usingIsNative = Number(process.versions.node.split(".")[0]) >= 24;
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) pending.push(...value);
    else if (typeof value === "object" && value !== null) {
      const node = value as Node;
      if (node.type === "Decorator" || node.type === "AccessorProperty") return true;
      if (node.type === "VariableDeclaration" && /using/.test(node.kind) && !usingIsNative) {
        return true;
      }
      pending.push(...Object.values(value));
    }
  }
  return false;
}

function lower(source: string, language: Language, options: TranspileOptions): Transpiled {
  // Loaded by the few cells that need it.
  const esbuild = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  const result = loweredBy(esbuild, source, {
    loader: language,
    target: `node${process.versions.node}`,
    sourcemap: true,
    ...loweredJsx(jsxOptions(options)),
    supported: { "top-level-await": true },
    tsconfigRaw: {
      compilerOptions: {
        verbatimModuleSyntax: true,
        useDefineForClassFields: true,
        experimentalDecorators:
          options.experimentalDecorators === true ||
          /^\s*\/\/\s*@experimentalDecorators\b/m.test(source),
      },
    },
  });
  const program = parseSync("cell.js", result.code, { sourceType: "module" }).program;
  const { mappings } = JSON.parse(result.map) as { mappings: string };
  const endsInValue = endsInExpression(parse(source).program);
  return { code: result.code, program, mappings, lowered: true, endsInValue };
}

function loweredJsx({ runtime, importSource, pragma, pragmaFrag }: JsxOptions): TransformOptions {
  if (runtime === "automatic")
    return { jsx: "automatic", jsxImportSource: importSource ?? "react" };
  return { jsxFactory: pragma ?? "$jsx", jsxFragment: pragmaFrag ?? "$fragment" };
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
