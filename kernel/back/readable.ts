/** Code of a compiled cell as its author wrote it: names of the notebook instead of their boxes. */

const BOX = String.raw`\$\$(?:_\$)*`;
const NAME = String.raw`[\p{L}\p{N}$_]+`;

/** In the order in which they must be undone: what holds others first. */
const BOXED: readonly (readonly [RegExp, string])[] = [
  // A name that was unknown when the cell was compiled.
  [new RegExp(`\\(${BOX}(${NAME})\\.d \\? ${BOX}\\1\\.v : [^()]*?\\b\\1\\)`, "gu"), "$1"],
  [new RegExp(`${BOX}\\.constant\\("(${NAME})"\\)\\.v`, "gu"), "$1"],
  [new RegExp(`${BOX}\\.late\\(${BOX}${NAME}, "(${NAME})"\\)\\.v`, "gu"), "$1"],
  // A call without `this`.
  [new RegExp(`\\(0 ?, ?${BOX}(${NAME})\\.v\\)`, "gu"), "$1"],
  [new RegExp(`${BOX}(${NAME})\\.v\\b`, "gu"), "$1"],
  [new RegExp(`${BOX}\\.meta\\b`, "gu"), "import.meta"],
  [new RegExp(`${BOX}\\.import\\b`, "gu"), "import"],
  [new RegExp(`${BOX}\\.(?:race|check|each)\\(([^()]*)\\)`, "gu"), "$1"],
];

/** V8 words some errors in the code that was run: `$$fit.v` is the reader's `fit`. */
export function readable(text: string): string {
  if (!text.includes("$$")) return text;
  return BOXED.reduce((shown, [pattern, name]) => shown.replaceAll(pattern, name), text);
}
