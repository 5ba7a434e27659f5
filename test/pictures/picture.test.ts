import { strict as assert } from "node:assert";
import { test } from "node:test";
import { DISPLAY, plot, classColor } from "../../lib/display/index.ts";
import { Graph } from "../../lib/graph/graph.ts";
import { reduceSum, square, Variable } from "../../lib/ops/index.ts";
import { count, decode } from "../lib/display/pixels.ts";

const PLOTLY = "application/vnd.plotly.v1+json";

type Json = { data: Record<string, unknown>[]; layout: Record<string, unknown> };

test("a figure is one bundle: the live figure, a PNG of its size and a line of text", async () => {
  const figure = {
    data: [{ x: [1, 2, 3], y: [3, 1, 2], name: "run" }],
    layout: { width: 300, height: 200 },
  };
  const bundle = await plot(figure)[DISPLAY]();
  assert.deepEqual(Object.keys(bundle).toSorted(), [PLOTLY, "image/png", "text/plain"]);
  assert.equal(bundle["text/plain"], "Plotly figure, 1 trace: run (scatter, 3 points)");
  const image = decode(String(bundle["image/png"]));
  assert.deepEqual([image.width, image.height], [300, 200]);
  assert.ok(count(image, "#ffffff") < 0.99 * 300 * 200, "not blank");
  assert.ok(count(image, "#0077bb") > 50, "the curve is there, in the first colour of the palette");
});

test("a graph is SVG, text, and a PNG of the same size for where no SVG is shown", async () => {
  new Graph().asDefault();
  const x = new Variable([1, 2], { name: "x" });
  const picture = plot.graph(reduceSum(square(x)), { gradients: true });
  const bundle = await picture[DISPLAY]();
  assert.deepEqual(Object.keys(bundle).toSorted(), ["image/png", "image/svg+xml", "text/plain"]);
  const svg = String(bundle["image/svg+xml"]);
  const image = decode(String(bundle["image/png"]));
  assert.ok(svg.includes(`viewBox="0 0 ${image.width} ${image.height}"`), `${image.width}`);
  assert.ok(count(image, "#009988") > 20, "values");
  assert.ok(count(image, "#cc3311") > 20, "gradients");
});

test("both classes, the boundary's shades and the text are in the PNG", async () => {
  const predict = (batch: number[][]): number[] => batch.map(([x = 0]) => (x > 0 ? 1 : 0));
  const points = [
    [-1, 0],
    [1, 0],
  ];
  const shown = plot.decisionBoundary(predict, { points, labels: [0, 1], size: 20 });
  const image = decode(String((await shown[DISPLAY]())["image/png"]));
  for (const k of [0, 1]) assert.ok(count(image, classColor(k)) > 100, `class ${k}`);
  const blank = plot.decisionBoundary(predict, { points, xLabel: "", yLabel: "" });
  const left = decode(String((await blank[DISPLAY]())["image/png"]));
  assert.notDeepEqual(image.pixels, left.pixels);
});

test("a PNG of a contour stays small", async () => {
  const picture = plot.contour((x, y) => x * x + y * y, { x: [-3, 3], y: [-3, 3] });
  const bundle = await picture[DISPLAY]();
  assert.ok(Buffer.from(String(bundle["image/png"]), "base64").length < 40_000);
});

test("the static picture is drawn once, and is the same each time it is drawn", async () => {
  const figure = { data: [{ x: [1, 2], y: [1, 2] }] };
  const picture = plot(figure);
  const [first, again, other] = await Promise.all([
    picture.raster(),
    picture.raster(),
    plot(figure).raster(),
  ]);
  assert.equal(first, again, "the same object, not drawn again");
  assert.deepEqual(other, first);
});

test("tensors, typed arrays and big integers become lists, and what JSON cannot say null", () => {
  const tensor = { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) };
  const data = [
    { z: tensor, x: Float32Array.of(1, 2), y: BigInt64Array.of(1n, 2n), text: [NaN, Infinity] },
  ];
  const { data: shown } = plot({ data }).toJSON();
  assert.deepEqual(shown, [
    {
      z: [
        [1, 2],
        [3, 4],
      ],
      x: [1, 2],
      y: [1, 2],
      text: [null, null],
    },
  ]);
});

test("a figure has explicit sizes, which its own win over", () => {
  assert.deepEqual([plot({ data: [] }).layout.width, plot({ data: [] }).layout.height], [640, 400]);
  const own = plot({ data: [], layout: { width: 200, title: { text: "mine" } } }).layout;
  assert.deepEqual([own.width, own.height, own["title"]], [200, 400, { text: "mine" }]);
});

test("a figure's value is not touched by changes to what it was made from", () => {
  const data = [{ x: [1], y: [1] }];
  const picture = plot({ data });
  data[0]?.x.push(2);
  assert.deepEqual(picture.toJSON().data, [{ x: [1], y: [1] }]);
});

test("a figure that Plotly cannot draw is shown without a PNG, and says so", async () => {
  const picture = plot({ data: [{ type: "scatter", x: [1], y: [1] }], layout: { width: -5 } });
  const bundle = await picture[DISPLAY]();
  assert.deepEqual(Object.keys(bundle).toSorted(), [PLOTLY, "text/plain"]);
  assert.match(bundle["text/plain"], /^Plotly figure, 1 trace: .*\n\(no static picture: .+\)$/);
});

test("an overlay has all traces, one legend entry a class, and ranges that hold everything", () => {
  const near = plot.points([[0, 0]], [0], { x: [-1, 1], y: [-1, 1] });
  const far = plot.points([[4, 4]], [0], { x: [3, 5], y: [3, 5] });
  const { data, layout } = plot.overlay(near, far).toJSON() as unknown as Json;
  assert.deepEqual(
    data.map((trace) => trace["showlegend"]),
    [true, false],
  );
  assert.deepEqual((layout["xaxis"] as Json["layout"])["range"], [-1, 5]);
  assert.deepEqual(near.add(far).toJSON(), plot.overlay(near, far).toJSON());
});

const mistakes: readonly [string, () => unknown, string][] = [
  [
    "a figure without data",
    () => plot({} as never),
    "plot: wanted a Plotly figure { data, layout? }, got an object with no properties",
  ],
  [
    "no figure",
    () => plot(undefined as never),
    "plot: wanted a Plotly figure { data, layout? }, got undefined",
  ],
  [
    "data that is not a list",
    () => plot({ data: 7 } as never),
    "plot: a figure's data is a list of traces, got the number 7",
  ],
  [
    "a trace that is a number",
    () => plot({ data: [3] } as never),
    "plot: trace 0 is an object such as { x, y }, got the number 3",
  ],
  [
    "an empty overlay",
    () => plot.overlay(),
    "plot.overlay: wanted at least one figure, got nothing",
  ],
  [
    "an animated part",
    () => plot.overlay(plot.frames([plot({ data: [] })]), plot({ data: [] })),
    "plot.overlay: an animated figure cannot be combined; combine the figures of its frames",
  ],
];
for (const [what, make, message] of mistakes) {
  test(`${what} is refused in one sentence`, () =>
    assert.throws(make, { name: "TypeError", message }));
}
