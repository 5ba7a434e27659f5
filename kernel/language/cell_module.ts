/**
 * A cell as a module of its own: imports of the names it mentions, its text, and behind it what later cells may import.
 */
import type { Occurrence } from "./flow.ts";
import { OURS } from "./workspace.ts";
import { withBareSpecifiers } from "../cell/specifier.ts";

/** A name of the notebook, as a module has it. */
export interface Known {
  readonly module: string;
  /** The name under which the module exports it, with the type it was declared with. */
  readonly exported: string;
  /** Whether cells may assign to it. */
  readonly mutable: boolean;
  /** Where the type stands that it had at the end of a cell, if that may be another one. */
  readonly flow: { readonly module: string; readonly exported: string } | null;
}

/** A cell's text among what belongs to it, with the way back. */
export interface Wrapped {
  readonly text: string;
  /** Where a place of the text is in the cell; null outside it. */
  readonly toCell: (offset: number) => number | null;
}

/** The type that a name has at the end of a cell is that of a constant under this name. */
export function endOf(name: string): string {
  return `${OURS}end_${name}`;
}

/** A name under its declared type. */
function declaredAs(name: string): string {
  return `${OURS}let_${name}`;
}

function earlierAs(name: string): string {
  return `${OURS}old_${name}`;
}

export interface Surrounding {
  /** The names of the notebook that the cell mentions and does not declare. */
  readonly mentioned: ReadonlyMap<string, Known>;
  /** Where the cell means the value that one of its names had before, with where that is to be had. */
  readonly earlier: readonly (Occurrence & { readonly known: Known })[];
  /** Modules that say something about all others. */
  readonly ambient: readonly string[];
}

export function wrap(
  source: string,
  { mentioned, earlier, ambient }: Surrounding,
  suffix: string,
): Wrapped {
  const imports = new Imports();
  let bridges = "";
  for (const [name, known] of mentioned) bridges += bridge(name, known, imports);
  for (const { name, known } of earlier) bringFlow(earlierAs(name), known, imports);
  for (const module of ambient) imports.add(module, null);
  // A module it is in any case.
  // On a line of its own: a comment behind something is no documentation of what follows.
  const prefix = `export {};${imports.text()}${bridges}\n`;
  let body = "";
  let from = 0;
  for (const { name, start, end } of earlier) {
    body += source.slice(from, start) + earlierAs(name);
    from = end;
  }
  body += source.slice(from);
  // A line for a shell is a comment; behind our own it would be neither.
  body = withBareSpecifiers(body.replace(/^#!/, "//"));
  return {
    text: prefix + body + suffix,
    toCell: (offset) => {
      let at = offset - prefix.length;
      for (const { name, start, end } of earlier) {
        if (at <= start) break;
        at -= Math.min(earlierAs(name).length - (end - start), at - start);
      }
      return at < 0 || at > source.length ? null : at;
    },
  };
}

/** Brings a name with its present type; one that may be assigned is writable at its declared type. */
function bridge(name: string, known: Known, imports: Imports): string {
  if (!known.mutable) {
    bringFlow(name, known, imports);
    return "";
  }
  imports.add(known.module, specifier(known.exported, declaredAs(name)));
  const declared = `declare let ${name}: typeof ${declaredAs(name)};`;
  if (known.flow === null) return declared;
  imports.add(known.flow.module, specifier(known.flow.exported, endOf(name)));
  return `${declared}${OURS}is<typeof ${endOf(name)}, typeof ${declaredAs(name)}>(${name});`;
}

function bringFlow(as: string, known: Known, imports: Imports): void {
  const { module, exported } = known.flow ?? known;
  imports.add(module, specifier(exported, as));
}

function specifier(exported: string, as: string): string {
  return exported === as ? as : `${exported} as ${as}`;
}

class Imports {
  readonly #modules = new Map<string, Set<string>>();

  add(module: string, name: string | null): void {
    const names = this.#modules.get(module) ?? new Set();
    if (name !== null) names.add(name);
    this.#modules.set(module, names);
  }

  text(): string {
    return [...this.#modules]
      .map(([module, names]) => {
        const list = names.size === 0 ? "" : `{ ${[...names].join(", ")} } from `;
        return `import ${list}${JSON.stringify(module)};`;
      })
      .join("");
  }
}

/** Behind a cell: an error of this text says that the name has another type by now than it came with. */
export function probe(name: string, known: Known): string {
  const { module, exported } = known.flow ?? known;
  const before = `typeof import(${JSON.stringify(module)}).${exported}`;
  const end = `const ${endOf(name)}$ = ${name};`;
  return `${end}const ${OURS}same_${name}: ${OURS}Same<typeof ${endOf(name)}$, ${before}> = true;`;
}

/** Behind a cell: its names for the cells that come, and what has become of the others. */
export function exportsBehind(names: Iterable<string>, ends: Iterable<string>): string {
  const exported = [...names];
  const changed = [...ends];
  const constants = changed.map((name) => `const ${endOf(name)} = ${name};`).join("");
  const all = [...exported, ...changed.map(endOf)];
  return all.length === 0 ? "" : `\n${constants}export { ${all.join(", ")} };`;
}
