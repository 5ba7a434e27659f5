/** Magics in the script of a cell: their markers become calls of its runtime, around the statements they are about. */
import type { Node } from "oxc-parser";
import type { Rewrite } from "../rewrite.ts";
import { CellSyntaxError } from "../transpile.ts";
import type { MagicLine } from "./recognise.ts";

export interface Weaving {
  /** The statements of the cell, transpiled. */
  readonly body: readonly Node[];
  /** What is awaited outside of the cell's functions. */
  readonly awaits: readonly Node[];
  readonly rewrite: Rewrite;
  /** The name of the cell's runtime. */
  readonly runtime: string;
}

/** Returns whether the cell has to await them. */
export function weaveMagics(magics: readonly MagicLine[], weaving: Weaving): boolean {
  const byMarker = new Map(magics.map((line) => [line.marker, line]));
  const { body } = weaving;
  let isAsync = false;
  body.forEach((statement, at) => {
    const line = byMarker.get(markerOf(statement));
    if (line === undefined) return;
    const behind = line.isCellMagic ? body.slice(at + 1).at(-1) : body[at + 1];
    if (line.magic.takes === "statement") return span(line, at, { statement, behind, weaving });
    isAsync = true;
    if (line.magic.takes === "text") act(line, statement, weaving);
    else loop(line, { statement, behind, weaving });
  });
  return isAsync;
}

interface Places {
  readonly statement: Node;
  /** What the magic is about. */
  readonly behind: Node | undefined;
  readonly weaving: Weaving;
}

function markerOf(statement: Node): string {
  if (statement.type !== "ExpressionStatement") return "";
  const { expression } = statement;
  return expression.type === "Literal" && typeof expression.value === "string"
    ? expression.value
    : "";
}

function act({ magic, text, body }: MagicLine, statement: Node, { rewrite, runtime }: Weaving) {
  if (statement.type !== "ExpressionStatement") return;
  const { start, end } = statement.expression;
  const rest = [magic.name, text, body].map((part) => JSON.stringify(part)).join(", ");
  rewrite.replace(start, end, `await ${runtime}.magic(${rest})`);
}

function span({ magic }: MagicLine, at: number, { statement, behind, weaving }: Places): void {
  const { rewrite, runtime } = weaving;
  const end = `${runtime}_t${at}`;
  const begin = `const ${end} = ${runtime}.begin(${JSON.stringify(magic.name)});`;
  rewrite.replace(
    statement.start,
    statement.end,
    behind === undefined ? `${begin}${end}();` : begin,
  );
  if (behind?.type === "ExpressionStatement") {
    rewrite.wrap(behind.expression.start, behind.expression.end, `${end}(`, ")");
  } else if (behind !== undefined) rewrite.wrap(behind.start, behind.end, "", `;${end}();`);
}

function loop({ magic, text, start, end }: MagicLine, places: Places): void {
  const { statement, behind, weaving } = places;
  const { rewrite, runtime, awaits } = weaving;
  if (behind === undefined || behind.type.endsWith("Declaration")) {
    const sentence = `%${magic.name} runs a statement many times, which a declaration cannot be: put it into braces, { … }`;
    throw new CellSyntaxError(sentence, start, end);
  }
  rewrite.replace(statement.start, statement.end, "");
  const isAsync = awaits.some((node) => node.start >= behind.start && node.end <= behind.end);
  const options = [magic.name, text, isAsync].map((part) => JSON.stringify(part)).join(", ");
  const head = `await ${runtime}.loop(${options}, ${isAsync ? "async " : ""}() => `;
  if (behind.type === "ExpressionStatement") {
    const { expression } = behind;
    rewrite.wrap(expression.start, expression.end, `${head}(`, "))");
  } else rewrite.wrap(behind.start, behind.end, `${head}{`, "});");
}
