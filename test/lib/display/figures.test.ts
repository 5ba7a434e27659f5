import { strict as assert } from "node:assert";
import { test } from "node:test";
import type { Figure, Layout, Trace } from "../../../lib/display/index.ts";
import { classColor, plot } from "../../../lib/display/index.ts";
import { cut } from "../../../lib/display/straight.ts";

function ends(figure: Figure, k: number): [number, number][] {
  const { x, y } = figure.data[k] as unknown as { x: number[]; y: number[] };
  return x.map((at, i) => [at, y[i] ?? Number.NaN]);
}

function rangeOf(layout: Layout | undefined, axis: string): unknown {
  return (layout?.[axis] as { range?: unknown } | undefined)?.range;
}

function colors(figure: Figure): unknown[] {
  return figure.data.map((trace: Trace) => (trace["marker"] as { color: string }).color);
}

test("labels may be class numbers, one-hot rows or names; a class always has its colour", () => {
  const three = [
    [0, 0],
    [1, 0],
    [2, 0],
  ];
  for (const labels of [
    [2, 0, 2],
    [
      [0, 0, 1],
      [1, 0, 0],
      [0, 0, 1],
    ],
  ]) {
    const figure = plot.points(three, labels).toJSON();
    assert.deepEqual(colors(figure), [classColor(0), classColor(2)]);
    assert.deepEqual(
      figure.data.map((trace) => trace["name"]),
      ["class 0", "class 2"],
    );
    assert.deepEqual(
      figure.data.map((trace) => trace["x"]),
      [[1], [0, 2]],
    );
  }
  const named = plot.points(three, ["cat", "dog", "cat"]).toJSON();
  assert.deepEqual(
    named.data.map((trace) => trace["name"]),
    ["cat", "dog"],
  );
  assert.deepEqual(colors(named), [classColor(0), classColor(1)]);
});

test("points may be a tensor, and what is shown holds them all with air", () => {
  const figure = plot.points({ shape: [2, 2], data: Float64Array.of(0, 0, 100, 50) }).toJSON();
  assert.deepEqual(ends(figure, 0), [
    [0, 0],
    [100, 50],
  ]);
  assert.deepEqual(rangeOf(figure.layout, "xaxis"), [-8, 108]);
  assert.deepEqual(rangeOf(figure.layout, "yaxis"), [-4, 54]);
});

test("units are equal on both axes unless the plot would be a strip", () => {
  const anchor = (figure: Figure): unknown =>
    (figure.layout?.["yaxis"] as Layout | undefined)?.["scaleanchor"];
  assert.equal(
    anchor(
      plot.points([
        [0, 0],
        [2, 1],
      ]),
    ),
    "x",
  );
  assert.equal(
    anchor(
      plot.points([
        [0, 0],
        [200, 1],
      ]),
    ),
    undefined,
  );
});

test("a straight line over points runs through the whole picture and satisfies its equation", () => {
  const figure = plot
    .points(
      [
        [-1, -1],
        [1, 1],
      ],
      [0, 1],
    )
    .add(plot.line({ w: [1, 2], b: -0.5 }, { name: "edge" }))
    .toJSON();
  const line = ends(figure, 2);
  assert.equal(line.length, 2);
  for (const [x, y] of line) {
    assert.ok(Math.abs(x + 2 * y - 0.5) < 1e-5);
    assert.ok(Math.max(Math.abs(x), Math.abs(y)) > 1.16, "outside of what is shown");
  }
  assert.equal(figure.data[2]?.["showlegend"], true);
});

test("weights and slope describe the same line", () => {
  const byWeights = plot.line({ w: [2, -1], b: 1 }).toJSON();
  const bySlope = plot.line({ slope: 2, intercept: 1 }).toJSON();
  assert.deepEqual(byWeights.data[0]?.["x"], bySlope.data[0]?.["x"]);
  assert.deepEqual(byWeights.data[0]?.["y"], bySlope.data[0]?.["y"]);
});

