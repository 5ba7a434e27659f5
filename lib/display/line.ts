/** Lines: y over x, a function, or a straight line in the plane. */
import type { Axes, Colors, Range } from "./look.ts";
import { cssColor, INK, layoutOf } from "./look.ts";
import type { TensorLike } from "./numbers.ts";
import { described, isTensor, rounded, vector } from "./numbers.ts";
import { Picture } from "./picture.ts";
import type { Straight } from "./straight.ts";
import { coefficients, isStraight, straightEnds } from "./straight.ts";
import type { Trace } from "./figure.ts";

export interface LineOptions extends Axes {
  /** What the legend calls the line. */
  readonly name?: string;
  /** A class's number or any CSS colour; else the next colour of the palette. */
  readonly color?: string | number;
  readonly dash?: "solid" | "dash" | "dot";
  /** Colours of runs by name, as `plot.loss` and `plot.contour` take them. */
  readonly colors?: Colors;
  /** Dots at the points: on the line, or without one. */
  readonly markers?: boolean | "only";
}

/** What a line can be drawn from. */
export type LineSource =
  | Straight
  | { readonly x?: unknown; readonly y: unknown }
  | ((x: number) => number)
  | object;

const SAMPLES = 201;

/** Evenly spaced numbers, both ends included. */
export function spaced([low, high]: Range, count: number): number[] {
  return Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
}

function coordinates(source: LineSource, range: Range): { x: number[]; y: number[] } {
  if (typeof source === "function") {
    const x = spaced(range, SAMPLES);
    const f = source as (x: number) => unknown;
    return { x, y: x.map((at) => Number(f(at))) };
  }
  const pair = "y" in source;
  const y = vector(pair ? source.y : source, pair ? "plot.line y" : "plot.line");
  const given = "x" in source && pair ? source.x : undefined;
  const x = given === undefined ? y.map((_, i) => i) : vector(given, "plot.line x");
  if (x.length === y.length) return { x, y };
  throw new TypeError(`plot.line: x and y want the same length, got ${x.length} and ${y.length}`);
}

function stroke(options: LineOptions, color: string | number | undefined): Trace {
  const { name, dash } = options;
  const styled = {
    width: 2.25,
    // Plotly's thinning of a curve's points leaves corners that can be seen.
    simplify: false,
    ...(color === undefined ? {} : { color: cssColor(color) }),
    ...(dash === undefined ? {} : { dash }),
  };
  const { markers = false } = options;
  const mode = markers === "only" ? "markers" : markers ? "lines+markers" : "lines";
  const filled = color === undefined ? {} : { color: cssColor(color) };
  return {
    type: "scatter",
    mode,
    ...(markers === "only" ? { marker: { size: 8, ...filled } } : { line: styled }),
    name: name ?? "line",
    showlegend: name !== undefined,
  };
}

/** The colour that was asked for, for this line or for all runs of its name. */
function wantedColor({ name, color, colors }: LineOptions): string | number | undefined {
  if (color !== undefined || name === undefined || colors === undefined) return color;
  return Object.hasOwn(colors, name) ? colors[name] : undefined;
}

function straight(source: Straight, options: LineOptions): Picture {
  const weights = coefficients(source);
  const { x, y } = straightEnds(weights, options.x, options.y);
  const trace = stroke(options, wantedColor(options) ?? INK);
  const style = {
    ...trace,
    x: rounded(x),
    y: rounded(y),
    meta: { straight: weights },
    hoverinfo: "name",
  };
  return new Picture({ data: [style], layout: layoutOf(options) });
}

/** Whether a value is a list of numbers, whatever holds them. */
function isList(value: unknown): value is object {
  return Array.isArray(value) || ArrayBuffer.isView(value) || isTensor(value);
}

function drawn(source: LineSource, options: LineOptions): Picture {
  if (typeof source !== "function" && (typeof source !== "object" || source === null)) {
    const forms = "{ w, b }, { slope, intercept }, { x, y }, a list of numbers or a function";
    throw new TypeError(`plot.line: wanted ${forms}, got ${described(source)}`);
  }
  if (isStraight(source)) return straight(source, options);
  const { x, y } = coordinates(source, options.x ?? [-5, 5]);
  const trace = { ...stroke(options, wantedColor(options)), x: rounded(x), y: rounded(y) };
  return new Picture({ data: [trace], layout: layoutOf(options) });
}

/** A list of numbers: an array, a typed array or a tensor. */
type List = readonly number[] | ArrayBufferView | TensorLike;

export function line(x: List, y: List, options?: LineOptions): Picture;
export function line(source: LineSource, options?: LineOptions): Picture;
/** A line: `{ w, b }` or `{ slope, intercept }` in the plane, `{ x, y }`, a list of y, lists of x and y, or a function. */
export function line(
  source: LineSource,
  second: LineOptions | List = {},
  third: LineOptions = {},
): Picture {
  if (!isList(second)) return drawn(source, second);
  if (isList(source)) return drawn({ x: source, y: second }, third);
  throw new TypeError(
    `plot.line: got ${described(source)} and ${described(second)}; wanted a list of x before the list of y, or options { name: "fit" }`,
  );
}
