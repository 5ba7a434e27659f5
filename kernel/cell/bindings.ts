/**
 * Scope analysis of a cell's JavaScript: what its top level declares, and every identifier that means one of those
 * names or a name from outside the cell. Follows ECMA-262's rules for modules (strict code).
 */
import type { ArrowFunctionExpression, Function as AnyFunction, Node, Program } from "oxc-parser";
import { boundNames, childrenOf, declareLexical, declareVars, type Kind } from "./declarations.ts";

/** How an identifier is used, as far as it decides what may stand in its place. */
export type Use = "read" | "write" | "call" | "typeof" | "shorthand" | "shorthandWrite";

export interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly use: Use;
  /** Whether it stands in the initial value of a declaration of the same name: `const x = x + 1`. */
  readonly isEarlier: boolean;
}

/** An `await` or `for await`, with how many functions of the cell stand around it. */
export interface Await {
  readonly node: Node & { type: "AwaitExpression" | "ForOfStatement" };
  readonly nested: boolean;
}

export interface Bindings {
  readonly declared: ReadonlyMap<string, Kind>;
  readonly references: readonly Reference[];
  readonly awaits: readonly Await[];
  /** What waits outside of the cell's functions: `await`, `for await`, `await using`. */
  readonly waits: readonly Node[];
  /** `import.meta` and `import(…)` expressions. */
  readonly imports: readonly (Node & { type: "MetaProperty" | "ImportExpression" })[];
}

interface Scope {
  readonly names: Set<string>;
  readonly parent: Scope | null;
}

type FunctionNode = AnyFunction | ArrowFunctionExpression;

export function bindingsOf(program: Program): Bindings {
  const walker = new Walker();
  declareLexical(program.body, (name, kind) => walker.declared.set(name, kind));
  declareVars(program.body, (name) => walker.declared.set(name, "var"));
  for (const statement of program.body) walker.visit(statement, null);
  return walker;
}

class Walker implements Bindings {
  readonly declared = new Map<string, Kind>();
  readonly references: Reference[] = [];
  readonly awaits: Await[] = [];
  readonly waits: Node[] = [];
  readonly imports: Bindings["imports"][number][] = [];
  #functions = 0;
  /** What the declaration of the top level declares whose initial value is being looked at. */
  #initialized: ReadonlySet<string> = new Set();

