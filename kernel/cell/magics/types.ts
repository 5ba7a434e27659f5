import { type ActionMagic, type MagicCall, MagicError } from "./magic.ts";

export const TYPES_MODES = ["on", "warn", "off"] as const;

/** `on` lets no cell with a type error run, `warn` says what is wrong and runs it, `off` does not look. */
export type TypesMode = (typeof TYPES_MODES)[number];

/** What a `%types` asks for; throws a MagicError for anything else. */
export function typesMode({ text }: Pick<MagicCall, "text">): TypesMode {
  const mode = TYPES_MODES.find((one) => one === text);
  if (mode !== undefined) return mode;
  throw new MagicError(`%types takes on, warn or off, got "${text}"`);
}

export const types: ActionMagic = {
  name: "types",
  usage: ["%types on", "%types warn", "%types off"],
  doc: "Whether a type error keeps a cell from running (on), is only shown (warn), or is not looked for (off), from this cell on.",
  forms: ["line"],
  takes: "text",
  // The front has heard it before the cell was checked; here it is only found wrong where it is.
  run(call) {
    typesMode(call);
  },
};
