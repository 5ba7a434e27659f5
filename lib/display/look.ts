/** How pictures look: one palette, one font, one set of axes, for Plotly figures and for our own SVG. */
import type { Layout } from "./figure.ts";

/** An interval of an axis. */
export type Range = readonly [number, number];

/** What every picture with axes can be told. */
export interface Axes {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** The part of the x axis that is shown. */
  readonly x?: Range;
  /** The part of the y axis that is shown. */
  readonly y?: Range;
  readonly width?: number;
  readonly height?: number;
}

// Paul Tol's "vibrant" scheme (made to be told apart with any colour vision), then three of his "muted" one.
const RED = "#cc3311";
const BLUE = "#0077bb";
const ORANGE = "#ee7733";
const TEAL = "#009988";
const MAGENTA = "#ee3377";
const CYAN = "#33bbee";
const OTHERS = ["#777777", "#332288", "#999933", "#882255"];

/** Colours of classes: class 0 is blue and class 1 red, in every picture, as the toy data sets say. */
export const CLASS_COLORS: readonly string[] = [BLUE, RED, TEAL, ORANGE, MAGENTA, CYAN, ...OTHERS];

/** Colours of curves, in order of appearance. */
export const CURVE_COLORS: readonly string[] = [BLUE, ORANGE, TEAL, RED, MAGENTA, CYAN, ...OTHERS];

/** Marker shapes of classes, so that a picture printed in grey still tells them apart. */
export const CLASS_SYMBOLS: readonly string[] = [
  "circle",
  "square",
  "diamond",
  "triangle-up",
  "pentagon",
];

export const INK = "#1f2933";
export const SOFT_INK = "#52606d";
export const FRAME = "#9aa5b1";
export const GRID = "#e9edf1";

/** Arial first: browsers have it or its metric twin, and static pictures use Arimo, which is one. */
export const FONT = "Arial, Arimo, 'Liberation Sans', sans-serif";

export const SIZE = { width: 640, height: 400 } as const;

/** The colour of class `k`; more classes than colours start again. */
export function classColor(k: number): string {
  return CLASS_COLORS[k % CLASS_COLORS.length] ?? INK;
}

/** Colours of named runs; those that are not listed have the colour of their place in the order. */
export type Colors = Readonly<Record<string, string | number>>;

/** The colour of the `k`-th run, the same in every picture that shows these runs. */
export function runColor(name: string | undefined, k: number, colors: Colors = {}): string {
  const named = name !== undefined && Object.hasOwn(colors, name) ? colors[name] : undefined;
  return named === undefined ? CURVE_COLORS[k % CURVE_COLORS.length] : cssColor(named);
}

/** A colour option: a class's number or any CSS colour. */
export function cssColor(color: string | number): string {
  return typeof color === "number" ? classColor(color) : color;
}

/** A hexadecimal colour mixed with white; 0 is white. */
export function tint(color: string, strength: number): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const mixed = channels.map((channel) => Math.round(255 - (255 - channel) * strength));
  return `rgb(${mixed.join(",")})`;
}

const axis = {
  showline: true,
  mirror: true,
  linecolor: FRAME,
  linewidth: 1,
  gridcolor: GRID,
  gridwidth: 1,
  zeroline: false,
  ticks: "outside",
  ticklen: 5,
  tickcolor: FRAME,
  automargin: true,
  title: { font: { size: 14, color: INK }, standoff: 12 },
} as const;

/** Our look as a Plotly template: whatever a figure says itself wins. */
export const TEMPLATE = {
  layout: {
    font: { family: FONT, size: 13, color: SOFT_INK },
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    colorway: CURVE_COLORS,
    title: {
      font: { size: 16, color: INK, weight: "bold" },
      x: 0,
      xref: "paper",
      xanchor: "left",
      y: 1,
      yref: "container",
      yanchor: "top",
      pad: { t: 18 },
    },
    margin: { l: 64, r: 24, t: 52, b: 56 },
    legend: { bgcolor: "rgba(255,255,255,0)", font: { size: 13, color: INK }, tracegroupgap: 4 },
    hoverlabel: { font: { family: FONT } },
    xaxis: axis,
    yaxis: axis,
  },
} as const;

function axisLayout(label: string | undefined, range: Range | undefined): Layout {
  return {
    ...(label === undefined ? {} : { title: { text: label } }),
    ...(range === undefined ? {} : { range: [...range], autorange: false }),
  };
}

/** The layout that a picture's options ask for. */
export function layoutOf(options: Axes): Layout {
  return {
    width: options.width ?? SIZE.width,
    height: options.height ?? SIZE.height,
    ...(options.title === undefined ? {} : { title: { text: options.title } }),
    xaxis: axisLayout(options.xLabel, options.x),
    yaxis: axisLayout(options.yLabel, options.y),
  };
}

/** The interval of some values with a little air on both sides. */
export function paddedRange(values: readonly number[], air = 0.08): Range {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [-1, 1];
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  const pad = high > low ? (high - low) * air : 1;
  return [Number((low - pad).toPrecision(4)), Number((high + pad).toPrecision(4))];
}
