/** A function of two variables from above: its level lines, and the paths of descents across them. */
import type { Trace } from "./figure.ts";
import type { Axes, Colors, Range } from "./look.ts";
import { layoutOf, runColor, TEMPLATE } from "./look.ts";
import { spaced } from "./line.ts";
import { described, planePoints, rounded } from "./numbers.ts";
import { Picture } from "./picture.ts";

export interface ContourOptions extends Axes {
  readonly x: Range;
  readonly y: Range;
  /** The points that a descent went through, or several descents by name. */
  readonly path?: unknown;
  /** Colours of descents by name; else as `plot.loss` colours the same runs. */
  readonly colors?: Colors;
  /** Levels evenly spaced in the value or in its logarithm. */
  readonly scale?: "linear" | "log";
  /** How many level lines there are, about. */
  readonly levels?: number;
  /** How many grid points a side has. */
  readonly resolution?: number;
  /** What the colour bar calls the value. */
  readonly zLabel?: string;
}

// Greys, dark where the value is low: paths of any colour stay readable on them.
const LAND = [
  [0, "#93a0ad"],
  [0.15, "#adb8c2"],
  [0.35, "#c6ced6"],
  [0.65, "#dfe4e9"],
  [1, "#f6f8f9"],
];

function surface(f: (x: number, y: number) => number, options: ContourOptions): Trace {
  const resolution = options.resolution ?? 61;
  const [x, y] = [spaced(options.x, resolution), spaced(options.y, resolution)];
  const log = options.scale === "log";
  const value = (px: number, py: number): number => {
    const z = f(px, py);
    return log ? Math.log10(z) : z;
  };
  const z = y.map((py) => rounded(x.map((px) => value(px, py))));
  const label = options.zLabel ?? "value";
  return {
    type: "contour",
    x: rounded(x),
    y: rounded(y),
    z,
    colorscale: LAND,
    ncontours: options.levels ?? 20,
    contours: { coloring: "fill" },
    line: { color: "rgba(255,255,255,0.7)", width: 0.75 },
    colorbar: {
      title: { text: log ? `log₁₀ ${label}` : label },
      thickness: 14,
      outlinewidth: 0,
      x: 1.02,
    },
    name: label,
    showlegend: false,
    hovertemplate: `x %{x:.3g}<br>y %{y:.3g}<br>${log ? "log₁₀ " : ""}%{z:.4g}<extra></extra>`,
  };
}

/** The height of a legend with one line. */
const LEGEND_LINE = 20;

function isNamed(path: unknown): path is Readonly<Record<string, unknown>> {
  return (
    Object.prototype.toString.call(path) === "[object Object]" && !("shape" in (path as object))
  );
}

/** The trace of one descent; its start is a large dot and its end a star. */
function descent(
  name: string,
  given: unknown,
  color: string,
  listed: "listed" | "unlisted",
): Trace {
  const { x, y } = planePoints(given, `plot.contour ${name}`);
  const last = x.length - 1;
  const size = x.map((_, i) => (i === 0 ? 10 : i === last ? 14 : 5));
  const symbol = x.map((_, i) => (i === last && last > 0 ? "star" : "circle"));
  return {
    type: "scatter",
    mode: "lines+markers",
    x: rounded(x),
    y: rounded(y),
    line: { color, width: 2 },
    marker: { color, size, symbol, opacity: 1, line: { color: "#ffffff", width: 1 } },
    name,
    showlegend: listed === "listed",
  };
}

/** The level lines of f(x, y), with a descent's path on them. */
export function contour(f: (x: number, y: number) => number, options: ContourOptions): Picture {
  if (typeof f !== "function") {
    throw new TypeError(`plot.contour: wanted a function of x and y, got ${described(f)}`);
  }
  if (options?.x === undefined || options.y === undefined) {
    throw new TypeError(
      "plot.contour: wanted the shown ranges { x: [from, to], y: [from, to] }, got none",
    );
  }
  const { path, colors } = options;
  const named = isNamed(path) ? Object.entries(path) : [];
  const several = named.map(([name, given], k) =>
    descent(name, given, runColor(name, k, colors), "listed"),
  );
  const single =
    path === undefined || isNamed(path)
      ? []
      : [descent("path", path, runColor("path", 0, colors), "unlisted")];
  // The colour bar is at the right, so the legend goes above the plot, on a line of its own below the title.
  const line = several.length > 0 ? LEGEND_LINE : 0;
  const layout = layoutOf({ width: 600, height: 460 + line, ...options });
  const margin = { ...TEMPLATE.layout.margin, t: TEMPLATE.layout.margin.t + line };
  const legend = { orientation: "h", x: 1, xanchor: "right", y: 1.01, yanchor: "bottom" };
  return new Picture({
    data: [surface(f, options), ...several, ...single],
    layout: several.length > 0 ? { ...layout, legend, margin } : layout,
  });
}
