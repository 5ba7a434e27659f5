/**
 * A cell becomes a function over boxes. A name of the notebook lives in a box `{ v, d }`: `v` its value, `d` 0 while
 * undeclared, 1 when it may be assigned, 2 when it is constant. `let` and `var` are kept in their box; constants,
 * functions and classes are locals of the function, copied to their box directly behind their declaration, so that
 * an error or an interrupt loses nothing.
 */
import type { Node } from "oxc-parser";
import { type Bindings, bindingsOf, type Reference } from "./bindings.ts";
import { boundNames, childrenOf, isStatementLike, type Kind } from "./declarations.ts";
import { importPrelude } from "./imports.ts";
import type { MagicLine } from "./magics/recognise.ts";
import { weaveMagics } from "./magics/weave.ts";
import { type ColumnShift, Rewrite, unusedPrefix } from "./rewrite.ts";
import { enumMergedIn, isAnonymous, isNameless, valueOf, writtenStatements } from "./statements.ts";
import type { Transpiled } from "./transpile.ts";

/** What a cell may find outside itself. */
export interface Surroundings {
  /** Names of the notebook, with whether they are constant. */
  readonly names: Pick<ReadonlyMap<string, { readonly constant: boolean }>, "has" | "get">;
  readonly isGlobal: (name: string) => boolean;
}

export interface Transformed {
  /** An expression: a function that takes the cell's runtime and the boxes. */
  readonly script: string;
  readonly shifts: readonly ColumnShift[];
  readonly boxes: readonly string[];
  readonly declares: readonly string[];
}

export function transform(
  source: string,
  transpiled: Transpiled,
  surroundings: Surroundings,
  magics: readonly MagicLine[] = [],
): Transformed {
  return new Transformer(source, transpiled, surroundings).transform(magics);
}

class Transformer {
  readonly #boxes = new Set<string>();
  readonly #declares = new Set<string>();
  readonly #code: string;
  readonly #body: readonly Node[];
  readonly #endsInValue: boolean;
  readonly #bindings: Bindings;
  readonly #rewrite: Rewrite;
  readonly #surroundings: Surroundings;
  /** Starts no identifier of the cell; alone it is the cell's runtime. */
  readonly #prefix: string;
  readonly #kept: ReadonlyMap<string, Kind>;
  readonly #reassigned: ReadonlySet<string>;
  readonly #enums = new Set<string>();
  #prelude = "";
  /** Counts the kernel's own locals, `$$0`: no name begins with a digit, so no box is called like one. */
  #extra = 0;
  #isAsync: boolean;

