import { strict as assert } from "node:assert";
import { test } from "node:test";
import { DISPLAY, plot } from "../../../lib/display/index.ts";
import { parse } from "./markup.ts";

function svgOf(history: object, options: object = {}): string {
  return String(plot.loss(history, { ...options, live: true })[DISPLAY]()["image/svg+xml"]);
}

function texts(svg: string): string[] {
  return parse(svg)
    .all("text")
    .map((found) => found.textContent);
}

/** The paths of the curves themselves. */
function paths(svg: string): string[] {
  const group = parse(svg)
    .all("g", "transform")
    .flatMap((found) => found.all("path"));
  return group.map((path) => path.getAttribute("d") ?? "");
}

/** The curves' corners in pixels. */
function curves(svg: string): [number, number][][] {
  return paths(svg).map((path) =>
    [...path.matchAll(/[ML](-?\d+),(-?\d+)/g)].map(([, x, y]) => [Number(x) / 10, Number(y) / 10]),
  );
}

const noise = Array.from({ length: 30_000 }, (_, i) => Math.sin(i * i));

test("a live curve is a bundle of SVG and text, at once", () => {
  const bundle = plot.loss([3, 2, 1.25], { live: true })[DISPLAY]();
  assert.deepEqual(Object.keys(bundle).toSorted(), ["image/svg+xml", "text/plain"]);
  assert.equal(bundle["text/plain"], "loss: 3 steps, last 1.25");
  assert.equal(plot.loss([3], { live: true })[DISPLAY]()["text/plain"], "loss: 1 step, last 3");
});

test("the corners of a short curve are its values, from the left edge to the right", () => {
  const [curve] = curves(svgOf([10, 0, 5], { y: [0, 10] }));
  assert.deepEqual(curve, [
    [64, 52],
    [340, 344],
    [616, 198],
  ]);
});

for (const [what, runs, history] of [
  ["a long run", 1, noise],
  ["a run of 1000 steps", 1, noise.slice(0, 1000)],
  ["two long runs", 2, { a: noise, b: noise }],
  ["five long runs", 5, { a: noise, b: noise, c: noise, d: noise, e: noise }],
] as const) {
  test(`an update stays small for ${what}`, () => {
    const svg = svgOf(history);
    assert.ok(Buffer.byteLength(svg) < 20_000, `${Buffer.byteLength(svg)} bytes`);
    const corners = curves(svg).reduce((sum, curve) => sum + curve.length, 0);
    assert.ok(corners > 500 && corners <= 2 * 800 + 4 * runs, `${corners} corners`);
  });
}

test("thinning keeps the highest and the lowest value", () => {
  const history = noise.slice().map((value) => value / 2);
  history[12_345] = 9;
  history[23_456] = -9;
  const [curve = []] = curves(svgOf(history, { y: [-10, 10] }));
  const ys = curve.map(([, y]) => y);
  const pixel = (value: number): number => 344 - ((value + 10) / 20) * 292;
  assert.ok(Math.abs(Math.min(...ys) - pixel(9)) < 0.1);
  assert.ok(Math.abs(Math.max(...ys) - pixel(-9)) < 0.1);
});

test("values that are not finite are gaps", () => {
  const [path = ""] = paths(svgOf([1, 2, NaN, 3, Infinity, 2, 1]));
  assert.equal(path.match(/M/g)?.length, 3);
  assert.equal(path.match(/L/g)?.length, 2);
});

test("an empty history is an empty frame with its titles", () => {
  for (const history of [[], {}, { run: [] }]) {
    const svg = svgOf(history, { title: "Training", xLabel: "epoch" });
    assert.deepEqual(curves(svg), []);
    assert.deepEqual(
      texts(svg)
        .filter((text) => text !== "run")
        .toSorted(),
      ["Training", "epoch", "loss"],
    );
    assert.equal(parse(svg).all("rect", "stroke").length, 1);
  }
  assert.equal(plot.loss([], { live: true })[DISPLAY]()["text/plain"], "loss: no steps yet");
});

test("the axes are labelled at round numbers, in powers of ten on a log scale", () => {
  const linear = texts(svgOf([0, 100], { y: [0, 100], x: [0, 4] }));
  for (const label of ["0", "20", "100", "1", "4"]) assert.ok(linear.includes(label), label);
  const log = texts(svgOf([0.01, 1, 1000], { scale: "log" }));
  for (const label of ["0.01", "0.1", "1", "10", "100", "1000"])
    assert.ok(log.includes(label), label);
});

test("text from outside is escaped", () => {
  const title = `<script>"a" & 'b'</script>\u0000\ud800`;
  const svg = svgOf({ [title]: [1, 2] }, { title, xLabel: title });
  assert.equal(texts(svg).filter((text) => text === `<script>"a" & 'b'</script>`).length, 3);
  assert.deepEqual(parse(svg).all("script"), []);
});

const ticks: readonly [
  of: string,
  options: { every?: number; x?: [number, number] },
  on: string,
][] = [
  ["three steps", {}, "0 1 2"],
  ["every half step", { every: 0.5 }, "0 0.2 0.4 0.6 0.8 1"],
  ["three steps of a longer run", { x: [0, 100] }, "0 20 40 60 80 100"],
];
for (const [of, options, on] of ticks) {
  test(`the ticks of ${of} stand where steps can be`, () => {
    const below = parse(svgOf([3, 2, 1], options))
      .all("text")
      .filter((text) => text.getAttribute("y") === "364")
      .map((text) => text.textContent);
    assert.equal(below.join(" "), on);
  });
}

test("the interactive figure of a few steps has no ticks between them either", () => {
  assert.equal((plot.loss([3, 2, 1]).layout["xaxis"] as { dtick?: number }).dtick, 1);
  assert.equal(
    (plot.loss([3, 2, 1], { every: 0.5 }).layout["xaxis"] as { dtick?: number }).dtick,
    undefined,
  );
});
