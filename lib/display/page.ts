/** A page in memory in which Plotly draws figures as SVG; runs in the worker only. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Box, Fonts, SvgElement } from "./measure.ts";
import { boxOf, boxOnPage } from "./measure.ts";

/** What the page draws: the part of a figure that a static picture can show. */
export interface StaticFigure {
  readonly data: readonly object[];
  readonly layout: { readonly width?: number; readonly height?: number };
}

export interface Page {
  /** Draws a figure and returns its SVG text. */
  readonly draw: (figure: StaticFigure) => Promise<string>;
}

interface Plotly {
  toImage(figure: unknown, options: object): Promise<string>;
}

function rectangle({ left, top, right, bottom }: Box): object {
  return { left, top, right, bottom, x: left, y: top, width: right - left, height: bottom - top };
}

const NOTHING: Box = { left: 0, top: 0, right: 0, bottom: 0 };

/** Plotly 4 on jsdom 29 lacks exactly these: text measurement, media queries, object URLs and a canvas that says no. */
function shim(window: import("jsdom").JSDOM["window"], fonts: Fonts): void {
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: SvgElement) {
      return rectangle(boxOf(this, fonts) ?? NOTHING);
    },
    getBoundingClientRect(this: SvgElement) {
      return rectangle(boxOnPage(this, fonts) ?? NOTHING);
    },
    getComputedTextLength(this: SvgElement) {
      const { left, right } = boxOf(this, fonts) ?? NOTHING;
      return right - left;
    },
  });
  Object.assign(window.HTMLCanvasElement.prototype, { getContext: () => null });
  window.URL.createObjectURL = () => "";
  window.matchMedia = () => ({ matches: false, addListener: () => {}, addEventListener: () => {} });
}

/** Opens the page: loads jsdom and Plotly. */
export async function openPage(fonts: Fonts): Promise<Page> {
  const { JSDOM, VirtualConsole } = await import("jsdom");
  // A virtual console that nobody listens to: what the page logs must not end up in a cell.
  const options = { runScripts: "outside-only", virtualConsole: new VirtualConsole() } as const;
  const { window } = new JSDOM("<!doctype html><body></body>", options);
  shim(window, fonts);
  const require = createRequire(import.meta.url);
  window.eval(readFileSync(require.resolve("plotly.js-dist-min/plotly.min.js"), "utf8"));
  const plotly = window.eval("Plotly") as Plotly;
  return {
    draw: ({ data, layout }) => {
      const { width = 640, height = 400 } = layout;
      return plotly.toImage(
        { data, layout },
        { format: "svg", width, height, imageDataOnly: true },
      );
    },
  };
}
