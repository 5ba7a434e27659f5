/** The magics as they are looked for: by name. */
import * as all from "./all.ts";
import type { Magic } from "./magic.ts";

export const magics: readonly Magic[] = Object.values<Magic>(all).toSorted((a, b) =>
  a.name < b.name ? -1 : 1,
);

const byName = new Map(magics.map((magic) => [magic.name, magic]));

export function findMagic(name: string): Magic | undefined {
  return byName.get(name);
}
