import { type ActionMagic, MagicError } from "./magic.ts";

export const reset: ActionMagic = {
  name: "reset",
  usage: ["%reset"],
  doc: "Forgets every name that the notebook has declared; those that it started with are as they were.",
  forms: ["line"],
  takes: "text",
  run({ text }, host) {
    // IPython asks unless told `-f`; here nothing is asked.
    if (text !== "" && text !== "-f") {
      throw new MagicError(
        `%reset takes nothing, got "${text}": it forgets all names of the notebook`,
      );
    }
    const count = host.forget();
    host.print(`Forgot ${count} ${count === 1 ? "name" : "names"}.\n`);
  },
};
