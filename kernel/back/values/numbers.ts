/** The numbers of one column, written so that they can be compared. */

export type NumberFormat = (value: number) => string;

const DIGITS = 6;
const MIN_DECIMALS = 4;
const MAX_DECIMALS = 6;

/** Six digits are enough to read; all numbers of the column get the same decimals. */
export function formatOf(values: readonly number[]): NumberFormat {
  const finite = values.filter((value) => Number.isFinite(value) && value !== 0);
  if (finite.every((value) => Number.isInteger(value))) return plain;
  const sizes = finite.map(Math.abs);
  if (sizes.some((size) => size >= 1e15 || size < 1e-5)) return rounded;
  const wholeDigits = String(Math.floor(Math.max(...sizes))).length;
  const decimals = Math.min(
    Math.max(...finite.map(decimalsOf)),
    Math.max(MIN_DECIMALS, DIGITS + 1 - wholeDigits),
    MAX_DECIMALS,
  );
  // A small number beside large ones would lose all its digits.
  const isLost = (value: number): boolean =>
    Math.abs(value) < 10 ** (1 - decimals) && decimalsOf(value) > decimals;
  if (finite.some(isLost)) return rounded;
  return (value) => (Number.isFinite(value) ? value.toFixed(decimals) : plain(value));
}

/** A number by itself, in six digits. */
export function rounded(value: number): string {
  return plain(Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS)));
}

function plain(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** How many decimals six digits leave. */
function decimalsOf(value: number): number {
  const [, decimals = ""] = String(Number(value.toPrecision(DIGITS))).split(".");
  return decimals.length;
}
