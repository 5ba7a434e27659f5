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
  (figure: Figure): Picture;
  readonly contour: typeof contour;
  readonly decisionBoundary: typeof decisionBoundary;
  readonly frames: typeof frames;
  readonly graph: typeof graph;
  readonly line: typeof line;
  readonly loss: typeof loss;
  readonly overlay: typeof overlay;
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
