/**
 * What a cell does to types at its top level: which variables it assigns or tests, so that their types may be other ones
 * at its end, and which declarations are made of the name's own earlier value (`const x = x + 1`).
 */
import type { Node, Program } from "oxc-parser";
import { childrenOf } from "../cell/declarations.ts";

export interface Occurrence {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface Flow {
  /** Names that are assigned or tested outside functions. */
  readonly touched: ReadonlySet<string>;
  /** Where the initial value of a declaration mentions the name it declares. */
  readonly earlier: readonly Occurrence[];
}

export function flowOf(program: Program): Flow {
  const touched = new Set<string>();
  const earlier: Occurrence[] = [];
  const touch = (node: Node | null): void => {
    if (node !== null) for (const { name } of identifiersOf(node)) touched.add(name);
  };
  const pending: Node[] = [...program.body];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (isScope(node)) continue;
    touch(touchedBy(node));
    if (node.type === "VariableDeclarator" && node.init !== null) {
      earlier.push(...earlierIn(node.id, node.init));
    }
    pending.push(...childrenOf(node));
  }
  return { touched, earlier: earlier.toSorted((a, b) => a.start - b.start) };
}

/** Functions like `assert(x)` narrow what they are given; of others it is not expected. */
const ASSERTION = /(?:assert|invariant|ensure|check|ok)$|^(?:assert|ensure|check|is)[A-Z]/i;

/** The part of a node whose names are assigned or narrowed by it. */
function touchedBy(node: Node): Node | null {
  switch (node.type) {
    case "AssignmentExpression":
    case "ForInStatement":
    case "ForOfStatement":
      return node.left.type === "VariableDeclaration" ? null : node.left;
    case "UpdateExpression":
      return node.argument;
    case "IfStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      return node.test;
    case "SwitchStatement":
      return node.discriminant;
    case "ExpressionStatement": {
      const { expression } = node;
      if (expression.type !== "CallExpression") return null;
      return ASSERTION.test(calledName(expression.callee)) ? expression : null;
    }
    default:
      return null;
  }
}

function calledName(callee: Node): string {
  if (callee.type === "Identifier") return callee.name;
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return "";
  // `assert.equal(x, y)` is an assertion too.
  return /^assert/i.test(calledName(callee.object)) ? "assert" : callee.property.name;
}

function earlierIn(id: Node, init: Node): Occurrence[] {
  const own = new Set(identifiersOf(id).map(({ name }) => name));
  return identifiersOf(init).filter(({ name }) => own.has(name));
}

/** The variables that an expression or a pattern mentions outside functions. */
function identifiersOf(root: Node): Occurrence[] {
  const found: Occurrence[] = [];
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (isScope(node) || node.type.startsWith("TSType")) continue;
    if (node.type === "Identifier") {
      found.push({ name: node.name, start: node.start, end: node.start + node.name.length });
    } else if (node.type === "MemberExpression" && !node.computed) pending.push(node.object);
    else if (node.type === "Property" && !node.computed) pending.push(node.value);
    else pending.push(...childrenOf(node));
  }
  return found;
}

function isScope({ type }: Node): boolean {
  return /Function|^Class|^TSModule|^TSEnum|^TSInterface|^TSTypeAlias/.test(type);
}
