/** A long typed array as lines of ten, with what its numbers are like. */
import { types } from "node:util";
import { lengthOfTyped } from "./containers.ts";
import { formatOf, rounded } from "./numbers.ts";
import { classNameOf } from "./reflect.ts";
import { withGap } from "./rows.ts";
import { type Cell, count, type Table } from "./table.ts";

const WIDTH = 10;
/** Fewer are read as easily in a line of text. */
const FEW = 20;
/** Going through more would be felt. */
const MAX_MEASURED = 4_000_000;

/** The table of a typed array; null for a short one, and for a Buffer, whose bytes read better in hex. */
export function typedTableOf(value: unknown): Table | null {
  if (!types.isTypedArray(value) || Buffer.isBuffer(value)) return null;
  const length = lengthOfTyped(value);
  if (length <= FEW) return null;
  const lines = Math.ceil(length / WIDTH);
  const shown = withGap(lines, { all: 12, first: 6, last: 3, readable: lines });
  const numbers = shown.flatMap((line) =>
    line === null ? [] : [...value.subarray(line * WIDTH, (line + 1) * WIDTH)],
  );
  const format = formatOf(numbers.filter((item) => typeof item === "number"));
  const cellOf = (item: number | bigint | undefined): Cell => {
    if (item === undefined || Number.isNaN(item)) {
      return { text: item === undefined ? "" : "NaN", kind: "nothing" };
    }
    return { text: typeof item === "number" ? format(item) : String(item), kind: "number" };
  };
  return {
    columns: Array.from({ length: WIDTH }, (_, i) => ({
      name: String(i),
      type: "",
      isNumeric: true,
    })),
    rows: shown.map((line) => {
      if (line === null) return null;
      const from = line * WIDTH;
      const cells = Array.from({ length: WIDTH }, (_, i) => cellOf(value[from + i]));
      return { label: String(from), cells };
    }),
    hasIndex: true,
    caption: [classNameOf(value) ?? "", count(length, "item"), ...measures(value, length)].join(
      " · ",
    ),
  };
}

/** `min 0`, `max 1`, `mean 0.5`, `2 NaN` */
function measures(value: NodeJS.TypedArray, length: number): string[] {
  if (length > MAX_MEASURED || typeof value[0] === "bigint") return [];
  const numbers = value as Float64Array;
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let nan = 0;
  for (let i = 0; i < length; i++) {
    const item = numbers[i] ?? 0;
    if (Number.isNaN(item)) nan++;
    else {
      if (item < min) min = item;
      if (item > max) max = item;
      sum += item;
    }
  }
  if (nan === length) return ["all NaN"];
  const found = [
    `min ${rounded(min)}`,
    `max ${rounded(max)}`,
    `mean ${rounded(sum / (length - nan))}`,
  ];
  return nan === 0 ? found : [...found, `${nan.toLocaleString("en")} NaN`];
}
