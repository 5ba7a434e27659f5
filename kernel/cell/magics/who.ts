import type { ActionMagic } from "./magic.ts";

export const who: ActionMagic = {
  name: "who",
  usage: ["%who", "%who part"],
  doc: "Lists the names that the notebook has declared, with types, short values and sizes; with a word, those that contain it.",
  forms: ["line"],
  takes: "text",
  run({ text }, host) {
    const names = host.names().filter(({ name }) => name.includes(text));
    if (names.length > 0) host.table(names.map((summary) => ({ ...summary })));
    else if (text === "") host.print("No names yet: run a cell that declares one.\n");
    else host.print(`No name contains "${text}".\n`);
  },
};
