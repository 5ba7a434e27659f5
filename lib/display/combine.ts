/** Several figures in one: all traces, the first figure's layout, ranges that hold all of them. */
import type { Figure, Layout, Trace } from "./figure.ts";
import { checkedFigure } from "./figure.ts";
import { withLegendRoom } from "./legend.ts";
import { stretched } from "./straight.ts";
import type { Range } from "./look.ts";

type Json = { readonly [key: string]: unknown };

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `first` with whatever only `second` says. */
function filled(first: Json, second: Json): Json {
  const result: Record<string, unknown> = { ...second, ...first };
  for (const [key, value] of Object.entries(second)) {
    const own = first[key];
    if (isObject(own) && isObject(value)) result[key] = filled(own, value);
  }
  return result;
}

function isRange(value: unknown): value is Range {
  return (
    Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === "number")
  );
}

/** The shown interval of one axis, if the figure fixes it. */
export function shownRange(layout: Layout | undefined, axis: "xaxis" | "yaxis"): Range | undefined {
  const found = layout?.[axis];
  return isObject(found) && isRange(found["range"]) ? found["range"] : undefined;
}

function unionRange(layouts: readonly Layout[], axis: "xaxis" | "yaxis"): Layout {
  const ranges = layouts.flatMap((layout) => shownRange(layout, axis) ?? []);
  if (ranges.length === 0) return {};
  const own = layouts.map((layout) => layout[axis]).find(isObject) ?? {};
  return { [axis]: { ...own, range: [Math.min(...ranges), Math.max(...ranges)] } };
}

/** Legend entries of the same group and name are one: points drawn twice are listed once. */
function listedOnce(traces: readonly Trace[]): Trace[] {
  const seen = new Set<string>();
  return traces.map((trace) => {
    const { legendgroup, name } = trace;
    if (legendgroup === undefined || trace["showlegend"] === false) return trace;
    const key = JSON.stringify([legendgroup, name]);
    if (seen.has(key)) return { ...trace, showlegend: false };
    seen.add(key);
    return trace;
  });
}

/** One figure from several, drawn in order. */
export function combined(figures: readonly Figure[]): Figure {
  const checked = figures.map(checkedFigure);
  const animated = checked.find((figure) => figure.frames !== undefined);
  if (animated !== undefined) {
    throw new TypeError(
      "plot.overlay: an animated figure cannot be combined; combine the figures of its frames",
    );
  }
  const layouts = checked.map((figure) => figure.layout ?? {});
  const layout: Layout = layouts.reduce((sum: Layout, next) => filled(sum, next), {});
  const ranged: Layout = {
    ...layout,
    ...unionRange([layout, ...layouts], "xaxis"),
    ...unionRange([layout, ...layouts], "yaxis"),
  };
  const [x, y] = [shownRange(ranged, "xaxis"), shownRange(ranged, "yaxis")];
  const traces = listedOnce(checked.flatMap((figure) => figure.data));
  const config = Object.assign({}, ...checked.map((figure) => figure.config)) as Json;
  // What the first figure fixes, its width or that of its plot, is fixed in the whole.
  const sized = withLegendRoom({ ...ranged, meta: layouts[0]?.["meta"] }, traces);
  return { data: stretched(traces, x, y), layout: sized, config };
}
