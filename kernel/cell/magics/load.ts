import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type ActionMagic, MagicError } from "./magic.ts";

export const load: ActionMagic = {
  name: "load",
  usage: ["%load file"],
  doc: "Puts the text of a file, looked for from the notebook's folder, into the cell in place of its own; run it then.",
  forms: ["line"],
  takes: "text",
  run({ text }, host) {
    if (text === "") throw new MagicError("%load wants a file, as in %load helper.ts");
    const path = resolve(host.folder, text.replace(/^(["'])(.*)\1$/, "$2"));
    try {
      host.replaceCell(readFileSync(path, "utf8"));
    } catch (error) {
      const { code } = error as { code?: unknown };
      const why = code === "ENOENT" ? "there is no such file" : String(code ?? error);
      throw new MagicError(`%load ${text}: ${why} (looked for ${path})`);
    }
  },
};