const cuts: readonly [string, Parameters<typeof cut>, number[][]][] = [
  [
    "a diagonal",
    [
      [1, -1, 0],
      [0, 2],
      [0, 1],
    ],
    [
      [0, 0],
      [1, 1],
    ],
  ],
  [
    "a vertical line",
    [
      [1, 0, -1],
      [0, 2],
      [0, 1],
    ],
    [
      [1, 1],
      [1, 0],
    ],
  ],
  [
    "a horizontal line",
    [
      [0, 1, -0.5],
      [0, 2],
      [0, 1],
    ],
    [
      [0, 0.5],
      [2, 0.5],
    ],
  ],
  [
    "a line that passes by",
    [
      [1, 0, -9],
      [0, 2],
      [0, 1],
    ],
    [],
  ],
  [
    "a corner that is only touched",
    [
      [1, 1, 0],
      [0, 2],
      [0, 1],
    ],
    [],
  ],
];
for (const [what, args, wanted] of cuts) {
  test(`${what} is cut to the rectangle`, () => {
    const sorted = (points: number[][]): number[][] =>
      points.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0));
    const rounded = cut(...args).map((point) => point.map((value) => Number(value.toFixed(9)) + 0));
    assert.deepEqual(sorted(rounded), sorted(wanted));
  });
}

