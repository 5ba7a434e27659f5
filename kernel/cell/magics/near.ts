/** Names that are written nearly alike. */
import { distance } from "../near.ts";
import type { Magic } from "./magic.ts";

/** A sentence for a magic that is not there, with those that might have been meant. */
export function noMagic(name: string, magics: readonly Magic[], sign = "%"): string {
  const names = magics.map((magic) => magic.name);
  const near = nearest(name, names).map((one) => `%${one}`);
  const hint = near.length === 0 ? "" : `did you mean ${near.join(" or ")}? `;
  return `There is no magic ${sign}${name}: ${hint}%lsmagic lists all`;
}

/** The names that begin alike, or are at most a third of their letters apart; the nearest first. */
function nearest(word: string, names: readonly string[]): string[] {
  const lower = word.toLowerCase();
  return names
    .map((name) => {
      const isStart = word.length > 1 && (name.startsWith(lower) || lower.startsWith(name));
      return { name, distance: isStart ? 0.5 : distance(lower, name) };
    })
    .filter(({ name, distance: apart }) => apart <= Math.max(1, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.distance - b.distance)
    .map(({ name }) => name)
    .slice(0, 3);
}
