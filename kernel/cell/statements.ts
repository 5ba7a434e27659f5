/** The statements at the top of a transpiled cell. */
import type { Node } from "oxc-parser";

/** Those that the cell's writer knows, in order. */
export function writtenStatements(body: readonly Node[], code: string): readonly Node[] {
  // The transpiler ends a cell of type-only imports or exports with `export {}`.
  const written = body.filter(
    (node) => node.type !== "ExportNamedDeclaration" || node.declaration !== null,
  );
  const last = written.at(-1);
  // A lowered `using` wraps the cell in `try`.
  const isWrapped = last?.type === "TryStatement" && code.includes("__using(");
  return isWrapped ? [...written.slice(0, -1), ...last.block.body] : written;
}

/** What a statement is worth when it ends a cell; null for nothing. */
export function valueOf(statement: Node): Node | null {
  if (statement.type === "ExpressionStatement") return statement.expression;
  return statement.type === "ExportDefaultDeclaration" ? statement.declaration : null;
}

/** Whether a `var` may stand in it that is the cell's own. */
export function isStatementLike({ type }: Node): boolean {
  return /Statement$|^VariableDeclaration$|^SwitchCase$|^CatchClause$|^Export/.test(type);
}
