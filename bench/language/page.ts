/** What has been kept of the conformance list, as the tables of README.md and docs/language.md. */
import { readFileSync } from "node:fs";
import { inRepository } from "../harness.ts";

/** The rows of one construct, and how many of them hold in each kernel. */
export interface Conformance {
  readonly table: string;
  readonly construct: string;
  readonly rows: number;
  readonly held: Readonly<Record<string, number>>;
}

/** The file the results are kept in: of one Node, which it names. */
export const KEPT = inRepository("bench", "results", "language.json");
const [BEGIN, END] = ["<!-- language -->", "<!-- /language -->"] as const;

/** By file, what is told by what. */
const PAGES = { "README.md": "table", "docs/language.md": "construct" } as const;

export function keptConformance(): readonly Conformance[] {
  return (JSON.parse(readFileSync(KEPT, "utf8")) as { readonly results: Conformance[] }).results;
}

/** A line for each group of rows, with all of them first. */
export function markdown(
  results: readonly Conformance[],
  by: Exclude<keyof Conformance, "rows" | "held">,
): string {
  const names = Object.keys(results[0]?.held ?? {});
  const line = (title: string, group: readonly Conformance[]): string[] => {
    const all = group.reduce((sum, { rows }) => sum + rows, 0);
    const counts = names.map((name) => group.reduce((sum, { held }) => sum + (held[name] ?? 0), 0));
    return [title, ...counts.map((count) => (count === all ? `${count}` : `${count} of ${all}`))];
  };
  const titles = new Set(results.map((result) => result[by]));
  const lines = [
    ["rows that hold", ...names],
    ["---", ...names.map(() => "---")],
    line("**all**", results),
    ...[...titles].map((title) =>
      line(
        title,
        results.filter((one) => one[by] === title),
      ),
    ),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** By file, the text with its table made anew. */
export function pagesOf(results: readonly Conformance[]): Map<string, string> {
  const pages = Object.entries(PAGES).map(([file, by]): [string, string] => {
    const text = readFileSync(inRepository(file), "utf8");
    const from = text.indexOf(BEGIN);
    const to = text.indexOf(END);
    if (from < 0 || to < from) throw new Error(`${file} has no place for the table`);
    const before = text.slice(0, from + BEGIN.length);
    return [file, `${before}\n\n${markdown(results, by)}\n\n${text.slice(to)}`];
  });
  return new Map(pages);
}
