/** A cell that is an object literal: a value for its reader, a block for the grammar. */
import { parseSync } from "oxc-parser";
import { languageOf } from "./transpile.ts";

/** The text as an expression, one column to the right; null for a cell that is something else. */
export function asObject(source: string): string | null {
  if (!/^\s*\{/.test(source)) return null;
  const wrapped = `(${source.replace(/;\s*$/, "")}\n)`;
  const file = `cell.${languageOf(wrapped)}`;
  const { program, errors } = parseSync(file, wrapped, { sourceType: "module" });
  const [only, ...others] = program.body;
  if (errors.length > 0 || only?.type !== "ExpressionStatement" || others.length > 0) return null;
  const value = only.expression;
  const inner = value.type === "ParenthesizedExpression" ? value.expression : value;
  return inner.type === "ObjectExpression" ? wrapped : null;
}
