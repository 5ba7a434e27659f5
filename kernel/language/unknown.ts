/** The way out of names and modules that are not there. */
import { nearest } from "../cell/near.ts";
import { wayOut } from "../cell/specifier.ts";
import { around } from "./around.ts";
import { mark, quoted, type Remedy } from "./remedy.ts";

/** What other languages, or other notebooks, call it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  None: "`null`",
  True: "`true`",
  False: "`false`",
  print: "`console.log(…)`",
  len: "`xs.length`",
  str: "`String(…)`",
  int: "`Math.trunc(…)`",
  float: "`Number(…)`",
  self: "`this`",
  elif: "`else if`",
  alert: "`display(…)`",
  confirm: "`input(…)`",
  window: "`globalThis`",
};

/** And its types. */
const TYPES_ELSEWHERE: Readonly<Record<string, string>> = {
  int: "`number`",
  float: "`number`",
  double: "`number`",
  str: "`string`",
  bool: "`boolean`",
  list: "`number[]`",
  dict: "`Record<string, number>`",
  Any: "`any`",
};

export const forNameElsewhere: Remedy = ({ unknown: name, start }, { source }) => {
  if (name === null) return null;
  const elsewhere = around(source, start).isType ? TYPES_ELSEWHERE : ELSEWHERE;
  return Object.hasOwn(elsewhere, name) ? `in TypeScript it is ${elsewhere[name]}` : null;
};

export const forUnknownName: Remedy = (mistake, situation) => {
  const { unknown: name, start, end } = mistake;
  const { source, names, imports } = situation;
  if (name === null) return null;
  const here = forNameElsewhere(mistake, situation);
  if (here !== null) return here;
  const offered = imports.find((one) => one.name === name);
  if (offered !== undefined) return `write ${mark(offered.statement)}`;
  const near = nearest(name, names);
  const meant = near.length > 0 ? `did you mean ${near.map(mark).join(" or ")}?` : null;
  if (around(source, start).inFunction) {
    const order = "run the cell that declares it first, or put both into one cell";
    return meant === null ? order : `${meant} Otherwise ${order}`;
  }
  const isAssigned = /^\s*=(?![=>])/.test(source.slice(end));
  const declare = `declare it: ${mark(`let ${name} = …`)}`;
  if (meant !== null) return isAssigned ? `${meant} Otherwise ${declare}` : meant;
  return isAssigned ? declare : "run the cell that declares it first, or import it";
};

export const forMissingModule: Remedy = (mistake, { text }) => {
  // As it was written: the compiler is given Node's way to say it.
  const [specifier = ""] = /^["'](.+)["']$/.exec(text)?.slice(1) ?? quoted(mistake);
  const elsewhere = wayOut(specifier);
  if (elsewhere !== null) return elsewhere;
  if (/^\.{0,2}\//.test(specifier))
    return "paths start in the notebook's folder; does the file exist there?";
  if (specifier.startsWith("node:")) return "Node has no such module";
  return `install it: %npm install ${packageOf(specifier)}`;
};

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
