/** What has to be done, or heard, of a cell before the rest of it can be looked at. */
import type { MagicReading } from "./recognise.ts";
import { types, TYPES_MODES, type TypesMode } from "./types.ts";

/**
 * A cell whose first lines are magics is two: what they install, load or forget is there, or gone, when the rest is
 * checked and compiled. Each part has the lines of the other blank before it.
 */
export function partsOf(source: string, { magics }: MagicReading): readonly string[] {
  const last = magics.findLast(({ isLeading, magic }) => isLeading && magic.takes === "text");
  if (last === undefined || source.slice(last.end).trim() === "") return [source];
  const head = source.slice(0, last.end);
  return [head, head.replaceAll(/[^\n]/g, "") + source.slice(last.end)];
}

/** What the last `%types` of a cell asks for; null if there is none that can be done. */
export function askedTypes({ magics }: MagicReading): TypesMode | null {
  const last = magics.findLast(({ magic, text }) => magic === types && text !== "");
  return TYPES_MODES.find((one) => one === last?.text) ?? null;
}
