/** What is told about a name, in Markdown and in plain text. */
import type { Hover, Signature } from "./engine.ts";
import type { Origin } from "./notebook.ts";

export interface Findings {
  readonly hover: Hover | null;
  /** The call whose arguments the cursor is in. */
  readonly signature: Signature | null;
  /** The value as a short text. */
  readonly value: string | null;
  /** Where the name was declared, if its source is wanted. */
  readonly origin: Pick<Origin, "label" | "source"> | null;
}

export type Inspection = Readonly<Record<"text/markdown" | "text/plain", string>>;

/** Null when nothing is known. */
export function inspectionOf({ hover, signature, value, origin }: Findings): Inspection | null {
  const told = hover ?? signature;
  const parts: Part[] = [];
  if (told !== null) parts.push({ title: "", code: true, text: told.declaration });
  const active = signature?.active ?? null;
  if (hover === null && signature !== null && active !== null) {
    parts.push({ title: "Parameter", code: false, text: mark(signature.parameters[active] ?? "") });
  }
  if (told !== null && told.documentation !== "") {
    parts.push({ title: "", code: false, text: told.documentation });
  }
  if (value !== null) parts.push({ title: "Value", code: true, text: value });
  if (origin !== null && origin.source !== null) {
    parts.push({ title: origin.label, code: true, text: origin.source });
  }
  if (parts.length === 0) return null;
  return {
    "text/markdown": parts.map(asMarkdown).join("\n\n"),
    "text/plain": parts.map(asText).join("\n\n"),
  };
}

interface Part {
  readonly title: string;
  readonly code: boolean;
  readonly text: string;
}

function mark(code: string): string {
  return `\`${code}\``;
}

function asMarkdown({ title, code, text }: Part): string {
  const body = code ? fenced(text) : text;
  if (title === "") return body;
  return code ? `**${title}**\n\n${body}` : `**${title}** ${body}`;
}

/** Fenced with more backticks than the code has in a row. */
function fenced(code: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}typescript\n${code}\n${fence}`;
}

function asText({ title, code, text }: Part): string {
  const body = code ? text : plain(text);
  if (title === "") return body;
  return code ? `${title}:\n${body}` : `${title}: ${body}`;
}

/** Markdown without its marks, as far as documentation comments use them. */
function plain(markdown: string): string {
  return markdown
    .replace(/^```\w*\n|^```$/gm, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\*\*([^*]+)\*\*|(?<![\w*])\*([^*\n]+)\*/g, "$1$2")
    .replace(/`([^`\n]+)`/g, "$1")
    .trim();
}
