/** Cells, from source to what the back runs, or to the error that their reader is shown. */
import type { CompiledCell, Reading } from "../cell/compile.ts";
import { excerpt, paint, type Place, placeAt } from "../cell/excerpt.ts";
import { syntaxRemedy } from "../cell/syntax_remedy.ts";
import type { CellSyntaxError } from "../cell/transpile.ts";
import type { Surroundings } from "../cell/transform.ts";
import type { TypesMode } from "../cell/magics/types.ts";
import type { Outcome } from "../channel.ts";

/** A part of a cell, ready to be checked and run. */
export interface Compiled {
  readonly cell: CompiledCell;
  /** Its TypeScript: its magics are blank, everything else is in its place. */
  readonly plain: string;
  /** How it wants cells to be checked from now on, itself included; null if it says nothing. */
  readonly types: TypesMode | null;
}

type Tools = Awaited<ReturnType<typeof loadTools>>;

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
    const { partsOf, readMagics, knownIn } = await this.load();
    try {
      return partsOf(source, readMagics(source, knownIn({ names, isGlobal })));
    } catch {
      // Compiling it will say why.
      return [source];
    }
  }

  /** Compiles a part of a cell; `label` names the cell in errors. */
  async compile(
    part: string,
    { source, label }: { readonly source: string; readonly label: string },
    names: Surroundings["names"],
  ): Promise<Compiled | Outcome> {
    const { compiled, CellSyntaxError: SyntaxFault } = await this.load();
    try {
      return compiled(part, { names, isGlobal });
    } catch (error) {
      if (error instanceof SyntaxFault) {
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

async function loadTools(folder: string) {
  const [
    { compile, knownIn, readCell },
    { remembering },
    { CellSyntaxError: SyntaxFault },
    { readMagics },
    { askedTypes, partsOf },
    { compilerOptionsFor },
  ] = await Promise.all([
    import("../cell/compile.ts"),
    import("../cell/remembering.ts"),
    import("../cell/transpile.ts"),
    import("../cell/magics/recognise.ts"),
    import("../cell/magics/parts.ts"),
    import("../cell/tsconfig.ts"),
  ]);
  const options = compilerOptionsFor(folder);
  const read = (source: string): Reading => readCell(source, options);
  const compiled = remembering((part, surroundings): Compiled => {
    const reading = readMagics(part, knownIn(surroundings));
    const cell = compile(part, surroundings, { read, reading });
    return { cell, plain: reading.plain, types: askedTypes(reading) };
  });
  return {
    compiled,
    knownIn,
    readMagics,
    partsOf,
    CellSyntaxError: SyntaxFault,
  };
}

function syntaxFailure(
  error: CellSyntaxError,
  place: Place,
  { source, label }: { readonly source: string; readonly label: string },
): Outcome {
  const remedy = syntaxRemedy(source.split("\n")[place.line] ?? "");
  return {
    status: "error",
    ename: error.name,
    evalue: `${error.message} (${label}, line ${place.line + 1})`,
    traceback: [
      `${paint.red(paint.bold(error.name))}: ${error.message}`,
      excerpt(label, source, place),
      ...(remedy === null ? [] : [`${paint.cyan("→")} ${remedy}`]),
    ],
  };
}
