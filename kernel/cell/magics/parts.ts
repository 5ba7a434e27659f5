/** What has to be done of a cell before the rest of it can be looked at. */
import type { MagicReading } from "./recognise.ts";

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
