/** Cells, from source to what the back runs, or to the error that their reader is shown. */
import type { CompiledCell } from "../cell/compile.ts";
import { excerpt, paint, type Place, placeAt } from "../cell/excerpt.ts";
import type { IsKnown, MagicReading } from "../cell/magics/recognise.ts";
import type { Surroundings } from "../cell/transform.ts";
import type { CellSyntaxError } from "../cell/transpile.ts";
import type { Outcome } from "../channel.ts";

interface Tools {
  readonly compile: (source: string, surroundings: Surroundings) => CompiledCell;
  readonly readMagics: (source: string, isKnown: IsKnown) => MagicReading;
  readonly partsOf: (source: string, reading: MagicReading) => readonly string[];
  readonly CellSyntaxError: typeof CellSyntaxError;
}

export class Compiling {
  readonly #folder: string;
  #tools: Promise<Tools> | null = null;

  /** `folder` is the notebook's: the nearest tsconfig.json has a word about decorators and JSX. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Loads the parsers; it takes a while, so not before the kernel has said that it is there. */
  async load(): Promise<Tools> {
    return (this.#tools ??= loadTools(this.#folder));
  }

  /** The texts that a cell is run in, one after the other: as a rule one. */
  async parts(source: string, names: Surroundings["names"]): Promise<readonly string[]> {
    const tools = await this.load();
    try {
      return tools.partsOf(source, tools.readMagics(source, known(names)));
    } catch {
      // Compiling it will say why.
      return [source];
    }
  }

  /** The TypeScript of a cell that could be compiled: its magics are blank, everything else is in its place. */
  async plain(source: string, names: Surroundings["names"]): Promise<string> {
    const tools = await this.load();
    return tools.readMagics(source, known(names)).plain;
  }

  /** Compiles a part of a cell; `label` names the cell in errors. */
  async compile(
    part: string,
    { source, label }: { readonly source: string; readonly label: string },
    names: Surroundings["names"],
  ): Promise<CompiledCell | Outcome> {
    const tools = await this.load();
    try {
      return tools.compile(part, { names, isGlobal });
    } catch (error) {
      if (error instanceof tools.CellSyntaxError) {
        return syntaxFailure(error, placeAt(part, error.start, error.end), { source, label });
      }
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      const sentence = `${name}: the cell could not be compiled: ${message}`;
      return { status: "error", ename: name, evalue: message, traceback: [sentence] };
    }
  }
}

function isGlobal(name: string): boolean {
  return name in globalThis;
}

function known(names: Surroundings["names"]): IsKnown {
  return (name) => names.has(name) || isGlobal(name);
}

async function loadTools(folder: string): Promise<Tools> {
  const [
    { compile, readCell, remembering },
    { CellSyntaxError },
    { readMagics },
    { partsOf },
    { compilerOptionsFor },
  ] = await Promise.all([
    import("../cell/compile.ts"),
    import("../cell/transpile.ts"),
    import("../cell/magics/recognise.ts"),
    import("../cell/magics/parts.ts"),
    import("../cell/tsconfig.ts"),
  ]);
  const options = compilerOptionsFor(folder);
  const read = remembering((source) => readCell(source, options));
  return {
    compile: (source, surroundings) => compile(source, surroundings, read),
    readMagics,
    partsOf,
    CellSyntaxError,
  };
}

function syntaxFailure(
  error: CellSyntaxError,
  place: Place,
  { source, label }: { readonly source: string; readonly label: string },
): Outcome {
  return {
    status: "error",
    ename: error.name,
    evalue: `${error.message} (${label}, line ${place.line + 1})`,
    traceback: [
      `${paint.red(paint.bold(error.name))}: ${error.message}`,
      excerpt(label, source, place),
    ],
  };
}
