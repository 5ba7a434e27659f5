/** What a cell declares for the cells behind it, types included, which are gone from the JavaScript that runs. */
import { type Node, parseSync } from "oxc-parser";
import { boundNames, declareVars } from "../cell/declarations.ts";
import { languageOf } from "../cell/transpile.ts";

export interface Declaration {
  readonly name: string;
  /** As completion lists call it. */
  readonly kind: "variable" | "function" | "class" | "enum" | "interface" | "type" | "module";
  /** Whether there is nothing of it at run time. */
  readonly isErased: boolean;
  /** The statement, in UTF-16 units of the cell. */
  readonly start: number;
  readonly end: number;
  /** Whether the cell exports it under its own name. */
  readonly isExported: boolean;
  /** Whether it may be assigned. */
  readonly mutable: boolean;
  /** Whether its type follows from what is done with it, as of `let x;` and `const xs = []`, or narrows its annotation. */
  readonly evolves: boolean;
}

/** In order; a cell that cannot be parsed declares nothing. */
export function declarationsOf(source: string): Declaration[] {
  const { program } = parseSync(`cell.${languageOf(source)}`, source, { sourceType: "module" });
  const found: Declaration[] = [];
  const exported = new Set<string>();
  for (const statement of program.body) {
    if (statement.type === "ExportNamedDeclaration") {
      for (const { exported: as } of statement.specifiers) {
        if (as.type === "Identifier") exported.add(as.name);
      }
    }
    found.push(...declaredBy(statement));
  }
  const known = new Set(found.map(({ name }) => name));
  declareVars(program.body, (name) => {
    if (!known.has(name)) found.push({ ...variable(name, NOWHERE, false), mutable: true });
    known.add(name);
  });
  return found.map((one) => (exported.has(one.name) ? { ...one, isExported: true } : one));
}

type Span = Pick<Node, "start" | "end">;

const NOWHERE: Span = { start: 0, end: 0 };

function variable(name: string, { start, end }: Span, isExported: boolean): Declaration {
  const fixed = { isErased: false, mutable: false, evolves: false } as const;
  return { ...fixed, name, kind: "variable", start, end, isExported };
}

function declaredBy(statement: Node): Declaration[] {
  const isNamed = statement.type === "ExportNamedDeclaration";
  const isDefault = statement.type === "ExportDefaultDeclaration";
  const node = isNamed || isDefault ? statement.declaration : statement;
  if (node === null) return [];
  const one = (
    id: { readonly name: string } | null,
    kind: Declaration["kind"],
    isErased = false,
  ): Declaration[] =>
    id === null ? [] : [{ ...variable(id.name, statement, isNamed), kind, isErased }];
  // What is only declared has no value yet: another cell, or something else, will give it one.
  const isPromised = "declare" in node && node.declare;
  switch (node.type) {
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      return one(node.id, "function", isPromised);
    case "ClassDeclaration":
      return one(node.id, "class", isPromised);
    case "TSEnumDeclaration":
      return one(node.id, "enum", isPromised);
    case "TSInterfaceDeclaration":
      return one(node.id, "interface", true);
    case "TSTypeAliasDeclaration":
      return one(node.id, "type", true);
    case "TSModuleDeclaration":
      return one(rootOf(node.id), "module");
    case "VariableDeclaration":
      return node.declarations.flatMap((declarator) =>
        boundNames(declarator.id).map((name) => ({
          ...variable(name, statement, isNamed),
          isErased: isPromised,
          mutable: node.kind === "let" || node.kind === "var",
          evolves: evolves(declarator),
        })),
      );
    case "ImportDeclaration":
      return node.specifiers.map((part) => ({
        ...variable(part.local.name, statement, false),
        isErased:
          node.importKind === "type" ||
          (part.type === "ImportSpecifier" && part.importKind === "type"),
      }));
    default:
      return [];
  }
}

/** `a` of `namespace a.b`; null for a module that is named by a string. */
function rootOf(id: Node): { readonly name: string } | null {
  let at = id;
  while (at.type === "TSQualifiedName") at = at.left;
  return at.type === "Identifier" ? at : null;
}

/** Whether nothing narrows a type, and it means less as that of something else: `asserts x is T`, `never`, a symbol of its own. */
function isWhole(type: Node): boolean {
  return (
    type.type === "TSFunctionType" || (type.type === "TSTypeOperator" && type.operator === "unique")
  );
}

function evolves({ id, init }: Node & { type: "VariableDeclarator" }): boolean {
  if (id.type !== "Identifier") return false;
  const annotation = id.typeAnnotation?.typeAnnotation;
  if (annotation !== undefined) return init !== null && !isWhole(annotation);
  return init === null || (init.type === "ArrayExpression" && init.elements.length === 0);
}

const HEAD =
  /^(?:export\s+|default\s+|declare\s+|abstract\s+|async\s+)*(?:const|let|var|function\s*\*?|class|enum|interface|type|namespace)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gmu;

/** The names that a text declares, as far as can be told while it is being written. */
export function declaredNames(source: string): Set<string> {
  const declared = declarationsOf(source).map(({ name }) => name);
  if (declared.length > 0) return new Set(declared);
  return new Set([...source.matchAll(HEAD)].map(([, name]) => name ?? ""));
}
