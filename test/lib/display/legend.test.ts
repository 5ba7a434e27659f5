import { strict as assert } from "node:assert";
import { test } from "node:test";
import type { Layout } from "../../../lib/display/index.ts";
import { plot } from "../../../lib/display/index.ts";
import { TEMPLATE } from "../../../lib/display/look.ts";

const corners = [
  [-1, -1],
  [1, 1],
];
const labels = [0, 1];
const side = (batch: number[][]): number[] => batch.map(([x = 0]) => 1 / (1 + Math.exp(x)));

test("a figure is as wide as its plot and the names in its legend need", () => {
  const none = plot.points(corners);
  const short = plot.points(corners, labels, { names: ["a", "b"] });
  const long = plot.points(corners, labels, { names: ["a", "a much longer name"] });
  const widths = [none, short, long].map(({ layout }) => layout.width ?? 0);
  assert.deepEqual(
    widths,
    widths.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(widths).size, 3);
});

test("a boundary has its legend where the points alone have it", () => {
  const options = { points: corners, labels };
  const regions = plot.decisionBoundary(side, options);
  assert.equal(regions.layout.width, plot.points(corners, labels).layout.width);
  assert.equal(
    plot.decisionBoundary(side).layout.width,
    plot.points([
      [-2, -2],
      [2, 2],
    ]).layout.width,
    "no legend, no room",
  );
});

test("what is added makes room for its name; what is added to keeps its size", () => {
  const points = plot.points(corners, labels);
  const line = plot.line({ slope: 1 }, { name: "a line with a long name" });
  assert.ok((points.add(line).layout.width ?? 0) > (points.layout.width ?? Infinity) + 50);
  assert.equal(points.add(plot.line({ slope: 1 })).layout.width, points.layout.width);
  assert.equal(line.add(points).layout.width, line.layout.width);
  assert.equal(plot.points(corners, labels, { width: 500 }).add(line).layout.width, 500);
});

test("above a contour the legend has a line of its own, below the title", () => {
  const options = { x: [0, 1], y: [0, 1], resolution: 2 } as const;
  const top = ({ layout }: { readonly layout: Layout }): number =>
    (layout["margin"] as { t?: number } | undefined)?.t ?? TEMPLATE.layout.margin.t;
  const one = plot.contour(Math.max, { ...options, path: corners });
  const two = plot.contour(Math.max, { ...options, path: { a: corners, b: corners } });
  assert.equal(top(two) - top(one), 20);
  assert.equal((two.layout.height ?? 0) - (one.layout.height ?? 0), 20);
});

test("the few buttons of a live figure leave room for its title", () => {
  const { config } = plot.points(corners);
  assert.ok((config["modeBarButtonsToRemove"] as string[]).includes("sendChartToCloud"));
});
