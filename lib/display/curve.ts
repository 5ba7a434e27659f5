/** A loss curve as a small SVG, built from strings: cheap enough to be replaced at every step of a training loop. */
import type { Axes, Colors, Range } from "./look.ts";
import { FONT, FRAME, GRID, INK, paddedRange, runColor, SIZE, SOFT_INK } from "./look.ts";
import type { SvgPicture } from "./svg.ts";
import { documentOf, element, escaped, px, svgPicture } from "./svg.ts";
import type { Tick } from "./ticks.ts";
import { decadeTicks, linearTicks } from "./ticks.ts";

/** One named list of values. */
export interface Curve {
  readonly name: string | undefined;
  readonly y: readonly number[];
}

export interface LiveOptions extends Axes {
  readonly live?: boolean;
  readonly scale?: "linear" | "log";
  readonly every?: number;
  readonly start?: number;
  readonly colors?: Colors;
}

const MARGIN = { left: 64, right: 24, top: 52, bottom: 56 } as const;
const LEGEND = 110;
/** All curves share this many columns of two points each: an update stays under 20 kB. */
const COLUMNS = 800;

/** Where data lands in pixels. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Range;
  readonly y: Range;
}

function extent(curves: readonly Curve[], of: (value: number) => number): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const { y } of curves) {
    for (const value of y) {
      const at = of(value);
      if (at < low && at > -Infinity) low = at;
      if (at > high && at < Infinity) high = at;
    }
  }
  return [low, high];
}

function toX({ left, right, x: [low, high] }: Frame, value: number): number {
  return left + ((value - low) / (high - low)) * (right - left);
}

function toY({ top, bottom, y: [low, high] }: Frame, value: number): number {
  return bottom - ((value - low) / (high - low)) * (bottom - top);
}

/**
 * The path of one curve. The first, lowest, highest and last value of each pixel column would be exact (M4); lowest and
 * highest in their order look the same and are half as long. A value that is not finite breaks the line.
 */
function pathOf(
  ys: Float64Array,
  frame: Frame,
  every: number,
  start: number,
  columnWidth: number,
): string {
  let path = "";
  let pen = "M";
  let column = -1;
  let [lowAt, highAt] = [-1, -1];
  // Tenths of a pixel as whole numbers: they print four times as fast as fractions.
  const point = (i: number): void => {
    const y = Math.min(Math.max(toY(frame, ys[i]), frame.top - 50), frame.bottom + 50);
    path += `${pen}${Math.round(10 * toX(frame, start + i * every))},${Math.round(10 * y)}`;
    pen = "L";
  };
  const flush = (): void => {
    if (lowAt < 0) return;
    point(Math.min(lowAt, highAt));
    if (lowAt !== highAt) point(Math.max(lowAt, highAt));
    [lowAt, highAt] = [-1, -1];
  };
  for (let i = 0; i < ys.length; i++) {
    const value = ys[i];
    const at = Math.floor(toX(frame, start + i * every) / columnWidth);
    const gap = !Number.isFinite(value);
    if (gap || at !== column) flush();
    column = at;
    if (gap) pen = "M";
    else if (lowAt < 0) [lowAt, highAt] = [i, i];
    else if (value < ys[lowAt]) lowAt = i;
    else if (value > ys[highAt]) highAt = i;
  }
  flush();
  return path;
}

function xTick({ top, bottom }: Frame, at: number, label: string): string {
  const grid = `<path d="M${px(at)},${px(top)}V${px(bottom)}" stroke="${GRID}"/>`;
  const mark = `<path d="M${px(at)},${px(bottom)}v5" stroke="${FRAME}"/>`;
  return `${grid}${mark}${element("text", { x: at, y: bottom + 20, "text-anchor": "middle" }, escaped(label))}`;
}

function yTick({ left, right }: Frame, at: number, label: string): string {
  const grid = `<path d="M${px(left)},${px(at)}H${px(right)}" stroke="${GRID}"/>`;
  const mark = `<path d="M${px(left)},${px(at)}h-5" stroke="${FRAME}"/>`;
  return `${grid}${mark}${element("text", { x: left - 9, y: at + 4.5, "text-anchor": "end" }, escaped(label))}`;
}

