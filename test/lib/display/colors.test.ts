/** The same run has the same colour in every picture. */
import { strict as assert } from "node:assert";
import { test } from "node:test";
import type { Figure } from "../../../lib/display/index.ts";
import { classColor, CURVE_COLORS, DISPLAY, plot } from "../../../lib/display/index.ts";

const path = [
  [0, 0],
  [0.5, 1],
];
const runs = { slow: path, fast: path, right: path };
const losses = { slow: [3, 2], fast: [3, 1], right: [3, 0] };

function descents(colors?: Record<string, string | number>): Figure {
  const options = { x: [0, 1], y: [0, 1], resolution: 2, path: runs } as const;
  return plot.contour(Math.max, { ...options, ...(colors === undefined ? {} : { colors }) });
}

function colorsOf({ data }: Figure): unknown[] {
  const lines = data.filter(({ type }) => type === "scatter");
  return lines.map(({ line, marker }) => ((line ?? marker) as { color?: string }).color);
}

function liveColors(colors?: Record<string, string | number>): string[] {
  const options = { live: true, ...(colors === undefined ? {} : { colors }) } as const;
  const svg = String(plot.loss(losses, options)[DISPLAY]()["image/svg+xml"]);
  return [...svg.matchAll(/stroke="(#\w+)" stroke-width="2/g)].map(([, color = ""]) => color);
}

test("runs are coloured in the order of their names, by the palette", () => {
  const palette = CURVE_COLORS.slice(0, 3);
  assert.deepEqual(colorsOf(descents()), palette);
  assert.deepEqual(colorsOf(plot.loss(losses)), palette);
  assert.deepEqual(liveColors(), [...palette, ...palette]);
});

test("a colour that is given to a name is that run's everywhere; a number is a class's", () => {
  const colors = { fast: "black", right: 1 };
  const wanted = [CURVE_COLORS[0], "black", classColor(1)];
  assert.deepEqual(colorsOf(descents(colors)), wanted);
  assert.deepEqual(colorsOf(plot.loss(losses, { colors })), wanted);
  assert.deepEqual(colorsOf(plot.line([1, 2], { name: "fast", colors })), ["black"]);
  assert.deepEqual(colorsOf(plot.line([1, 2], { name: "other", colors })), [undefined]);
  assert.deepEqual(colorsOf(plot.line([1, 2], { name: "fast", color: "red", colors })), ["red"]);
  assert.deepEqual(colorsOf(plot.line({ slope: 1 }, { name: "right", colors })), [classColor(1)]);
});

test("dots stand on their line or alone", () => {
  const modes = ([false, true, "only"] as const).map(
    (markers) => plot.line([1, 2], { markers }).data[0]?.["mode"],
  );
  assert.deepEqual(modes, ["lines", "lines+markers", "markers"]);
  assert.deepEqual(colorsOf(plot.line([1], { markers: "only", color: "black" })), ["black"]);
});
