/** A cell, from source to what the back runs. */
import type { CellMap } from "./sourcemap.ts";
import { type Surroundings, transform, type Transformed } from "./transform.ts";
import { languageOf, transpile, type Transpiled } from "./transpile.ts";

export interface CompiledCell extends Omit<Transformed, "shifts"> {
  readonly map: CellMap;
}

/** Throws a CellSyntaxError where the cell cannot be read. */
export function compile(source: string, surroundings: Surroundings): CompiledCell {
  const asObject = readAsObject(source);
  const transpiled = asObject ?? transpile(source);
  const { shifts, ...transformed } = transform(source, transpiled, surroundings);
  const indent = asObject === null ? 0 : 1;
  return { ...transformed, map: { mappings: transpiled.mappings, shifts, indent } };
}

/** `{ a: 1, b: 2 }` alone in a cell is a value for its reader, a block for the grammar. */
function readAsObject(source: string): Transpiled | null {
  if (!/^\s*\{/.test(source)) return null;
  try {
    const wrapped = `(${source.replace(/;\s*$/, "")}\n)`;
    const transpiled = transpile(wrapped, languageOf(wrapped));
    const [only, ...others] = transpiled.program.body;
    if (only?.type !== "ExpressionStatement" || others.length > 0) return null;
    const value = only.expression;
    const inner = value.type === "ParenthesizedExpression" ? value.expression : value;
    return inner.type === "ObjectExpression" ? transpiled : null;
  } catch {
    return null;
  }
}
