/** Pictures: figures, training curves, decision boundaries and graphs as values that display themselves. */
export type { MimeBundle, Displayable } from "../core/mime.ts";
export { DISPLAY } from "../core/mime.ts";
export type { BoundaryOptions, NodePrediction, Predict } from "./boundary.ts";
export type { ContourOptions } from "./contour.ts";
export type { Figure, Frame, Layout, Trace } from "./figure.ts";
export type { FramesOptions } from "./frames.ts";
export type { GraphOptions } from "./graph.ts";
export type { LineOptions, LineSource } from "./line.ts";
export { CLASS_COLORS, CURVE_COLORS, classColor } from "./look.ts";
export type { History, LossOptions } from "./loss.ts";
export { Picture } from "./picture.ts";
export { plot } from "./plot.ts";
export type { PointsOptions } from "./points.ts";
export type { Drawing, SvgPicture } from "./svg.ts";
