/** Names that are written nearly alike. */
import { distance } from "../near.ts";
import type { Magic } from "./magic.ts";

/** What IPython's other magics are here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  cd: "process.chdir(folder) changes the folder",
  pwd: "process.cwd() is the folder",
  pip: "packages come with %npm install name",
  conda: "packages come with %npm install name",
  yarn: "packages come with %npm install name",
  matplotlib: "plot(…) draws without being asked to",
  whos: "%who lists names, types, values and sizes",
  load_ext: "nothing has to be loaded: import what you need",
  autoreload: "files beside the notebook are read again when they are imported again",
  run: 'import "./file.ts" runs a file',
  writefile: 'require("node:fs").writeFileSync(path, text) writes a file',
  html: "display.html(text) shows it",
  HTML: "display.html(text) shows it",
  svg: "display.svg(text) shows it",
  SVG: "display.svg(text) shows it",
  latex: "display.latex(text) shows it",
  markdown: "display.markdown(text) shows it",
  javascript: "display.javascript(text) runs it in the page",
  js: "display.javascript(text) runs it in the page",
  python: "a cell is TypeScript; !python3 file.py runs a file",
  python3: "a cell is TypeScript; !python3 file.py runs a file",
  capture: "const made = await f() keeps a value; what is printed is shown",
  system: "!command runs a command",
  sx: "!command runs a command",
  script: "%%bash runs a script",
};

/** A sentence for a magic that is not there, with those that might have been meant. */
export function noMagic(name: string, magics: readonly Magic[], sign = "%"): string {
  const names = magics.map((magic) => magic.name);
  const near = nearest(name, names).map((one) => `%${one}`);
  const other = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
  if (other !== undefined) return `There is no magic ${sign}${name}: ${other}`;
  const hint = near.length === 0 ? "" : `did you mean ${near.join(" or ")}? `;
  return `There is no magic ${sign}${name}: ${hint}%lsmagic lists all`;
}

/** The names that begin alike, or are at most a third of their letters apart; the nearest first. */
function nearest(word: string, names: readonly string[]): string[] {
  const lower = word.toLowerCase();
  return names
    .map((name) => {
      const isStart = word.length > 1 && (name.startsWith(lower) || lower.startsWith(name));
      return { name, distance: isStart ? 0.5 : distance(lower, name) };
    })
    .filter(({ name, distance: apart }) => apart <= Math.max(1, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.distance - b.distance)
    .map(({ name }) => name)
    .slice(0, 3);
}
