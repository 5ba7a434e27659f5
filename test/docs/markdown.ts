/** What the tests want to know of a Markdown file: its links, and its code with what it is said to print. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder, seen from dist/test/docs. */
export const root: string = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

/** A block of code that says of itself how it is run. */
export interface Snippet {
  readonly file: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  readonly kind: "cell" | "failing cell" | "script";
  readonly code: string;
  /** What the block behind it says that it prints; null where nothing is claimed. */
  readonly claim: string | null;
}

interface Fence {
  readonly line: number;
  readonly info: string;
  readonly body: string;
}

const KINDS: Readonly<Record<string, Snippet["kind"]>> = {
  "ts cell": "cell",
  "ts cell error": "failing cell",
  "js script": "script",
};

export function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

function fencesOf(text: string): Fence[] {
  const pattern = /^( *)```(.*)\n([^]*?)^\1```$/gm;
  return [...text.matchAll(pattern)].map(
    ({ 1: indent = "", 2: info = "", 3: body = "", index }) => ({
      line: text.slice(0, index).split("\n").length,
      info: info.trim(),
      body: body.replaceAll(new RegExp(`^${indent}`, "gm"), "").trimEnd(),
    }),
  );
}

/** The runnable snippets of a file, each with the `text output` block that follows it. */
export function snippetsOf(file: string): Snippet[] {
  const fences = fencesOf(read(file));
  return fences.flatMap(({ line, info, body }, index) => {
    const kind = KINDS[info];
    if (kind === undefined) return [];
    const next = fences[index + 1];
    return [
      { file, line, kind, code: body, claim: next?.info === "text output" ? next.body : null },
    ];
  });
}

/** The relative links and images of a file, without the part behind `#`. */
export function linksOf(file: string): string[] {
  const prose = read(file)
    .replaceAll(/^( *)```[^]*?^\1```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/i.test(target));
}
