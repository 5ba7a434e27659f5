/** `plot`: one name for all pictures of a notebook. */
import { decisionBoundary } from "./boundary.ts";
import { contour } from "./contour.ts";
import type { Figure } from "./figure.ts";
import { checkedFigure } from "./figure.ts";
import { frames } from "./frames.ts";
import { graph } from "./graph.ts";
import { line } from "./line.ts";
import { loss } from "./loss.ts";
import { Picture } from "./picture.ts";
import { points } from "./points.ts";

/** A Plotly figure as a value that displays itself: interactive where possible, a static image elsewhere. */
function figure(given: Figure): Picture {
  return new Picture(checkedFigure(given));
}

/** Several figures drawn over each other in one. */
function overlay(...figures: readonly Figure[]): Picture {
  const [first, ...others] = figures;
  if (first === undefined)
    throw new TypeError("plot.overlay: wanted at least one figure, got nothing");
  return new Picture(first).add(...others);
}

/** All pictures of a notebook: a call draws any Plotly figure, the methods draw those of a training run. */
export interface Plot {
  /** A Plotly figure: interactive where the front end draws it, a static image elsewhere. */
  (figure: Figure): Picture;
  /** The level lines of f(x, y), with a descent's path on them. */
  readonly contour: typeof contour;
  /** The regions that a classifier gives to its classes, with the points it was trained on. */
  readonly decisionBoundary: typeof decisionBoundary;
  /** One figure that shows several in turn; at first, and where nothing moves, the last of them. */
  readonly frames: typeof frames;
  /** The graph that leads to a node, with the values of its nodes and the gradients if wished. */
  readonly graph: typeof graph;
  /** A line: `{ w, b }` or `{ slope, intercept }` in the plane, lists of x and y, or a function. */
  readonly line: typeof line;
  /** A loss curve, or several by name; with `live: true` a light one, made to be replaced while training runs. */
  readonly loss: typeof loss;
  /** Several figures drawn over each other. */
  readonly overlay: typeof overlay;
  /** Points in the plane, one colour a class. */
  readonly points: typeof points;
}

/** Draws any Plotly figure; its properties draw the usual pictures of a training run. */
export const plot: Plot = Object.assign(figure, {
  contour,
  decisionBoundary,
  frames,
  graph,
  line,
  loss,
  overlay,
  points,
});
