/** A cell, from source to what the back runs. */
import { placeAt } from "./excerpt.ts";
import { type IsKnown, type MagicReading, readMagics } from "./magics/recognise.ts";
import { toldOfMagic } from "./magics/misplaced.ts";
import type { CellMap } from "./sourcemap.ts";
import { type Surroundings, transform, type Transformed } from "./transform.ts";
import { asObject } from "./object.ts";
import {
  CellSyntaxError,
  languageOf,
  transpile,
  type Transpiled,
  type TranspileOptions,
} from "./transpile.ts";
import { lineEnd } from "./unfinished.ts";

export interface CompiledCell extends Omit<Transformed, "shifts"> {
  readonly map: CellMap;
}

/** A cell as it reads by itself, whatever surrounds it. */
export interface Reading {
  readonly transpiled: Transpiled;
  /** Columns that were put before the cell. */
  readonly indent: number;
}

type Read = (source: string) => Reading;

/** How a cell is read: what is known of it already. */
export interface CompileOptions {
  readonly read?: Read;
  readonly reading?: MagicReading;
}

/** Throws a CellSyntaxError where the cell cannot be read. */
export function compile(
  source: string,
  surroundings: Surroundings,
  { read = readCell, reading = readMagics(source, knownIn(surroundings)) }: CompileOptions = {},
): CompiledCell {
  const { code, magics } = reading;
  const { transpiled, indent } = readIn(source, code, read);
  const { shifts, ...transformed } = transform(code, transpiled, surroundings, magics);
  return { ...transformed, map: { mappings: transpiled.mappings, shifts, indent } };
}

/** Whether a name means something outside the cell. */
export function knownIn({ names, isGlobal }: Surroundings): IsKnown {
  return (name) => names.has(name) || isGlobal(name);
}

/** Reads `code`, whose lines are those of the source; an error is told at its place there. */
function readIn(source: string, code: string, read: Read): Reading {
  const toSource = (offset: number): number => {
    const { line, column } = placeAt(code, offset, offset);
    let start = 0;
    for (let i = 0; i < line; i++) start = lineEnd(source, start) + 1;
    return Math.min(start + column, lineEnd(source, start));
  };
  try {
    return read(code);
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    const { message, start, end } = error;
    const placed =
      code === source ? error : new CellSyntaxError(message, toSource(start), toSource(end));
    throw toldOfMagic(placed, source);
  }
}

export function readCell(source: string, options: TranspileOptions = {}): Reading {
  const value = readAsObject(source, options);
  if (value !== null) return { transpiled: value, indent: 1 };
  return { transpiled: transpile(source, languageOf(source), options), indent: 0 };
}

/** `{ a: 1, b: 2 }` alone in a cell is a value for its reader, a block for the grammar. */
function readAsObject(source: string, options: TranspileOptions): Transpiled | null {
  const wrapped = asObject(source);
  if (wrapped === null) return null;
  try {
    return transpile(wrapped, languageOf(wrapped), options);
  } catch {
    return null;
  }
}
