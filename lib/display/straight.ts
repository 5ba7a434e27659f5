/** Straight lines in the plane, cut to the rectangle that is shown. */
import type { Trace } from "./figure.ts";
import { described, vector } from "./numbers.ts";
import type { Range } from "./look.ts";

/** A line as the points where w·x + b = 0, or by its slope and intercept. */
export type Straight =
  | { readonly w: unknown; readonly b?: unknown }
  | { readonly slope: number; readonly intercept?: number };

/** w₀·x + w₁·y + b = 0. */
export type Coefficients = readonly [w0: number, w1: number, b: number];

// Shown where no other figure says what is shown.
const DEFAULT_RANGE: Range = [-5, 5];

export function isStraight(value: unknown): value is Straight {
  return typeof value === "object" && value !== null && ("w" in value || "slope" in value);
}

/** The coefficients of a line given in either form. */
export function coefficients(line: Straight): Coefficients {
  const what = "plot.line";
  if ("slope" in line) {
    const [slope = Number.NaN] = vector(line.slope, `${what} slope`);
    const [intercept = Number.NaN] = vector(line.intercept ?? 0, `${what} intercept`);
    return checked([slope, -1, intercept]);
  }
  const w = vector(line.w, `${what} w`);
  const [b = Number.NaN] = vector(line.b ?? 0, `${what} b`);
  const [w0, w1] = w;
  if (w0 === undefined || w1 === undefined || w.length !== 2) {
    throw new TypeError(`${what}: w·x + b = 0 wants two weights in w, got ${described(line.w)}`);
  }
  return checked([w0, w1, b]);
}

function checked(line: Coefficients): Coefficients {
  const [w0, w1] = line;
  if (line.every(Number.isFinite) && (w0 !== 0 || w1 !== 0)) return line;
  throw new TypeError(`plot.line: no line has the coefficients w = [${w0}, ${w1}], b = ${line[2]}`);
}

/** The part of a line inside a rectangle, or nothing where it passes by. */
export function cut(
  [w0, w1, b]: Coefficients,
  [left, right]: Range,
  [low, high]: Range,
): number[][] {
  // A point of the line and its direction; then the parameters at which it enters and leaves (Liang–Barsky).
  const norm = w0 * w0 + w1 * w1;
  const middle = [(left + right) / 2, (low + high) / 2] as const;
  const away = (w0 * middle[0] + w1 * middle[1] + b) / norm;
  const start = [middle[0] - w0 * away, middle[1] - w1 * away] as const;
  const direction = [-w1, w0] as const;
  let [enter, leave] = [-Infinity, Infinity];
  for (const [at, step, min, max] of [
    [start[0], direction[0], left, right],
    [start[1], direction[1], low, high],
  ] as const) {
    if (step === 0 && (at < min || at > max)) return [];
    if (step === 0) continue;
    const ends = [(min - at) / step, (max - at) / step].toSorted((p, q) => p - q) as [
      number,
      number,
    ];
    enter = Math.max(enter, ends[0]);
    leave = Math.min(leave, ends[1]);
  }
  if (!(enter < leave)) return [];
  return [enter, leave].map((t) => [start[0] + t * direction[0], start[1] + t * direction[1]]);
}

function wider([low, high]: Range): Range {
  return [low - (high - low), high + (high - low)];
}

function coefficientsOf(trace: Trace): Coefficients | undefined {
  const { meta } = trace;
  if (typeof meta !== "object" || meta === null || !("straight" in meta)) return undefined;
  return meta.straight as Coefficients;
}

/** The coordinates of a straight line's trace, for a figure that shows the given rectangle. */
export function straightEnds(
  line: Coefficients,
  x?: Range,
  y?: Range,
): { x: number[]; y: number[] } {
  // Beyond the rectangle where the axes hide the rest: zooming out then does not show the line's ends.
  const points =
    x === undefined || y === undefined
      ? cut(line, x ?? DEFAULT_RANGE, y ?? DEFAULT_RANGE)
      : cut(line, wider(x), wider(y));
  return { x: points.map(([px]) => px), y: points.map(([, py]) => py) };
}

/** The same traces, with straight lines long enough for the shown rectangle. */
export function stretched(traces: readonly Trace[], x?: Range, y?: Range): Trace[] {
  return traces.map((trace) => {
    const line = coefficientsOf(trace);
    return line === undefined ? trace : { ...trace, ...straightEnds(line, x, y) };
  });
}