  visit(node: Node | null, scope: Scope | null): void {
    if (node === null) return;
    switch (node.type) {
      case "Identifier":
        return this.#refer(node, scope, "read");
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#visitFunction(node, scope);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#visitChildren(
          node,
          child(scope, node.id === null ? [] : [node.id.name]),
          node.id,
        );
      case "BlockStatement":
      case "StaticBlock":
        return this.#visitBlock(node.body, node, scope);
      case "SwitchStatement":
        this.visit(node.discriminant, scope);
        return this.#visitBlock(
          node.cases.flatMap((arm) => arm.consequent),
          node,
          scope,
          node.discriminant,
        );
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
        return this.#visitFor(node, scope);
      case "CatchClause":
        return this.#visitChildren(node, child(scope, boundNames(node.param)));
      case "AwaitExpression":
        this.#addAwait(node);
        return this.visit(node.argument, scope);
      case "LabeledStatement":
        return this.visit(node.body, scope);
      case "BreakStatement":
      case "ContinueStatement":
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        return;
      case "ExportNamedDeclaration":
        return this.visit(node.declaration, scope);
      default:
        this.#visitExpression(node, scope);
    }
  }

  #visitExpression(node: Node, scope: Scope | null): void {
    switch (node.type) {
      case "MemberExpression":
        this.visit(node.object, scope);
        if (node.computed) this.visit(node.property, scope);
        return;
      case "Property":
        return this.#visitProperty(node, scope);
      case "MethodDefinition":
      case "PropertyDefinition":
      case "AccessorProperty":
        if (node.computed) this.visit(node.key, scope);
        return this.visit(node.value, scope);
      case "MetaProperty":
        if (node.meta.name === "import") this.imports.push(node);
        return;
      case "ImportExpression":
        this.imports.push(node);
        return this.#visitChildren(node, scope);
      case "CallExpression":
        this.#visitUse(node.callee, scope, "call");
        return node.arguments.forEach((argument) => this.visit(argument, scope));
      case "TaggedTemplateExpression":
        this.#visitUse(node.tag, scope, "call");
        return this.visit(node.quasi, scope);
      case "UnaryExpression":
        return this.#visitUse(node.argument, scope, node.operator === "typeof" ? "typeof" : "read");
      case "UpdateExpression":
        return this.#visitUse(node.argument, scope, "write");
      case "AssignmentExpression":
        this.#visitTarget(node.left, scope);
        return this.visit(node.right, scope);
      case "VariableDeclaration":
        if (node.kind === "await using" && this.#functions === 0) this.waits.push(node);
        return this.#visitChildren(node, scope);
      case "VariableDeclarator":
        this.#visitTarget(node.id, scope);
        if (scope === null) this.#initialized = new Set(boundNames(node.id));
        this.visit(node.init, scope);
        if (scope === null) this.#initialized = new Set();
        return;
      default:
        this.#visitChildren(node, scope);
    }
  }

  #addAwait(node: Await["node"]): void {
    const nested = this.#functions > 0;
    this.awaits.push({ node, nested });
    if (!nested) this.waits.push(node);
  }

  #visitChildren(node: Node, scope: Scope | null, except: Node | null = null): void {
    for (const part of childrenOf(node)) if (part !== except) this.visit(part, scope);
  }

  #visitUse(node: Node, scope: Scope | null, use: Use): void {
    if (node.type === "Identifier") this.#refer(node, scope, use);
    else this.visit(node, scope);
  }

  #visitProperty(node: Node & { type: "Property" }, scope: Scope | null): void {
    if (node.computed) this.visit(node.key, scope);
    if (node.shorthand && node.value.type === "Identifier") {
      this.#refer(node.value, scope, "shorthand");
    } else this.visit(node.value, scope);
  }

  /** The left side of an assignment or declaration: identifiers in it are written, defaults in it are read. */
  #visitTarget(node: Node | null, scope: Scope | null): void {
    if (node === null) return;
    switch (node.type) {
      case "Identifier":
        return this.#refer(node, scope, "write");
      case "ObjectPattern":
        for (const property of node.properties) this.#visitTargetProperty(property, scope);
        return;
      case "ArrayPattern":
        return node.elements.forEach((element) => this.#visitTarget(element, scope));
      case "RestElement":
        return this.#visitTarget(node.argument, scope);
      case "AssignmentPattern":
        this.#visitTarget(node.left, scope);
        return this.visit(node.right, scope);
      default:
        this.visit(node, scope);
    }
  }

  #visitTargetProperty(property: Node, scope: Scope | null): void {
    if (property.type !== "Property") return this.#visitTarget(property, scope);
    if (property.computed) this.visit(property.key, scope);
    const { value } = property;
    if (!property.shorthand) return this.#visitTarget(value, scope);
    const target = value.type === "AssignmentPattern" ? value.left : value;
    if (target.type === "Identifier") this.#refer(target, scope, "shorthandWrite");
    if (value.type === "AssignmentPattern") this.visit(value.right, scope);
  }

  #visitFunction(node: FunctionNode, scope: Scope | null): void {
    const own = node.type === "FunctionExpression" && node.id !== null ? [node.id.name] : [];
    const inner = child(scope, [
      ...own,
      ...(node.type === "ArrowFunctionExpression" ? [] : ["arguments"]),
    ]);
    const parameters = node.params as readonly Node[];
    for (const parameter of parameters)
      for (const name of boundNames(parameter)) inner.names.add(name);
    const body = node.body;
    if (body?.type === "BlockStatement") {
      declareVars(body.body, (name) => inner.names.add(name));
      declareLexical(body.body, (name) => inner.names.add(name));
    }
    this.#functions++;
    for (const parameter of parameters) this.#visitTarget(parameter, inner);
    if (body?.type === "BlockStatement") for (const part of body.body) this.visit(part, inner);
    else this.visit(body, inner);
    this.#functions--;
  }

  #visitBlock(
    body: readonly Node[],
    node: Node,
    scope: Scope | null,
    except: Node | null = null,
  ): void {
    const inner = child(scope, []);
    declareLexical(body, (name) => inner.names.add(name));
    if (node.type === "StaticBlock") declareVars(body, (name) => inner.names.add(name));
    this.#visitChildren(node, inner, except);
  }

  #visitFor(
    node: Node & { type: "ForStatement" | "ForInStatement" | "ForOfStatement" },
    scope: Scope | null,
  ): void {
    const inner = child(scope, []);
    const head = node.type === "ForStatement" ? node.init : node.left;
    if (head !== null) declareLexical([head], (name) => inner.names.add(name));
    if (node.type === "ForStatement") return this.#visitChildren(node, inner);
    if (node.type === "ForOfStatement" && node.await) {
      this.#addAwait(node);
    }
    if (head?.type === "VariableDeclaration") this.visit(head, inner);
    else this.#visitTarget(head, inner);
    this.visit(node.right, inner);
    this.visit(node.body, inner);
  }

  #refer(node: Node & { type: "Identifier" }, scope: Scope | null, use: Use): void {
    for (let at = scope; at !== null; at = at.parent) if (at.names.has(node.name)) return;
    const { name, start, end } = node;
    const isEarlier = this.#functions === 0 && this.#initialized.has(name);
    this.references.push({ name, start, end, use, isEarlier });
  }
}

function child(parent: Scope | null, names: readonly string[]): Scope {
  return { names: new Set(names), parent };
}
