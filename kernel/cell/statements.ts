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

/** Whether what is assigned takes its name from a declaration. */
export function isAnonymous(init: Node): boolean {
  if (init.type === "ArrowFunctionExpression") return true;
  return (
    (init.type === "FunctionExpression" || init.type === "ClassExpression") && init.id === null
  );
}

/** Whether it declares no name, as only a default export may; it is an expression then. */
export function isNameless(node: Node): boolean {
  const mayBeNamed = node.type === "FunctionDeclaration" || node.type === "ClassDeclaration";
  return mayBeNamed && node.id === null;
}

/** The enum's own name in `var E = function (E) {…}(E || {})`, as an enum is emitted; null for all else. */
export function enumMergedIn(
  id: Node,
  init: Node | null,
): { readonly name: string; readonly start: number; readonly end: number } | null {
  if (id.type !== "Identifier" || init?.type !== "CallExpression") return null;
  const [argument] = init.arguments;
  if (init.callee.type !== "FunctionExpression" || argument?.type !== "LogicalExpression")
    return null;
  const { left, right } = argument;
  const isOwn = left.type === "Identifier" && left.name === id.name;
  return isOwn && right.type === "ObjectExpression" ? left : null;
}
