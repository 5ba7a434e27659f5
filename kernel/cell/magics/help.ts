/** What the magics say about themselves. */
import { type ActionMagic, type Magic, MagicError } from "./magic.ts";
import { noMagic } from "./near.ts";

export const lsmagic: ActionMagic = {
  name: "lsmagic",
  usage: ["%lsmagic"],
  doc: "Lists all magics.",
  forms: ["line"],
  takes: "text",
  run: (_, host) => host.print(host.magics.map(helpText).join("\n")),
};

export const help: ActionMagic = {
  name: "help",
  usage: ["%help", "%help name"],
  doc: "Lists all magics, or tells of one; ?name tells of a name of the notebook.",
  forms: ["line"],
  takes: "text",
  run({ text }, host) {
    if (text === "") return lsmagic.run({ text, body: null }, host);
    const wanted = text.replace(/^[%!]+/, "");
    const found = host.magics.find(({ name }) => name === wanted);
    if (found === undefined) throw new MagicError(noMagic(wanted, host.magics));
    host.print(helpText(found));
  },
};

/** Columns of text: a line that is longer JupyterLab breaks in the middle of a word. */
const COLUMNS = 88;
const INDENT = "    ";

/** `%who, %who part` on a line, and below it what it does. */
export function helpText({ usage, doc }: Magic): string {
  const lines = [INDENT];
  for (const word of doc.split(" ")) {
    const line = lines.at(-1) ?? INDENT;
    const isFirst = line === INDENT;
    if (isFirst || line.length + 1 + word.length <= COLUMNS) {
      lines[lines.length - 1] = isFirst ? line + word : `${line} ${word}`;
    } else lines.push(INDENT + word);
  }
  return `${usage.join("   ")}\n${lines.join("\n")}\n`;
}
