/** Names that are written nearly alike. */
import type { Magic } from "./magic.ts";

/** A sentence for a magic that is not there, with those that might have been meant. */
export function noMagic(name: string, magics: readonly Magic[], sign = "%"): string {
  const names = magics.map((magic) => magic.name);
  const near = nearest(name, names).map((one) => `%${one}`);
  const hint = near.length === 0 ? "" : `did you mean ${near.join(" or ")}? `;
  return `There is no magic ${sign}${name}: ${hint}%lsmagic lists all`;
}

/** The names that begin alike, or are at most a third of their letters apart; the nearest first. */
export function nearest(word: string, names: readonly string[]): string[] {
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

/** Damerau and Levenshtein's: insertions, deletions, substitutions, and neighbours that changed places. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1] ?? [];
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (above[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (above[j - 1] ?? 0) + same,
        swapped ? (rows[i - 2]?.[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
