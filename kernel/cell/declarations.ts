/** What statements declare, by the rules of ECMA-262 for strict code. */
import { type Node, visitorKeys } from "oxc-parser";

export type Kind = "let" | "var" | "const" | "function" | "class" | "import";

/** The names a pattern binds, left to right. */
export function boundNames(pattern: Node | null): string[] {
  if (pattern === null) return [];
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((property) =>
        boundNames(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return pattern.elements.flatMap(boundNames);
    case "AssignmentPattern":
      return boundNames(pattern.left);
    case "RestElement":
      return boundNames(pattern.argument);
    default:
      return [];
  }
}

function declaredBy(statement: Node): Node | null {
  return statement.type === "ExportNamedDeclaration" ||
    statement.type === "ExportDefaultDeclaration"
    ? statement.declaration
    : statement;
}

/** Calls back for every name that the statements of one block declare in it. */
export function declareLexical(
  body: readonly Node[],
  declare: (name: string, kind: Kind) => void,
): void {
  for (const statement of body) {
    const node = declaredBy(statement);
    if (node?.type === "ImportDeclaration") {
      for (const { local } of node.specifiers) declare(local.name, "import");
    } else if (node?.type === "FunctionDeclaration" && node.id !== null) {
      declare(node.id.name, "function");
    } else if (node?.type === "ClassDeclaration" && node.id !== null) {
      declare(node.id.name, "class");
    } else if (node?.type === "VariableDeclaration" && node.kind !== "var") {
      const kind = node.kind === "let" ? "let" : "const";
      for (const { id } of node.declarations)
        for (const name of boundNames(id)) declare(name, kind);
    }
  }
}

const OPAQUE_TO_VAR = /Function|Class|Expression/;

/** `var` reaches out of every block and loop, but not out of a function. */
export function declareVars(body: readonly Node[], declare: (name: string) => void): void {
  const pending: Node[] = [...body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === "VariableDeclaration" && node.kind === "var") {
      for (const { id } of node.declarations) boundNames(id).forEach(declare);
    }
    if (!OPAQUE_TO_VAR.test(node.type)) pending.push(...childrenOf(node));
  }
}

/** The nodes directly below a node, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    const part: unknown = Reflect.get(node, key);
    if (Array.isArray(part)) children.push(...part.filter((item): item is Node => item !== null));
    else if (part !== null && part !== undefined) children.push(part as Node);
  }
  return children;
}

/** Whether a `var` may stand in it that is the cell's own. */
export function isStatementLike({ type }: Node): boolean {
  return /Statement$|^VariableDeclaration$|^SwitchCase$|^CatchClause$|^Export/.test(type);
}
