/** What a classifier says about the plane: the regions of its classes and the boundary between them. */
import type { Node } from "../graph/node.ts";
import type { Placeholder } from "../ops/state.ts";
import type { Feeds } from "../session/feeds.ts";
import type { Session } from "../session/session.ts";
import type { Trace } from "./figure.ts";
import type { Range } from "./look.ts";
import { classColor, INK, paddedRange, tint } from "./look.ts";
import { withLegendRoom } from "./legend.ts";
import { spaced } from "./line.ts";
import { described, flat, planePoints, rounded } from "./numbers.ts";
import { Picture } from "./picture.ts";
import type { PointsOptions } from "./points.ts";
import { planeLayout, points } from "./points.ts";

/** A node of a graph with the session that can run it and the placeholder that takes the points. */
export interface NodePrediction {
  readonly session: Session;
  readonly node: Node;
  readonly input: Placeholder;
  /** Values for other placeholders that the node needs. */
  readonly feeds?: Feeds;
}

/** A function from a batch of points to a probability, a class number or a row of scores for each. */
export type Predict = ((points: number[][]) => unknown) | NodePrediction;

export interface BoundaryOptions extends PointsOptions {
  /** Points to draw over the regions; the shown rectangle follows from them. */
  readonly points?: unknown;
  /** The classes of the points. */
  readonly labels?: unknown;
  /** How many grid points a side has. */
  readonly resolution?: number;
}

/** One number a class and grid point: where it is positive, the class wins. */
export interface Regions {
  /** For two classes, the probability of class 1. */
  readonly probability?: readonly number[];
  /** For more, each class's lead over the best other one. */
  readonly leads?: readonly (readonly number[])[];
}

function batchOf(predict: Predict): (batch: number[][]) => unknown {
  if (typeof predict === "function") return predict;
  const parts = ["session", "node", "input"] as const;
  const complete =
    typeof predict === "object" && predict !== null && parts.every((part) => part in predict);
  if (!complete) {
    const wanted = "a function of a batch of points or { session, node, input }";
    throw new TypeError(`plot.decisionBoundary: wanted ${wanted}, got ${described(predict)}`);
  }
  const { session, node, input, feeds = [] } = predict;
  return (batch) => session.run(node, [[input, batch], ...feeds]);
}

/** What was predicted, as probabilities or leads. */
export function regionsOf(predicted: unknown, count: number): Regions {
  const what = "plot.decisionBoundary";
  if (predicted instanceof Promise) {
    throw new TypeError(
      `${what}: wanted predictions at once, got a promise; predict cannot be async`,
    );
  }
  const { shape, data } = flat(predicted, `${what} predictions`);
  if (shape[0] !== count || shape.length > 2) {
    const got = `the shape [${shape.join(", ")}]`;
    throw new TypeError(
      `${what}: ${count} points want ${count} predictions, [n] or [n, classes], got ${got}`,
    );
  }
  const width = shape[1] ?? 1;
  if (width > 1) return fromScores(data, width);
  const classes = data.every(Number.isInteger) ? data.reduce((a, b) => Math.max(a, b), 0) + 1 : 0;
  if (classes > 2) return fromScores(oneHot(data, classes), classes);
  // A raw score, as w·x + b is one, decides at 0; a probability at ½.
  if (data.some((value) => value < 0 || value > 1)) return { probability: data.map(sigmoid) };
  return { probability: data };
}

function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

function oneHot(numbers: readonly number[], classes: number): number[] {
  return numbers.flatMap((number) =>
    Array.from({ length: classes }, (_, k) => (k === number ? 1 : 0)),
  );
}

function leadOf(row: readonly number[], k: number): number {
  return (row[k] ?? 0) - Math.max(...row.filter((_, other) => other !== k));
}

function fromScores(data: readonly number[], width: number): Regions {
  const scores = Array.from({ length: data.length / width }, (_, i) =>
    data.slice(i * width, (i + 1) * width),
  );
  if (width === 2) {
    const distribution = scores.every(
      ([p = 0, q = 0]) => p >= 0 && q >= 0 && Math.abs(p + q - 1) < 1e-3,
    );
    return { probability: scores.map(([p = 0, q = 0]) => (distribution ? q : sigmoid(q - p))) };
  }
  return { leads: Array.from({ length: width }, (_, k) => scores.map((row) => leadOf(row, k))) };
}

