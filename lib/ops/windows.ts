/** Where windows lie along one axis of an image. */
import { ShapeError } from "../core/shape.ts";

/** [height, width], or one number for both. */
export type Pair = number | readonly [height: number, width: number];

/** None, as much as "same" windows need, one number for all sides, or [before, after] for height and width. */
export type Padding =
  | "valid"
  | "same"
  | number
  | readonly [height: readonly [number, number], width: readonly [number, number]];

/** What a window op says about its axes. */
export interface WindowAttrs {
  readonly size: Pair;
  readonly strides?: Pair;
  readonly dilation?: Pair;
  readonly padding?: Padding;
}

/** Windows along one axis: how many, how far apart, and what is added at the ends. */
export interface AlongAxis {
  readonly count: number | null;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

/** Both numbers of a pair; throws unless they are whole numbers from 1 up. */
export function pairOf(what: string, pair: Pair): readonly [number, number] {
  const both = typeof pair === "number" ? ([pair, pair] as const) : pair;
  if (
    Array.isArray(both) &&
    both.length === 2 &&
    both.every((x) => Number.isInteger(x) && x >= 1)
  ) {
    return both;
  }
  throw new ShapeError(
    `${what} is ${String(pair)}; wanted a whole number from 1 up, or two: [height, width]`,
  );
}

/** How windows lie along height (0) or width (1), given the image's size there. */
export function alongAxis(
  name: string,
  length: number | null,
  { size, strides = 1, dilation = 1, padding = "valid" }: WindowAttrs,
  axis: 0 | 1,
): AlongAxis {
  const stride = pairOf(`${name}: strides`, strides)[axis];
  const spread = pairOf(`${name}: dilation`, dilation)[axis];
  const span = (pairOf(`${name}: size`, size)[axis] - 1) * spread + 1;
  if (length === null) return { count: null, stride, dilation: spread, before: 0, after: 0 };
  const [before, after] = endsOf(name, padding, axis, { length, span, stride });
  const room = before + length + after - span;
  if (room < 0) {
    throw new ShapeError(
      `${name}: a window of ${span} along axis ${axis + 1} does not fit into ${before + length + after}; use a smaller one, or padding: "same"`,
    );
  }
  return { count: Math.floor(room / stride) + 1, stride, dilation: spread, before, after };
}

interface Lengths {
  readonly length: number;
  readonly span: number;
  readonly stride: number;
}

function endsOf(
  name: string,
  padding: Padding,
  axis: 0 | 1,
  { length, span, stride }: Lengths,
): readonly [number, number] {
  if (padding === "valid") return [0, 0];
  if (padding === "same") {
    const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + span - length);
    // An odd pixel goes to the end, as in TensorFlow.
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  const ends = typeof padding === "number" ? ([padding, padding] as const) : padding?.[axis];
  if (ends?.length === 2 && ends.every((x) => Number.isInteger(x) && x >= 0)) return ends;
  throw new ShapeError(
    `${name}: padding is ${JSON.stringify(padding)}; wanted "valid", "same", a number, or [[top, bottom], [left, right]]`,
  );
}
