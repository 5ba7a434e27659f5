/** Numbers as NumPy prints them: eight digits, columns aligned, long arrays shortened. */
import type { Dtype } from "./dtype.ts";
import { sizeOf, stridesOf, type Shape } from "./shape.ts";

/** What is printed; a `Tensor`, seen without its methods. */
export interface Printable {
  readonly data: ArrayLike<number>;
  readonly shape: Shape;
  readonly dtype: Dtype;
}

const precision = 8;
const lineWidth = 75;
const edge = 3;
const threshold = 1000;

/** A tensor as text. */
export function formatTensor(x: Printable): string {
  if (x.shape.length === 0) return formatScalar(x.data[0], x.dtype);
  if (sizeOf(x.shape) === 0)
    return `[]${x.shape.length > 1 ? ` (shape ${x.shape.join("×")})` : ""}`;
  const short = sizeOf(x.shape) > threshold;
  const kept = keptOffsets(x.shape, short);
  const words = formatAll(
    kept.map((offset) => x.data[offset]),
    x.dtype,
  );
  const byOffset = new Map(kept.map((offset, i) => [offset, words[i]]));
  return bracket(x.shape, stridesOf(x.shape), {
    axis: 0,
    offset: 0,
    short,
    word: (o) => byOffset.get(o)!,
  });
}

function formatScalar(value: number, dtype: Dtype): string {
  if (dtype === "bool") return value === 0 ? "false" : "true";
  return String(dtype === "float32" ? shortest(value) : value);
}

function keptIndices(length: number, short: boolean): number[] {
  const all = Array.from({ length }, (_, i) => i);
  return short && length > 2 * edge ? [...all.slice(0, edge), ...all.slice(-edge)] : all;
}

function keptOffsets(shape: Shape, short: boolean): number[] {
  const strides = stridesOf(shape);
  let offsets = [0];
  for (const [axis, length] of shape.entries()) {
    const indices = keptIndices(length, short);
    offsets = offsets.flatMap((offset) => indices.map((i) => offset + i * strides[axis]));
  }
  return offsets;
}

interface Cursor {
  readonly axis: number;
  readonly offset: number;
  readonly short: boolean;
  readonly word: (offset: number) => string;
}

// The depth of this recursion is the rank.
function bracket(shape: Shape, strides: readonly number[], cursor: Cursor): string {
  const { axis, offset, short } = cursor;
  const indices = keptIndices(shape[axis], short);
  const gap = indices.length < shape[axis];
  if (axis === shape.length - 1) {
    const words = indices.map((i) => cursor.word(offset + i));
    if (gap) words.splice(edge, 0, "...");
    return `[${wrap(words, axis + 1, lineWidth - shape.length)}]`;
  }
  const rows = indices.map((i) =>
    bracket(shape, strides, { ...cursor, axis: axis + 1, offset: offset + i * strides[axis] }),
  );
  if (gap) rows.splice(edge, 0, "...");
  const breaks = "\n".repeat(shape.length - axis - 1);
  return `[${rows.join(breaks + " ".repeat(axis + 1))}]`;
}

function wrap(words: readonly string[], indent: number, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && indent + line.length + word.length + 1 > width + indent) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}

/** Numbers as words of one width. */
export function formatAll(values: readonly number[], dtype: Dtype): string[] {
  if (dtype === "bool") return align(values.map((x) => (x === 0 ? "false" : "true")));
  if (dtype === "int32") return align(values.map(String));
  const short = dtype === "float32" ? values.map(shortest) : values;
  const finite = short.filter(Number.isFinite);
  // As NumPy 2.3 has it: beyond the whole digits of a float32, 1,000,000 tells more than there is.
  const large = dtype === "float32" ? 1e6 : 1e8;
  return align(isExponential(finite, large) ? exponential(short, finite) : positional(short));
}

/** The number with the fewest digits that rounds to the same float32. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number.isFinite(value) ? Number(value.toPrecision(9)) : value;
}

function isExponential(finite: readonly number[], large: number): boolean {
  const sizes = finite.map(Math.abs).filter((x) => x !== 0);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const smallest = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  return sizes.length > 0 && (largest >= large || smallest < 1e-4 || largest / smallest > 1000);
}

function positional(values: readonly number[]): string[] {
  const words = values.map((x) =>
    Number.isFinite(x) ? signOfZero(x) + x.toFixed(precision).replace(/0+$/, "") : special(x),
  );
  const fraction = Math.max(
    0,
    ...words.map((w) => (w.includes(".") ? w.length - w.indexOf(".") : 0)),
  );
  return words.map((word) =>
    word.includes(".") ? word + " ".repeat(fraction - (word.length - word.indexOf("."))) : word,
  );
}

/** `toFixed` and `toExponential` drop the sign of −0, NumPy prints it. */
function signOfZero(x: number): string {
  return Object.is(x, -0) ? "-" : "";
}

function exponential(values: readonly number[], finite: readonly number[]): string[] {
  const digits = (x: number): number =>
    x
      .toExponential(precision)
      .split("e")[0]
      .replace(/\.?0+$/, "")
      .split(".")[1]?.length ?? 0;
  const fraction = Math.max(0, ...finite.map(digits));
  const parts = (x: number): [string, string] =>
    x.toExponential(fraction).split("e") as [string, string];
  // Two digits, or three for all where one has three.
  const width = Math.max(2, ...finite.map((x) => parts(x)[1].length - 1));
  return values.map((x) => {
    if (!Number.isFinite(x)) return special(x);
    const [mantissa, exponent] = parts(x);
    const point = fraction === 0 ? "." : "";
    return `${signOfZero(x)}${mantissa}${point}e${exponent[0]}${exponent.slice(1).padStart(width, "0")}`;
  });
}

function special(x: number): string {
  if (Number.isNaN(x)) return "nan";
  return x > 0 ? "inf" : "-inf";
}

function align(words: readonly string[]): string[] {
  const width = words.reduce((most, word) => Math.max(most, word.length), 0);
  return words.map((word) => word.padStart(width));
}