function grid(values: readonly number[], width: number): number[][] {
  const short = values.map((value) => Number(value.toFixed(4)));
  return Array.from({ length: short.length / width }, (_, i) =>
    short.slice(i * width, (i + 1) * width),
  );
}

const UNLISTED = { showlegend: false, showscale: false, hoverinfo: "skip" } as const;

function probabilityTraces(
  axes: { x: number[]; y: number[] },
  probability: readonly number[],
): Trace[] {
  const z = grid(probability, axes.x.length);
  const [low, high] = [classColor(0), classColor(1)];
  const colorscale = [
    [0, tint(low, 0.45)],
    [0.5, "#ffffff"],
    [1, tint(high, 0.45)],
  ];
  const levels = { start: 0.05, end: 0.95, size: 0.1, coloring: "fill", showlines: false };
  const shades = {
    type: "contour",
    ...axes,
    z,
    colorscale,
    zmin: 0,
    zmax: 1,
    zauto: false,
    autocontour: false,
  };
  const edge = { start: 0.5, end: 0.5, size: 1, coloring: "none" };
  const line = { color: INK, width: 2, smoothing: 0.6 };
  return [
    { ...shades, contours: levels, name: "probability", ...UNLISTED },
    {
      type: "contour",
      ...axes,
      z,
      autocontour: false,
      contours: edge,
      line,
      name: "boundary",
      ...UNLISTED,
    },
  ];
}

// Plotly's own constraint contours fill the wrong side of the level, so: one level at 0, and nothing drawn below it.
function leadTraces(
  axes: { x: number[]; y: number[] },
  leads: readonly (readonly number[])[],
): Trace[] {
  return leads.map((lead, k) => {
    const [none, fill] = ["rgba(255,255,255,0)", tint(classColor(k), 0.35)];
    return {
      type: "contour",
      ...axes,
      z: grid(lead, axes.x.length),
      zmin: -1,
      zmax: 1,
      zauto: false,
      autocontour: false,
      contours: { start: 0, end: 0, size: 1, coloring: "fill" },
      colorscale: [0, 0.5, 0.5, 1].map((at, i) => [at, i < 2 ? none : fill]),
      line: { color: INK, width: 1.5, smoothing: 0.6 },
      name: `region ${k}`,
      ...UNLISTED,
    };
  });
}

function around(values: readonly number[]): Range {
  return values.length === 0 ? [-2, 2] : paddedRange(values);
}

function rangesOf(options: BoundaryOptions): { x: Range; y: Range } {
  const given = options.points ?? [];
  const { x, y } = planePoints(given, "plot.decisionBoundary points");
  return { x: options.x ?? around(x), y: options.y ?? around(y) };
}

/** The regions that a classifier gives to its classes, with the points it was trained on. */
export function decisionBoundary(predict: Predict, options: BoundaryOptions = {}): Picture {
  const ranges = rangesOf(options);
  const resolution = options.resolution ?? 61;
  if (!Number.isInteger(resolution) || resolution < 2) {
    throw new TypeError(
      `plot.decisionBoundary: resolution is a whole number from 2, got ${resolution}`,
    );
  }
  const [x, y] = [spaced(ranges.x, resolution), spaced(ranges.y, resolution)];
  const batch = y.flatMap((py) => x.map((px) => [px, py]));
  const { probability, leads = [] } = regionsOf(batchOf(predict)(batch), batch.length);
  const axes = { x: rounded(x), y: rounded(y) };
  const data =
    probability === undefined ? leadTraces(axes, leads) : probabilityTraces(axes, probability);
  const layout = withLegendRoom(planeLayout({ ...options, ...ranges }, x, y), data);
  const regions = new Picture({ data, layout });
  if (options.points === undefined) return regions;
  return regions.add(points(options.points, options.labels, { ...options, ...ranges }));
}