test("a line is y over x, y alone, or a function over a range", () => {
  assert.deepEqual(ends(plot.line({ x: [1, 3], y: [2, 4] }), 0), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(ends(plot.line([1, 3], Float32Array.of(2, 4), { name: "fit" }), 0), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(ends(plot.line({ y: Float32Array.of(2, 4) }), 0), [
    [0, 2],
    [1, 4],
  ]);
  assert.deepEqual(ends(plot.line([2, 4]), 0), [
    [0, 2],
    [1, 4],
  ]);
  const curve = ends(
    plot.line((x) => x * x, { x: [-1, 1] }),
    0,
  );
  assert.deepEqual(
    [curve[0], curve[50], curve.at(-1)],
    [
      [-1, 1],
      [-0.5, 0.25],
      [1, 1],
    ],
  );
});

test("a loss curve has a value a step; several runs have a curve and a name each", () => {
  assert.deepEqual(ends(plot.loss([3, 2, 1], { every: 10, start: 5 }), 0), [
    [5, 3],
    [15, 2],
    [25, 1],
  ]);
  const figure = plot.loss({ slow: [3, 2], fast: Float64Array.of(3, 0) }).toJSON();
  assert.deepEqual(
    figure.data.map((trace) => [trace["name"], trace["showlegend"]]),
    [
      ["slow", true],
      ["fast", true],
    ],
  );
  const scalar = { valueOf: () => 7 };
  assert.deepEqual(ends(plot.loss([scalar, NaN, 6]).toJSON(), 0), [
    [0, 7],
    [1, Number.NaN],
    [2, 6],
  ]);
});

test("a contour has f(x, y) in row y and column x, or its power of ten", () => {
  const options = { x: [0, 2], y: [0, 1], resolution: 3 } as const;
  const plain = plot.contour((x, y) => x + 10 * y, options).toJSON().data[0];
  assert.equal(plain?.["type"], "contour");
  assert.deepEqual(plain?.["z"], [
    [0, 1, 2],
    [5, 6, 7],
    [10, 11, 12],
  ]);
  const log = plot.contour((x, y) => 10 ** (x - y), { ...options, scale: "log" }).toJSON().data[0];
  assert.deepEqual(log?.["z"], [
    [0, 1, 2],
    [-0.5, 0.5, 1.5],
    [-1, 0, 1],
  ]);
});

test("descents are drawn on a contour, one or several by name", () => {
  const options = { x: [0, 1], y: [0, 1], resolution: 2 } as const;
  const path = [
    [0, 0],
    [0.5, 1],
  ];
  assert.deepEqual(ends(plot.contour(Math.max, { ...options, path }), 1), path);
  const two = plot.contour(Math.max, { ...options, path: { adam: path, momentum: path } }).toJSON();
  assert.deepEqual(
    two.data.slice(1).map((trace) => trace["name"]),
    ["adam", "momentum"],
  );
});

test("frames hold what changes, the slider leads to each, and the last is shown first", () => {
  const points = plot.points(
    [
      [-1, -1],
      [1, 1],
    ],
    [0, 1],
  );
  const lines = [1, 2, 3].map((slope) =>
    points.add(plot.line({ slope }, { title: `slope ${slope}` })),
  );
  const { data, frames, layout } = plot
    .frames(lines, { labels: [1, 10, 100], prefix: "step " })
    .toJSON();
  assert.deepEqual(data, lines[2]?.data);
  assert.deepEqual(
    frames?.map(({ name, traces }) => [name, traces]),
    [
      ["0", [2]],
      ["1", [2]],
      ["2", [2]],
    ],
  );
  frames?.forEach((frame, i) => assert.deepEqual(frame.data, [lines[i]?.data[2]]));
  const [slider] = (layout ?? {})["sliders"] as [
    { active: number; steps: { label: string; args: unknown[][] }[] },
  ];
  assert.equal(slider.active, 2);
  assert.deepEqual(
    slider.steps.map(({ label, args }) => [label, args[0]]),
    [
      ["1", ["0"]],
      ["10", ["1"]],
      ["100", ["2"]],
    ],
  );
  const [menu] = (layout ?? {})["updatemenus"] as [
    { y: number; yanchor: string; buttons: { label: string; args: unknown[] }[] },
  ];
  assert.deepEqual([menu.y, menu.yanchor], [0, "top"], "below the plot, beside the slider's label");
  assert.deepEqual(
    menu.buttons.map(({ label, args }) => [label, args[0]]),
    [
      ["Play", null],
      ["Pause", [null]],
    ],
  );
});

const mistakes: readonly [string, () => unknown, string][] = [
  [
    "points in space",
    () => plot.points([[1, 2, 3]]),
    "plot.points: wanted points in the plane, [n, 2], got the shape [1, 3]",
  ],
  [
    "ragged points",
    () => plot.points([[1, 2], [3]]),
    "plot.points: rows differ in shape: [2] and [1]",
  ],
  [
    "words as points",
    () => plot.points("here"),
    'plot.points: wanted numbers, got the string "here"',
  ],
  [
    "too few labels",
    () =>
      plot.points(
        [
          [1, 2],
          [3, 4],
        ],
        [0],
      ),
    "plot.points: 2 points want 2 labels, got 1",
  ],
  [
    "half a label",
    () => plot.points([[1, 2]], [0.5]),
    "plot.points: a label is a class number 0, 1, 2, …, a name, or a one-hot row; got 0.5",
  ],
  [
    "three weights",
    () => plot.line({ w: [1, 2, 3] }),
    "plot.line: w·x + b = 0 wants two weights in w, got an array of 3",
  ],
  [
    "no direction",
    () => plot.line({ w: [0, 0], b: 1 }),
    "plot.line: no line has the coefficients w = [0, 0], b = 1",
  ],
  [
    "a number as a line",
    () => plot.line(3 as never),
    "plot.line: wanted { w, b }, { slope, intercept }, { x, y }, a list of numbers or a function, got the number 3",
  ],
  [
    "unequal lengths",
    () => plot.line({ x: [1], y: [1, 2] }),
    "plot.line: x and y want the same length, got 1 and 2",
  ],
  [
    "a list after a function",
    () => plot.line(((x: number) => x) as never, [1, 2]),
    'plot.line: got a function and an array of 2; wanted a list of x before the list of y, or options { name: "fit" }',
  ],
  [
    "an unknown scale",
    () => plot.loss([1], { scale: "foo" as never }),
    'plot.loss: scale is the string "foo"; wanted "linear" or "log"',
  ],
  [
    "a word as a loss",
    () => plot.loss([1, "low"]),
    'plot.loss: wanted a number for each step, got the string "low" at step 1',
  ],
  [
    "a number as a history",
    () => plot.loss(3 as never),
    "plot.loss: wanted a list of numbers or several by name, got the number 3",
  ],
  [
    "no function",
    () => plot.contour(3 as never, { x: [0, 1], y: [0, 1] }),
    "plot.contour: wanted a function of x and y, got the number 3",
  ],
  [
    "no ranges",
    () => plot.contour(Math.max, {} as never),
    "plot.contour: wanted the shown ranges { x: [from, to], y: [from, to] }, got none",
  ],
  [
    "no frames",
    () => plot.frames([]),
    "plot.frames: wanted at least one figure in a list, got an empty array",
  ],
  [
    "frames of different make",
    () => plot.frames([plot.line([1]), plot({ data: [] })]),
    "plot.frames: all figures want the same traces, figure 0 has 1, figure 1 has 0",
  ],
  [
    "too few labels of frames",
    () => plot.frames([plot.line([1])], { labels: [] }),
    "plot.frames: 1 figures want 1 labels, got 0",
  ],
];
for (const [what, make, message] of mistakes) {
  test(`${what}: refused in one sentence`, () =>
    assert.throws(make, { name: "TypeError", message }));
}
