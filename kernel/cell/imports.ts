/** Import declarations of a cell, as awaited calls of its runtime: a script cannot hold them. */
import type { Node } from "oxc-parser";
import type { Reference } from "./bindings.ts";

export interface ImportPrelude {
  readonly code: string;
  /** The local names that the code declares. */
  readonly names: readonly string[];
}

/**
 * Nothing is left out for being unused: a later cell may use it. A name that the module does not export is an error
 * only where this cell uses it as a value; otherwise it is taken for a type.
 */
export function importPrelude(
  body: readonly Node[],
  runtime: string,
  references: readonly Reference[],
): ImportPrelude {
  const used = new Set(references.map(({ name }) => name));
  const names: string[] = [];
  let code = "";
  let count = 0;
  for (const node of body) {
    if (node.type !== "ImportDeclaration") continue;
    // No name of the cell begins with a digit, so no box is called like it.
    const module = `${runtime}0m${count++}`;
    const specifier = JSON.stringify(node.source.value);
    code += `const ${module} = await ${runtime}.import(${specifier}${attributesOf(node)});`;
    for (const part of node.specifiers) {
      const local = part.local.name;
      names.push(local);
      if (part.type === "ImportNamespaceSpecifier") {
        code += `const ${local} = ${module};`;
        continue;
      }
      const imported = JSON.stringify(importedName(part));
      code += `const ${local} = ${runtime}.pick(${module}, ${imported}, ${specifier}, ${used.has(local)});`;
    }
  }
  return { code, names };
}

function importedName(part: Node & { type: "ImportSpecifier" | "ImportDefaultSpecifier" }): string {
  if (part.type === "ImportDefaultSpecifier") return "default";
  return part.imported.type === "Identifier" ? part.imported.name : part.imported.value;
}

function attributesOf(node: Node & { type: "ImportDeclaration" }): string {
  if (node.attributes.length === 0) return "";
  const entries = node.attributes.map(({ key, value }) => [
    key.type === "Identifier" ? key.name : key.value,
    value.value,
  ]);
  return `, { with: ${JSON.stringify(Object.fromEntries(entries))} }`;
}
