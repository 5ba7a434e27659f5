/** What a language server answers, and what the engine makes of it. */
import type { Hover, Problem, Proposal, Signature } from "./engine.ts";

export interface LspPosition {
  readonly line: number;
  readonly character: number;
}

interface Range {
  readonly start: LspPosition;
  readonly end: LspPosition;
}

type Markup = string | { readonly value: string };

export interface CompletionItem {
  readonly label: string;
  readonly kind?: number;
  readonly detail?: string;
  readonly sortText?: string;
  readonly insertText?: string;
  readonly textEdit?: {
    readonly range?: Range;
    readonly replace?: Range;
    readonly newText: string;
  };
}

interface Defaults {
  readonly editRange?: Range | { readonly replace: Range };
}

export interface CompletionList {
  readonly items: readonly CompletionItem[];
  readonly itemDefaults?: Defaults;
}

export interface LspHover {
  readonly contents: Markup;
}

export interface SignatureHelp {
  readonly signatures: readonly {
    readonly label: string;
    readonly documentation?: Markup;
    readonly parameters?: readonly { readonly label: string | readonly [number, number] }[];
    readonly activeParameter?: number | null;
  }[];
  readonly activeSignature?: number;
  readonly activeParameter?: number | null;
}

export interface DiagnosticReport {
  readonly items?: readonly {
    readonly range: Range;
    readonly severity?: number;
    readonly code?: number | string;
    readonly message: string;
    readonly relatedInformation?: readonly { readonly message: string }[];
  }[];
}

/** DiagnosticSeverity of the Language Server Protocol; the others are warnings and hints. */
const ERROR = 1;

/** CompletionItemKind of the Language Server Protocol 3.17, in lower case; the first has number 1. */
const KINDS =
  "text method function constructor field variable class interface module property unit value enum keyword snippet color file reference folder enumMember constant struct event operator typeParameter".split(
    " ",
  );

/** What a declaration begins with that says more than the number: an imported name is only ever a variable. */
const DECLARED =
  /^(?:\((\w+)\) )?(?:export |declare |abstract )*(function|class|const enum|enum|interface|namespace|module|type)\b/;

export function positionAt(text: string, offset: number): LspPosition {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length - 1, character: offset - start };
}

function offsetAt(text: string, { line, character }: LspPosition): number {
  let start = 0;
  for (let left = line; left > 0; left--) start = text.indexOf("\n", start) + 1;
  return start + character;
}

export function problemsOf(report: DiagnosticReport | null, text: string): Problem[] {
  const errors = (report?.items ?? []).filter(({ severity = ERROR }) => severity === ERROR);
  return errors
    .map(({ range, code, message, relatedInformation = [] }) => ({
      ...rangeIn(text, range),
      code: Number(code ?? 0),
      message,
      related: relatedInformation.map((related) => related.message),
    }))
    .toSorted((a, b) => a.start - b.start);
}

function rangeIn(text: string, { start, end }: Range): { start: number; end: number } {
  return { start: offsetAt(text, start), end: offsetAt(text, end) };
}

/** The stretch that is replaced by every proposal that names none: found once, for there may be thousands. */
export function commonRange(list: CompletionList, text: string): Proposal["range"] {
  const range = list.itemDefaults?.editRange;
  if (range === undefined) return null;
  return rangeIn(text, "start" in range ? range : range.replace);
}

export function proposalOf(
  item: CompletionItem,
  common: Proposal["range"],
  text: string,
): Proposal {
  const edit = item.textEdit?.range ?? item.textEdit?.replace;
  return {
    label: item.label,
    text: item.textEdit?.newText ?? item.insertText ?? item.label,
    range: edit === undefined ? common : rangeIn(text, edit),
    kind: KINDS[(item.kind ?? 1) - 1] ?? "text",
    rank: item.sortText ?? item.label,
    declaration: null,
  };
}

/** The declaration of a name, whether it was imported or not. */
export function declarationOf(detail: string | undefined): string | null {
  if (detail === undefined || detail === "") return null;
  return detail
    .replace(/^\(alias\) /, "")
    .replace(/\nimport [^\n]*$/, "")
    .replace(/\$(?:let|end|old)_/g, "");
}

/** The kind that a declaration tells, else the one that is given. */
export function kindOf(declaration: string | null, kind: string): string {
  if (/^constructor\b/.test(declaration ?? "")) return "class";
  const told = DECLARED.exec(declaration ?? "")?.[2];
  if (told === undefined || kind !== "variable") return kind;
  return told === "const enum" ? "enum" : told === "namespace" ? "module" : told;
}

function markdownOf(markup: Markup | undefined): string {
  return (typeof markup === "object" ? markup.value : (markup ?? "")).trim();
}

export function hoverOf(hover: LspHover | null): Hover | null {
  if (hover === null) return null;
  const parts = /^```\w*\n([^]*?)\n```\n?([^]*)$/.exec(markdownOf(hover.contents));
  const declaration = declarationOf(parts?.[1]);
  // What is unknown has a type too.
  if (declaration === null || /^any$|\/\*unresolved\*\//.test(declaration)) return null;
  return { declaration, documentation: parts?.[2]?.trim() ?? "" };
}

export function signatureOf(help: SignatureHelp | null): Signature | null {
  const chosen = help?.signatures[help.activeSignature ?? 0];
  if (chosen === undefined) return null;
  const { label, documentation, parameters = [] } = chosen;
  const active = chosen.activeParameter ?? help?.activeParameter ?? null;
  return {
    declaration: label,
    parameters: parameters.map(({ label: part }) =>
      typeof part === "string" ? part : label.slice(part[0], part[1]),
    ),
    active: active !== null && active < parameters.length ? active : null,
    documentation: markdownOf(documentation),
  };
}
