import { type ActionMagic, MagicError } from "./magic.ts";

export const TYPES_MODES = ["on", "warn", "off"] as const;

/** `on` lets no cell with a type error run, `warn` says what is wrong and runs it, `off` does not look. */
export type TypesMode = (typeof TYPES_MODES)[number];

export const types: ActionMagic = {
  name: "types",
  usage: ["%types on", "%types warn", "%types off", "%types"],
  doc: "Whether a type error keeps a cell from running (on), is only shown (warn), or is not looked for (off), from this cell on; alone, it says which.",
  forms: ["line"],
  takes: "text",
  // The front has heard it before the cell was checked.
  run({ text }, host) {
    if (text === "") {
      return host.print(
        `%types is ${host.types()}: it takes on (no cell with a type error runs), warn (the error is shown, and the cell runs) and off (nobody looks).\n`,
      );
    }
    if (TYPES_MODES.some((mode) => mode === text)) return;
    throw new MagicError(`%types takes on, warn or off, got "${text}"`);
  },
};
