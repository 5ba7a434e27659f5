/** Names that may have been meant. */

/** How many letters must be added, removed, changed or swapped; Damerau–Levenshtein, adjacent swaps only. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let least = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + Number(!isSame),
      );
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The candidates that are a slip away from a name, the nearest first; letters of another case count half. */
export function nearest(name: string, candidates: Iterable<string>, most = 3): string[] {
  const limit = Math.floor(name.length * 0.4);
  const lower = name.toLowerCase();
  const found: { readonly candidate: string; readonly far: number }[] = [];
  for (const candidate of new Set(candidates)) {
    if (candidate === name || Math.abs(candidate.length - name.length) > limit) continue;
    const far = distance(lower, candidate.toLowerCase()) + distance(name, candidate) / 100;
    if (far < limit + 0.5) found.push({ candidate, far });
  }
  found.sort((a, b) => a.far - b.far);
  const [best] = found;
  // What is further off than the best was hardly meant.
  return found
    .filter(({ far }) => far < (best?.far ?? 0) + 0.5)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}
