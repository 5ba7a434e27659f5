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

/** `%who, %who part` on a line, and below it what it does. */
export function helpText({ usage, doc }: Magic): string {
  return `${usage.join("   ")}\n    ${doc}\n`;
}
