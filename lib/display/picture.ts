/** A figure that shows itself: interactive where the front end can, a static image everywhere else. */
import type { Displayable, MimeBundle } from "../core/mime.ts";
import { DISPLAY } from "../core/mime.ts";
import { combined } from "./combine.ts";
import type { Figure, Frame, Layout, Trace } from "./figure.ts";
import { checkedFigure } from "./figure.ts";
import { SIZE, TEMPLATE } from "./look.ts";
import type { Raster } from "./raster.ts";
import { rasterizer } from "./raster.ts";

// A row of all buttons would cover the title; nothing listens to a selection, and no figure is sent anywhere.
const UNUSED_BUTTONS = [
  "sendChartToCloud",
  "select2d",
  "lasso2d",
  "zoomIn2d",
  "zoomOut2d",
  "autoScale2d",
] as const;

function listed(trace: Trace): string {
  const { name, type = "scatter", x } = trace;
  const points =
    Array.isArray(x) && type === "scatter"
      ? `${x.length} ${x.length === 1 ? "point" : "points"}`
      : undefined;
  const about = [String(type), ...(points === undefined ? [] : [points])];
  if (typeof name === "string") return `${name} (${about.join(", ")})`;
  return points === undefined ? String(type) : `${String(type)} (${points})`;
}

/** A figure in one line of text. */
export function summary({ data, frames }: Figure): string {
  const shown = data.slice(0, 6).map(listed);
  if (data.length > shown.length) shown.push("…");
  const traces = `${data.length} ${data.length === 1 ? "trace" : "traces"}`;
  const steps = frames === undefined ? "" : `, ${frames.length} frames`;
  return `Plotly figure, ${traces}${steps}${shown.length === 0 ? "" : `: ${shown.join(", ")}`}`;
}

/** A Plotly figure as a value that displays itself. */
export class Picture implements Displayable {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly frames: readonly Frame[] | undefined;
  readonly config: { readonly [option: string]: unknown };
  #raster: Promise<Raster> | undefined;

  constructor(figure: Figure) {
    const { data, layout = {}, frames, config } = checkedFigure(figure);
    this.data = data;
    // Both sizes explicit: front ends then neither stretch the live figure nor let it jump when it replaces the PNG.
    this.layout = { template: TEMPLATE, ...SIZE, ...layout };
    this.frames = frames;
    this.config = { displaylogo: false, modeBarButtonsToRemove: UNUSED_BUTTONS, ...config };
  }

  /** The same picture with more on it: other pictures or plain figures, drawn over this one. */
  add(...others: readonly Figure[]): Picture {
    return new Picture(combined([this.toJSON(), ...others]));
  }

  /** The figure as plain JSON, as Plotly's own functions take it. */
  toJSON(): Figure {
    const { data, layout, frames, config } = this;
    return { data, layout, config, ...(frames === undefined ? {} : { frames }) };
  }

  /** The figure as a PNG in base64, or one sentence saying why there is none. */
  raster(): Promise<Raster> {
    this.#raster ??= rasterizer
      .draw({ figure: { data: this.data, layout: this.layout } })
      .then((raster) => {
        if ("reason" in raster) this.#raster = undefined;
        return raster;
      });
    return this.#raster;
  }

  async [DISPLAY](): Promise<MimeBundle> {
    const figure = this.toJSON();
    const raster = await this.raster();
    const live = { "application/vnd.plotly.v1+json": figure, "text/plain": summary(figure) };
    if ("png" in raster) return { ...live, "image/png": raster.png };
    return { ...live, "text/plain": `${summary(figure)}\n(no static picture: ${raster.reason})` };
  }
}
