/** The way out of text that cannot be parsed, where it is another language's or another kernel's. */

type Row = readonly [line: RegExp, remedy: string];

const ROWS: readonly Row[] = [
  [/^\s*#(?![!\w])/, "comments begin with `//`"],
  [/^\s*return\b/, "the last expression of a cell is its value: write it without `return`"],
  [/^\s*\.(?:help|exit|load|save|editor|break|clear)\b/, "in a notebook these are magics: `%help`"],
  [
    /^\s*(?:import [\w.]+ as \w+|from [\w.]+ import\b|(?:async )?def \w+\(.*\)|(?:for \w+ in|if|elif|else|while|class|with|try|except)\b.*:\s*$)/,
    "this is Python: the kernel runs TypeScript and JavaScript",
  ],
];

/** Says of the line that holds the error how it is written here; null where nothing is known. */
export function syntaxRemedy(line: string): string | null {
  return ROWS.find(([pattern]) => pattern.test(line))?.[1] ?? null;
}
