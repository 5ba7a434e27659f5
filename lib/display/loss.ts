/** Training curves: one value a step, for one run or several. */
import type { Curve, LiveOptions } from "./curve.ts";
import { liveCurve } from "./curve.ts";
import type { Axes, Colors } from "./look.ts";
import { layoutOf, runColor } from "./look.ts";
import { described, isTensor, rounded, vector } from "./numbers.ts";
import { Picture } from "./picture.ts";
import type { SvgPicture } from "./svg.ts";

export interface LossOptions extends Axes {
  /** The value axis: evenly spaced, or by powers of ten. */
  readonly scale?: "linear" | "log";
  /** How many steps lie between two values. */
  readonly every?: number;
  /** The step of the first value. */
  readonly start?: number;
  /** What the legend calls a single curve. */
  readonly name?: string;
  /** Colours of runs by name; else those of the palette in order. */
  readonly colors?: Colors;
}

/** One history, or several by name. */
export type History = ArrayLike<unknown> | Readonly<Record<string, unknown>> | object;

function isNamed(history: unknown): history is Readonly<Record<string, unknown>> {
  if (typeof history !== "object" || history === null || isTensor(history)) return false;
  return !Array.isArray(history) && !ArrayBuffer.isView(history);
}

/** The values of one history; scalar tensors count as numbers, and NaN is one: a gap. */
function valuesOf(history: unknown, what: string): number[] {
  if (!Array.isArray(history)) return vector(history, what);
  return history.map((value: unknown, i) => {
    const number: unknown = typeof value === "object" ? value?.valueOf() : value;
    if (typeof number === "number") return number;
    throw new TypeError(
      `${what}: wanted a number for each step, got ${described(value)} at step ${i}`,
    );
  });
}

/** A history as curves with names. */
export function curvesOf(history: unknown, options: LossOptions): Curve[] {
  if (!isNamed(history)) {
    if (typeof history !== "object" || history === null) {
      throw new TypeError(
        `plot.loss: wanted a list of numbers or several by name, got ${described(history)}`,
      );
    }
    return [{ name: options.name, y: valuesOf(history, "plot.loss") }];
  }
  return Object.entries(history).map(([name, values]) => ({
    name,
    y: valuesOf(values, `plot.loss ${name}`),
  }));
}

function still(history: unknown, options: LossOptions): Picture {
  const { every = 1, start = 0, scale = "linear" } = options;
  const curves = curvesOf(history, options);
  const data = curves.map(({ name, y }, k) => ({
    type: "scatter",
    mode: y.length === 1 ? "markers" : "lines",
    x: y.map((_, i) => start + i * every),
    y: rounded(y),
    name: name ?? options.yLabel ?? "loss",
    showlegend: name !== undefined,
    line: { width: 2.25, color: runColor(name, k, options.colors) },
  }));
  const layout = layoutOf({ xLabel: "step", yLabel: "loss", ...options });
  const longest = Math.max(0, ...curves.map(({ y }) => y.length - 1));
  const [low, high] = options.x ?? [0, longest * every];
  // Plotly would put ticks at half steps; more steps than these have whole ones anyway.
  const isShort = high - low < 6 && [start, every].every(Number.isInteger);
  const xaxis = { ...(layout["xaxis"] as object), ...(isShort ? { dtick: 1 } : {}) };
  const yaxis = {
    ...(layout["yaxis"] as object),
    type: scale,
    ...(scale === "log" ? { dtick: 1 } : {}),
  };
  return new Picture({ data, layout: { ...layout, xaxis, yaxis } });
}

export function loss(history: History, options: LossOptions & { readonly live: true }): SvgPicture;
export function loss(history: History, options?: LossOptions): Picture;
/** A loss curve; with `live: true` a light one, made to be replaced many times while training runs. */
export function loss(
  history: History,
  options: LiveOptions & LossOptions = {},
): Picture | SvgPicture {
  const { scale = "linear" } = options;
  if (!["linear", "log"].includes(scale)) {
    throw new TypeError(`plot.loss: scale is ${described(scale)}; wanted "linear" or "log"`);
  }
  return options.live === true
    ? liveCurve(curvesOf(history, options), options)
    : still(history, options);
}
