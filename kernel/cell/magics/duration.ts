/** Spans of time as their readers write them. */

const UNITS = [
  ["ns", 1e-6],
  ["µs", 1e-3],
  ["ms", 1],
  ["s", 1e3],
] as const;

/** `1.23 ms`: three digits in the largest unit that leaves a whole; `2 min 5 s` beyond a minute. */
export function durationText(milliseconds: number): string {
  if (milliseconds >= 60_000) {
    const seconds = Math.round(milliseconds / 1000);
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  const [unit, size] = UNITS.findLast(([, least]) => milliseconds >= least) ?? UNITS[0];
  const amount = milliseconds / size;
  return `${amount >= 100 ? Math.round(amount) : Number(amount.toPrecision(3))} ${unit}`;
}