  constructor(source: string, transpiled: Transpiled, surroundings: Surroundings) {
    this.#code = transpiled.code;
    this.#body = transpiled.program.body;
    this.#endsInValue = transpiled.endsInValue;
    this.#surroundings = surroundings;
    this.#rewrite = new Rewrite(transpiled.code);
    this.#bindings = bindingsOf(transpiled.program);
    this.#prefix = unusedPrefix(transpiled.code);
    this.#isAsync = this.#bindings.waits.length > 0;
    // The transpiler brings imports and variables of its own.
    const isWritten = ([name, kind]: [string, Kind]): boolean =>
      (!transpiled.lowered && kind !== "import") || source.includes(name);
    this.#kept = new Map([...this.#bindings.declared].filter(isWritten));
    this.#reassigned = new Set(
      this.#bindings.references.filter(({ use }) => /write/i.test(use)).map(({ name }) => name),
    );
  }

  transform(magics: readonly MagicLine[]): Transformed {
    this.#declareAhead();
    for (const statement of this.#body) this.#rewriteStatement(statement);
    this.#rewriteNestedVars();
    for (const reference of this.#bindings.references) this.#rewriteReference(reference);
    this.#rewriteAwaits();
    this.#rewriteImports();
    this.#returnLast();
    // Behind all others, so that they stand around the same stretch as the outermost but for the return.
    if (magics.length > 0) this.#weave(magics);
    const parameters = [this.#prefix, ...[...this.#boxes].map((name) => this.#box(name))];
    const head = `(${this.#isAsync ? "async " : ""}(${parameters.join(", ")}) => {"use strict";`;
    this.#rewrite.wrap(0, this.#code.length, head + this.#prelude, "\n})");
    const { text, shifts } = this.#rewrite.apply();
    return { script: text, shifts, boxes: [...this.#boxes], declares: [...this.#declares] };
  }

  #box(name: string): string {
    this.#boxes.add(name);
    return this.#prefix + name;
  }

  /** Copies locals to their boxes, as an expression. */
  #keep(names: readonly string[], constant: boolean): string {
    const kept = names.filter((name) => this.#kept.has(name));
    for (const name of kept) this.#declares.add(name);
    return kept
      .map((name) => `${this.#box(name)}.v = ${name}, ${this.#box(name)}.d = ${constant ? 2 : 1}`)
      .join(", ");
  }

  #isBoxed(name: string): boolean {
    const kind = this.#kept.get(name);
    if (kind === "let" || kind === "var") return true;
    return (kind === "function" || kind === "class") && this.#reassigned.has(name);
  }

  #declareAhead(): void {
    for (const [name, kind] of this.#kept) {
      if (kind === "function") this.#prelude += `${this.#keep([name], false)};`;
      if (kind !== "var") continue;
      this.#declares.add(name);
      const box = this.#box(name);
      this.#prelude += `${box}.d || (${box}.v = void 0, ${box}.d = 1);`;
    }
    const { code, names } = importPrelude(this.#body, this.#prefix, this.#bindings.references);
    if (code === "") return;
    this.#isAsync = true;
    this.#prelude += `${code}${this.#keep(names, true)};`;
  }

  #rewriteStatement(statement: Node): void {
    switch (statement.type) {
      case "ImportDeclaration":
      case "ExportAllDeclaration":
        return this.#rewrite.replace(statement.start, statement.end, "");
      case "ExportNamedDeclaration": {
        const end = statement.declaration?.start ?? statement.end;
        this.#rewrite.replace(statement.start, end, "");
        if (statement.declaration !== null) this.#rewriteStatement(statement.declaration);
        return;
      }
      case "ExportDefaultDeclaration": {
        const { declaration } = statement;
        const isValue = isNameless(declaration);
        const head = isValue ? `const ${this.#prefix}${this.#extra++} = ` : "";
        this.#rewrite.replace(statement.start, declaration.start, head);
        if (!isValue) return this.#rewriteStatement(declaration);
        return this.#rewrite.wrap(declaration.start, declaration.end, "", ";");
      }
      case "ClassDeclaration":
        if (statement.id !== null) this.#append(statement, this.#keep([statement.id.name], false));
        return;
      case "VariableDeclaration":
        if (statement.kind === "let") return this.#rewriteLet(statement);
        if (statement.kind !== "var") return this.#rewriteConst(statement);
        return;
      default:
    }
  }

  #append(node: Node, code: string): void {
    if (code !== "") this.#rewrite.wrap(node.start, node.end, "", `;${code};`);
  }

  #rewriteConst(statement: Node & { type: "VariableDeclaration" }): void {
    for (const { id, end, start } of statement.declarations) {
      const copies = this.#keep(boundNames(id), true);
      if (copies === "") continue;
      this.#rewrite.wrap(start, end, "", `, ${this.#prefix}${this.#extra++} = void (${copies})`);
    }
  }

  #rewriteLet(statement: Node & { type: "VariableDeclaration" }): void {
    if (!this.#isKept(statement)) return;
    this.#dropKeyword(statement);
    for (const declarator of statement.declarations) {
      const { id, init, start, end } = declarator;
      const names = boundNames(id);
      for (const name of names) this.#declares.add(name);
      const marks = names.map((name) => `, ${this.#box(name)}.d = 1`).join("");
      if (id.type !== "Identifier") this.#rewrite.wrap(start, end, "(", `)${marks}`);
      else this.#rewrite.wrap(start, end, "", (init === null ? " = void 0" : "") + marks);
      this.#nameAnonymous(id, init);
    }
  }

  /** An assignment to a box names no function: `let f = () => 1` would print as anonymous. */
  #nameAnonymous(id: Node, init: Node | null): void {
    if (id.type !== "Identifier" || init === null) return;
    if (isAnonymous(init))
      this.#rewrite.wrap(init.start, init.end, `({ ${id.name}: `, ` }).${id.name}`);
  }

  #isKept(statement: Node & { type: "VariableDeclaration" }): boolean {
    return statement.declarations.every(({ id }) =>
      boundNames(id).every((name) => this.#kept.has(name)),
    );
  }

  #dropKeyword(statement: Node & { type: "VariableDeclaration" }): void {
    const first = statement.declarations[0];
    if (first !== undefined) this.#rewrite.replace(statement.start, first.start, "");
  }

  /** `var` at the top level, in blocks and in loop heads: all of them are the cell's own names. */
  #rewriteNestedVars(): void {
    const heads = new Set<Node>();
    const pending = this.#body.filter(isStatementLike);
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (node.type === "ForInStatement" || node.type === "ForOfStatement") heads.add(node.left);
      if (node.type === "VariableDeclaration") this.#rewriteVar(node, heads.has(node));
      pending.push(...childrenOf(node).filter(isStatementLike));
    }
  }

  #rewriteVar(statement: Node & { type: "VariableDeclaration" }, isLoopHead: boolean): void {
    if (statement.kind !== "var" || !this.#isKept(statement)) return;
    this.#dropKeyword(statement);
    if (isLoopHead) return;
    for (const { id, init, start, end } of statement.declarations) {
      if (id.type !== "Identifier") this.#rewrite.wrap(start, end, "(", ")");
      this.#nameAnonymous(id, init);
      this.#startEnumAfresh(id, init);
    }
  }

  /** Without this a cell with an enum that is run twice merges it with itself. */
  #startEnumAfresh(id: Node, init: Node | null): void {
    const found = enumMergedIn(id, init);
    if (found === null || this.#enums.has(found.name)) return;
    this.#enums.add(found.name);
    this.#rewrite.wrap(found.start, found.end, "void ", "");
  }

  #rewriteReference({ name, start, end, use, isEarlier }: Reference): void {
    // The name's own value is not there yet: what is meant is the value it had before.
    const isOwn = !(isEarlier && this.#surroundings.names.has(name));
    const place = this.#placeOf(name, use, isOwn);
    if (place === null) return;
    const isShorthand = use === "shorthand" || use === "shorthandWrite";
    this.#rewrite.replace(start, end, isShorthand ? `${name}: ${place}` : place);
  }

  /** The code that stands for a name, or null where the name itself does. */
  #placeOf(name: string, use: Reference["use"], isOwn: boolean): string | null {
    const writes = use === "write" || use === "shorthandWrite";
    if (isOwn && this.#bindings.declared.has(name)) {
      if (!this.#isBoxed(name)) return null;
      return use === "call" ? `(0, ${this.#box(name)}.v)` : `${this.#box(name)}.v`;
    }
    const known = this.#surroundings.names.get(name);
    const quoted = JSON.stringify(name);
    if (known !== undefined) {
      if (writes && known.constant) return `${this.#prefix}.constant(${quoted}).v`;
      return use === "call" ? `(0, ${this.#box(name)}.v)` : `${this.#box(name)}.v`;
    }
    if (this.#surroundings.isGlobal(name) || name === "arguments") return null;
    const box = this.#box(name);
    if (writes) return `${this.#prefix}.late(${box}, ${quoted}).v`;
    const other = use === "typeof" ? `typeof ${name} === "undefined" ? void 0 : ${name}` : name;
    return `(${box}.d ? ${box}.v : ${other})`;
  }

  #rewriteAwaits(): void {
    for (const { node, nested } of this.#bindings.awaits) {
      const isLoop = node.type === "ForOfStatement";
      const { start, end } = isLoop ? node.right : node.argument;
      const guard = isLoop ? "each" : nested ? "check" : "race";
      this.#rewrite.wrap(start, end, `${this.#prefix}.${guard}(`, ")");
      const head = guard === "check" ? `${this.#prefix}.resume(${this.#prefix}.stops, ` : null;
      if (head !== null) this.#rewrite.wrap(node.start, node.end, head, ")");
    }
  }

  #rewriteImports(): void {
    for (const node of this.#bindings.imports) {
      const end = node.type === "MetaProperty" ? node.end : node.start + "import".length;
      const name = node.type === "MetaProperty" ? "meta" : "import";
      this.#rewrite.replace(node.start, end, `${this.#prefix}.${name}`);
    }
  }

  #weave(magics: readonly MagicLine[]): void {
    const { waits: awaits } = this.#bindings;
    const parts = {
      body: writtenStatements(this.#body, this.#code),
      awaits,
      rewrite: this.#rewrite,
      runtime: this.#prefix,
    };
    if (weaveMagics(magics, parts)) this.#isAsync = true;
  }

  #returnLast(): void {
    const last = writtenStatements(this.#body, this.#code).at(-1);
    if (!this.#endsInValue) return;
    const value = last === undefined ? null : valueOf(last);
    if (value === null || value.type.endsWith("Declaration")) return;
    this.#rewrite.wrap(value.start, value.end, "return (", ")");
  }
}
