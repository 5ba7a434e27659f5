/** Room for a legend: a plot keeps its size, and its legend its distance, however long the names are. */
import { arialWidth } from "./arial.ts";
import type { Layout, Trace } from "./figure.ts";
import { TEMPLATE } from "./look.ts";

const { margin } = TEMPLATE.layout;
const { size: TEXT } = TEMPLATE.layout.legend.font;
// Plotly's own: a symbol of 30 pixels, gaps of 5 around it, and some more at the end of the text.
const SYMBOL = 55;
// Where a legend starts, as a part of the plot's width.
const GAP = 0.02;

/** The names that the legend lists: as in Plotly, a single trace is listed only if it asks for that. */
function listedNames(traces: readonly Trace[]): string[] {
  const listed = traces.filter(({ showlegend }) => showlegend !== false);
  const [first, ...others] = listed;
  if (first === undefined || (others.length === 0 && first["showlegend"] !== true)) return [];
  return listed.map(({ name }) => (typeof name === "string" ? name : ""));
}

/** The width of a figure whose plot, between the axes, is so wide. */
function widthAround(plot: number, traces: readonly Trace[]): number {
  const names = listedNames(traces).map((name) => arialWidth(name, TEXT, "regular"));
  const legend = names.length === 0 ? 0 : GAP * plot + SYMBOL + Math.max(...names);
  return Math.round(margin.l + plot + Math.max(margin.r, legend));
}

function plotOf({ meta }: Layout): number | undefined {
  if (typeof meta !== "object" || meta === null || !("plot" in meta)) return undefined;
  return typeof meta.plot === "number" ? meta.plot : undefined;
}

/** A layout that is as wide as its traces need, if the width of its plot is what was fixed. */
export function withLegendRoom(layout: Layout, traces: readonly Trace[]): Layout {
  const plot = plotOf(layout);
  return plot === undefined ? layout : { ...layout, width: widthAround(plot, traces) };
}

/** Fixes the width of a plot, instead of that of its figure. */
export function ofPlotWidth(plot: number): Layout {
  return { meta: { plot } };
}
