/** Code of a compiled cell as its author wrote it: names of the notebook instead of their boxes. */
import { closing } from "./values/brackets.ts";

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
];

/** What stands around each `await`, up to its bracket. */
const GUARD = new RegExp(`${BOX}\\.(?:race|check|each|resume)\\((?:${BOX}\\.stops, ?)?`, "u");

/** V8 words some errors in the code that was run: `$$fit.v` is the reader's `fit`. */
export function readable(text: string): string {
  if (!text.includes("$$")) return text;
  return BOXED.reduce((shown, [pattern, name]) => shown.replaceAll(pattern, name), unguarded(text));
}

function unguarded(text: string): string {
  let shown = text;
  for (let found = GUARD.exec(shown); found !== null; found = GUARD.exec(shown)) {
    const { index } = found;
    const end = closing(shown, shown.indexOf("(", index));
    if (end === null) return shown;
    const guarded = shown.slice(index + found[0].length, end);
    shown = shown.slice(0, index) + guarded + shown.slice(end + 1);
  }
  return shown;
}

/** From now on what a cell sends elsewhere as text, to a worker or into a page, runs there: nobody there knows a box. */
export function useReadableFunctions(): void {
  // oxlint-disable-next-line typescript/unbound-method -- always applied to a function
  const written = Function.prototype.toString;
  const { apply } = Reflect;
  const own = {
    // A method, which is no constructor either.
    toString(this: unknown): string {
      return readable(apply(written, this === own.toString ? written : this, []));
    },
  };
  Object.assign(Function.prototype, own);
}
