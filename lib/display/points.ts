/** Points in the plane, coloured by class. */
import type { Layout, Trace } from "./figure.ts";
import type { Axes, Range } from "./look.ts";
import { CLASS_SYMBOLS, classColor, layoutOf, paddedRange, SOFT_INK, TEMPLATE } from "./look.ts";
import { ofPlotWidth, withLegendRoom } from "./legend.ts";
import { described, flat, planePoints, rounded } from "./numbers.ts";
import { Picture } from "./picture.ts";

export interface PointsOptions extends Axes {
  /** What the legend calls the classes, in order. */
  readonly names?: readonly string[];
  /** The diameter of a marker in pixels. */
  readonly size?: number;
}

/** Class numbers, and the names that the labels themselves carry. */
interface Classes {
  readonly numbers: readonly number[];
  readonly names: readonly string[] | undefined;
}

/** Labels as class numbers: a list of numbers, a list of names, or one-hot rows. */
export function classesOf(labels: unknown, count: number, what: string): Classes {
  const named = Array.isArray(labels) && labels.every((label) => typeof label === "string");
  const names = named && labels.length > 0 ? [...new Set(labels)] : undefined;
  const numbers =
    names === undefined
      ? classNumbers(labels, what)
      : (labels as string[]).map((l) => names.indexOf(l));
  if (numbers.length !== count) {
    throw new TypeError(`${what}: ${count} points want ${count} labels, got ${numbers.length}`);
  }
  const wrong = numbers.find((number) => !Number.isInteger(number) || number < 0);
  if (wrong !== undefined) {
    throw new TypeError(
      `${what}: a label is a class number 0, 1, 2, …, a name, or a one-hot row; got ${wrong}`,
    );
  }
  return { numbers, names };
}

function classNumbers(labels: unknown, what: string): number[] {
  const { shape, data } = flat(labels, `${what} labels`);
  if (shape.length === 1 || (shape.length === 2 && shape[1] === 1)) return data;
  if (shape.length !== 2) {
    throw new TypeError(`${what}: labels are a list or one-hot rows, got ${described(labels)}`);
  }
  const [count = 0, width = 1] = shape;
  return Array.from({ length: count }, (_, i) => argMax(data.slice(i * width, (i + 1) * width)));
}

/** The position of the largest value; the first of several. */
export function argMax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] ?? -Infinity) ? i : best), 0);
}

/** Width by height of a plot with equal units on both axes; undefined where that would be a thin strip. */
function equalAspect(x: Range, y: Range): number | undefined {
  const ratio = (x[1] - x[0]) / (y[1] - y[0]);
  return ratio > 1 / 2.5 && ratio < 2.5 ? ratio : undefined;
}

/** The layout of a picture of the plane: fixed ranges, equal units, room for a legend on the right. */
export function planeLayout(options: Axes, xs: readonly number[], ys: readonly number[]): Layout {
  const [x, y] = [options.x ?? paddedRange(xs), options.y ?? paddedRange(ys)];
  const aspect = equalAspect(x, y);
  const { height = 460, width } = options;
  const { t, b } = TEMPLATE.layout.margin;
  const plot = Math.round((height - t - b) * Math.min(aspect ?? 1.25, 1.6));
  const size = width === undefined ? { height } : { height, width };
  // Equal units where the data allows it: distances and right angles are then true.
  const equalUnits = aspect === undefined ? {} : { scaleanchor: "x", scaleratio: 1 };
  const labels = { xLabel: options.xLabel ?? "x₁", yLabel: options.yLabel ?? "x₂" };
  const layout = layoutOf({ ...options, ...size, ...labels, x, y });
  const xaxis = { ...(layout["xaxis"] as Layout), constrain: "domain", constraintoward: "left" };
  const yaxis = {
    ...(layout["yaxis"] as Layout),
    constrain: "domain",
    constraintoward: "top",
    ...equalUnits,
  };
  return { ...layout, ...(width === undefined ? ofPlotWidth(plot) : {}), xaxis, yaxis };
}

function classTrace(
  k: number,
  places: { x: number[]; y: number[] },
  options: PointsOptions,
): Trace {
  const marker = {
    color: classColor(k),
    symbol: CLASS_SYMBOLS[k % CLASS_SYMBOLS.length],
    size: options.size ?? 8,
    line: { color: "#ffffff", width: 1 },
  };
  return { type: "scatter", mode: "markers", ...places, marker };
}

function only(values: readonly number[], numbers: readonly number[], k: number): number[] {
  return rounded(values.filter((_, i) => numbers[i] === k));
}

/** Points in the plane, one colour a class. */
export function points(given: unknown, labels?: unknown, options: PointsOptions = {}): Picture {
  const { x, y } = planePoints(given, "plot.points");
  const layout = planeLayout(options, x, y);
  if (labels === undefined) {
    const trace = classTrace(0, { x: rounded(x), y: rounded(y) }, options);
    const marker = { ...(trace["marker"] as object), color: SOFT_INK };
    const data = [{ ...trace, marker, name: options.names?.[0] ?? "points" }];
    return new Picture({ data, layout: withLegendRoom(layout, data) });
  }
  const { numbers, names } = classesOf(labels, x.length, "plot.points");
  const called = options.names ?? names ?? [];
  const classes = [...new Set(numbers)].toSorted((a, b) => a - b);
  const data = classes.map((k) => {
    const own = { x: only(x, numbers, k), y: only(y, numbers, k) };
    const name = called[k] ?? `class ${k}`;
    return { ...classTrace(k, own, options), name, legendgroup: "points", showlegend: true };
  });
  return new Picture({ data, layout: withLegendRoom(layout, data) });
}
