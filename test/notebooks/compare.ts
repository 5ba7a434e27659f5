/** Whether the outputs of two runs of a notebook are the same, apart from what no run repeats. */

const NUMBER = /[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g;

/** Below this the tables of checkGradients show only how finite differences were rounded. */
const NOISE = 1e-6;
/** Sums in another order differ by some 1e-15; a hundred steps of descent may blow that up a thousandfold. */
const RELATIVE = 1e-9;
/** Figures hold six significant digits, and the last may be rounded either way. */
const SIXTH_DIGIT = 1.001e-5;

/** One unit in the last place that a number is printed with. */
function lastPlace(printed: string): number {
  const [mantissa = "", exponent = "0"] = printed.split("e");
  const decimals = mantissa.includes(".") ? mantissa.length - mantissa.indexOf(".") - 1 : 0;
  return 10 ** (Number(exponent) - decimals);
}

function isSameCoordinate(one: number, other: number): boolean {
  const largest = Math.max(Math.abs(one), Math.abs(other));
  return largest < NOISE || Math.abs(one - other) <= SIXTH_DIGIT * largest;
}

// A printed number may be rounded either way where it lies in the middle: whole numbers are exact all the same.
function isSamePrinted(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => Number(text.replace("−", "-"))) as [number, number];
  if (Number.isInteger(a) && Number.isInteger(b)) return a === b;
  const largest = Math.max(Math.abs(a), Math.abs(b));
  const unit = Math.min(lastPlace(one), lastPlace(other));
  return largest < NOISE || Math.abs(a - b) <= Math.max(1.001 * unit, RELATIVE * largest);
}

/** The text between the numbers; columns are as wide as their longest number, so blanks count as one. */
function withoutNumbers(text: string): string {
  return text.replace(NUMBER, "#").replace(/ {2,}/g, " ");
}

function isSameText(one: string, other: string): boolean {
  if (one === other) return true;
  if (withoutNumbers(one) !== withoutNumbers(other)) return false;
  const numbers = other.match(NUMBER) ?? [];
  return (one.match(NUMBER) ?? []).every((number, i) => isSamePrinted(number, numbers[i] ?? ""));
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function inShort(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

/**
 * Where two outputs differ: one line each, or none. Numbers may differ in the last place they are printed with, those
 * of a figure in their sixth digit; the bytes of a PNG depend on who draws it, so it only has to be there.
 */
export function differences(committed: unknown, fresh: unknown, path: string): string[] {
  if (isContainer(committed) && isContainer(fresh)) {
    if (Array.isArray(committed) !== Array.isArray(fresh)) return [`${path}: list or object`];
    const keys = new Set([...Object.keys(committed), ...Object.keys(fresh)]);
    return [...keys].flatMap((key) => {
      const at = `${path}.${key}`;
      const [old, now] = [committed[key], fresh[key]];
      const isPicture = key === "image/png" && [old, now].every((png) => String(png).length > 1000);
      return isPicture ? [] : differences(old, now, at);
    });
  }
  const isSame =
    typeof committed === "string" && typeof fresh === "string"
      ? isSameText(committed, fresh)
      : typeof committed === "number" && typeof fresh === "number"
        ? isSameCoordinate(committed, fresh)
        : Object.is(committed, fresh);
  return isSame ? [] : [`${path}: committed ${inShort(committed)}, now ${inShort(fresh)}`];
}
