/** Cells, from source to what the back runs, or to the error that their reader is shown. */
import type { CompiledCell } from "../cell/compile.ts";
import { excerpt, paint, placeAt } from "../cell/excerpt.ts";
import type { Surroundings } from "../cell/transform.ts";
import type { CellSyntaxError } from "../cell/transpile.ts";
import type { Outcome } from "../channel.ts";

interface Tools {
  readonly compile: (source: string, surroundings: Surroundings) => CompiledCell;
  readonly CellSyntaxError: typeof CellSyntaxError;
}

export class Compiling {
  #tools: Promise<Tools> | null = null;

  /** Loads the parsers; it takes a while, so not before the kernel has said that it is there. */
  async load(): Promise<Tools> {
    return (this.#tools ??= loadTools());
  }

  /** `label` names the cell in errors. */
  async compile(
    source: string,
    label: string,
    names: Surroundings["names"],
  ): Promise<CompiledCell | Outcome> {
    const tools = await this.load();
    try {
      return tools.compile(source, { names, isGlobal: (name) => name in globalThis });
    } catch (error) {
      if (error instanceof tools.CellSyntaxError) return syntaxFailure(error, source, label);
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      const sentence = `${name}: the cell could not be compiled: ${message}`;
      return { status: "error", ename: name, evalue: message, traceback: [sentence] };
    }
  }
}

async function loadTools(): Promise<Tools> {
  const [{ compile, readCell, remembering }, { CellSyntaxError }] = await Promise.all([
    import("../cell/compile.ts"),
    import("../cell/transpile.ts"),
  ]);
  const read = remembering(readCell);
  return {
    compile: (source, surroundings) => compile(source, surroundings, read),
    CellSyntaxError,
  };
}

function syntaxFailure(error: CellSyntaxError, source: string, label: string): Outcome {
  const place = placeAt(source, error.start, error.end);
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
