/** Several pictures as one animated figure with a slider. */
import type { Figure, Frame, Layout } from "./figure.ts";
import { checkedFigure } from "./figure.ts";
import { FRAME, GRID, SIZE } from "./look.ts";
import { described } from "./numbers.ts";
import { Picture } from "./picture.ts";

export interface FramesOptions {
  /** What the slider calls each picture; else 1, 2, 3, … */
  readonly labels?: readonly (string | number)[];
  /** What stands before the label: "step ". */
  readonly prefix?: string;
  /** Milliseconds from one picture to the next. */
  readonly duration?: number;
}

// Below the axis with its title, in pixels.
const UNDER_AXIS = 48;

const PAUSE = [
  [null],
  { mode: "immediate", frame: { duration: 0, redraw: false }, transition: { duration: 0 } },
];

function timing(duration: number): object {
  return { mode: "immediate", frame: { duration, redraw: true }, transition: { duration: 0 } };
}

/** The positions of the traces that are not the same in all figures. */
function changing(figures: readonly Figure[]): number[] {
  const texts = figures.map(({ data }) => data.map((trace) => JSON.stringify(trace)));
  const first = texts[0] ?? [];
  return first.flatMap((text, i) => (texts.every((other) => other[i] === text) ? [] : [i]));
}

function title(figure: Figure): Layout {
  const found = figure.layout?.["title"];
  return found === undefined ? {} : { title: found };
}

function slider(labels: readonly string[], prefix: string): object {
  const steps = labels.map((label, i) => ({
    label,
    method: "animate",
    args: [[String(i)], timing(0)],
  }));
  return {
    active: labels.length - 1,
    steps,
    currentvalue: { prefix, xanchor: "left", font: { size: 13 } },
    x: 0,
    len: 1,
    y: 0,
    yanchor: "top",
    pad: { t: UNDER_AXIS + 12, b: 8 },
    bgcolor: GRID,
    bordercolor: FRAME,
    borderwidth: 1,
    ticklen: 4,
    tickcolor: FRAME,
    minorticklen: 0,
  };
}

/** Play and pause, on the line over the slider that begins with its label. */
function buttons(duration: number): object {
  return {
    type: "buttons",
    direction: "left",
    showactive: false,
    x: 1,
    xanchor: "right",
    y: 0,
    yanchor: "top",
    pad: { t: UNDER_AXIS },
    bgcolor: "#ffffff",
    bordercolor: FRAME,
    buttons: [
      {
        label: "Play",
        method: "animate",
        args: [null, { ...timing(duration), fromcurrent: false }],
      },
      { label: "Pause", method: "animate", args: PAUSE },
    ],
  };
}

function checkedFrames(
  figures: readonly Figure[],
  labels: readonly unknown[] | undefined,
): Figure[] {
  if (!Array.isArray(figures) || figures.length === 0) {
    throw new TypeError(
      `plot.frames: wanted at least one figure in a list, got ${described(figures)}`,
    );
  }
  const checked = figures.map(checkedFigure);
  const count = checked[0]?.data.length ?? 0;
  const other = checked.findIndex(({ data }) => data.length !== count);
  if (other >= 0) {
    const got = checked[other]?.data.length;
    throw new TypeError(
      `plot.frames: all figures want the same traces, figure 0 has ${count}, figure ${other} has ${got}`,
    );
  }
  if (labels !== undefined && labels.length !== figures.length) {
    throw new TypeError(
      `plot.frames: ${figures.length} figures want ${figures.length} labels, got ${labels.length}`,
    );
  }
  return checked;
}

/** One figure that shows several in turn; at first, and where nothing moves, the last of them. */
export function frames(figures: readonly Figure[], options: FramesOptions = {}): Picture {
  const checked = checkedFrames(figures, options.labels);
  const labels = (options.labels ?? checked.map((_, i) => i + 1)).map(String);
  const traces = changing(checked);
  const steps = checked.map((figure, i): Frame => ({
    name: String(i),
    data: traces.map((at) => figure.data[at]),
    traces,
    layout: title(figure),
  }));
  const last = checked.at(-1) as Figure;
  const { layout = {} } = last;
  const margin = { l: 64, r: 24, t: 52, ...(layout["margin"] as object | undefined), b: 156 };
  return new Picture({
    ...last,
    layout: {
      ...layout,
      height: (layout.height ?? SIZE.height) + 100,
      margin,
      sliders: [slider(labels, options.prefix ?? "")],
      updatemenus: [buttons(options.duration ?? 400)],
    },
    frames: steps,
  });
}