function axes(frame: Frame, x: readonly Tick[], y: readonly Tick[], options: LiveOptions): string {
  const { left, right, top, bottom } = frame;
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  const ticks = [
    ...x.map(({ value, label }) => xTick(frame, toX(frame, value), label)),
    ...y.map(({ value, label }) => yTick(frame, toY(frame, value), label)),
  ];
  const box = {
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
    fill: "none",
    stroke: FRAME,
  };
  const named = { "font-size": 14, fill: INK, "text-anchor": "middle" };
  const turned = `translate(20,${px(middle.y)}) rotate(-90)`;
  return [
    element("g", { fill: SOFT_INK }, ticks.join("") || " "),
    element("rect", box),
    element("text", { x: middle.x, y: bottom + 44, ...named }, escaped(options.xLabel ?? "step")),
    element("text", { transform: turned, ...named }, escaped(options.yLabel ?? "loss")),
    options.title === undefined
      ? ""
      : element(
          "text",
          { x: left, y: 31, "font-size": 16, "font-weight": "bold", fill: INK },
          escaped(options.title),
        ),
  ].join("");
}

function legend(curves: readonly Curve[], frame: Frame, colors?: Colors): string {
  return curves
    .map(({ name }, k) => {
      if (name === undefined) return "";
      const [x, y] = [frame.right + 14, frame.top + 12 + 20 * k];
      const color = runColor(name, k, colors);
      const stroke = element("path", {
        d: `M${px(x)},${px(y)}h24`,
        stroke: color,
        "stroke-width": 2.25,
      });
      return stroke + element("text", { x: x + 30, y: y + 4.5, fill: INK }, escaped(name));
    })
    .join("");
}

function frameOf(
  curves: readonly Curve[],
  options: LiveOptions,
  of: (value: number) => number,
): Frame {
  const { width = SIZE.width, height = SIZE.height, every = 1, start = 0 } = options;
  const named = curves.some(({ name }) => name !== undefined);
  const longest = Math.max(1, ...curves.map(({ y }) => y.length - 1));
  const [low, high] = extent(curves, of);
  const y =
    options.y === undefined
      ? paddedRange([low, high], 0.05)
      : ([of(options.y[0]), of(options.y[1])] as const);
  return {
    left: MARGIN.left,
    right: width - MARGIN.right - (named ? LEGEND : 0),
    top: MARGIN.top,
    bottom: height - MARGIN.bottom,
    x: options.x ?? [start, start + longest * every],
    y,
  };
}

/** The curves as the text of an SVG image. */
export function curveSvg(curves: readonly Curve[], options: LiveOptions = {}): string {
  const { width = SIZE.width, height = SIZE.height, every = 1, start = 0, scale } = options;
  const of = scale === "log" ? Math.log10 : Number;
  const frame = frameOf(curves, options, of);
  const empty = curves.every(({ y }) => y.length === 0);
  const y = empty ? [] : scale === "log" ? decadeTicks(frame.y, 8) : linearTicks(frame.y, 7);
  // There is nothing at half a step.
  const isWhole = [start, every].every(Number.isInteger);
  const x = (empty && options.x === undefined ? [] : linearTicks(frame.x, 6)).filter(
    ({ value }) => !isWhole || Number.isInteger(value),
  );
  const columnWidth = Math.max(1, (curves.length * (frame.right - frame.left)) / COLUMNS);
  const paths = curves.map((curve, k) => {
    const d = pathOf(Float64Array.from(curve.y, of), frame, every, start, columnWidth);
    const stroke = runColor(curve.name, k, options.colors);
    return element("path", {
      d,
      fill: "none",
      stroke,
      "stroke-width": 22.5,
      "stroke-linejoin": "round",
    });
  });
  const { left, top, right, bottom } = frame;
  const clip = `<clipPath id="plot"><rect x="${px(left)}" y="${px(top)}" width="${px(right - left)}" height="${px(bottom - top)}"/></clipPath>`;
  const drawn = empty
    ? ""
    : `${clip}<g clip-path="url(#plot)"><g transform="scale(.1)">${paths.join("")}</g></g>`;
  return documentOf(
    width,
    height,
    FONT,
    axes(frame, x, y, options) + drawn + legend(curves, frame, options.colors),
  );
}

function inWords(curves: readonly Curve[]): string {
  const parts = curves.map(({ name, y }) => {
    const last = y.at(-1);
    const state =
      last === undefined
        ? "no steps yet"
        : `${y.length} ${y.length === 1 ? "step" : "steps"}, last ${Number(last.toPrecision(6))}`;
    return `${name ?? "loss"}: ${state}`;
  });
  return parts.length === 0 ? "loss: no steps yet" : parts.join("; ");
}

/** The curves as a value that displays itself at once, without the drawing thread. */
export function liveCurve(curves: readonly Curve[], options: LiveOptions): SvgPicture {
  return svgPicture(
    () => curveSvg(curves, options),
    () => inWords(curves),
  );
}
