import { strict as assert } from "node:assert";
import { test } from "node:test";
import { regionsOf } from "../../../lib/display/boundary.ts";
import type { Figure, Trace } from "../../../lib/display/index.ts";
import { plot } from "../../../lib/display/index.ts";
import { clouds } from "../../../lib/data/toy.ts";
import { matmul, placeholder, sigmoid } from "../../../lib/ops/index.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import { Session } from "../../../lib/session/session.ts";

const sigma = (a: number): number => 1 / (1 + Math.exp(-a));

function named(figure: Figure, name: string): Trace {
  const found = figure.data.find((trace) => trace["name"] === name);
  assert.ok(found, `no trace is called ${name}`);
  return found;
}

function gridOf(trace: Trace): { x: number[]; y: number[]; z: number[][] } {
  return trace as unknown as { x: number[]; y: number[]; z: number[][] };
}

const square = { x: [-2, 2], y: [-1, 1], resolution: 5 } as const;

test("a linear classifier's probabilities are at the right places, as contours", () => {
  const predict = (batch: number[][]): number[] => batch.map(([x = 0, y = 0]) => sigma(x + 2 * y));
  const figure = plot.decisionBoundary(predict, square).toJSON();
  const { x, y, z } = gridOf(named(figure, "probability"));
  assert.deepEqual(x, [-2, -1, 0, 1, 2]);
  assert.deepEqual(y, [-1, -0.5, 0, 0.5, 1]);
  y.forEach((py, i) =>
    x.forEach((px, j) => assert.equal(z[i]?.[j], Number(sigma(px + 2 * py).toFixed(4)))),
  );
  assert.deepEqual(
    figure.data.map((trace) => trace["type"]),
    ["contour", "contour"],
  );
  const edge = named(figure, "boundary")["contours"] as { start: number; end: number };
  assert.deepEqual([edge.start, edge.end], [0.5, 0.5]);
});

test("a node of a graph is asked through its session", () => {
  const graph = new Graph().asDefault();
  const X = placeholder({ name: "X" });
  const p = sigmoid(matmul(X, [1, 2]));
  const session = new Session({ graph });
  const drawn = plot.decisionBoundary({ session, node: p, input: X }, square).toJSON();
  const wanted = plot.decisionBoundary(
    (batch) => batch.map(([x = 0, y = 0]) => sigma(x + 2 * y)),
    square,
  );
  assert.deepEqual(drawn, wanted.toJSON());
});

const predictions: readonly [string, unknown, ReturnType<typeof regionsOf>][] = [
  ["probabilities", [0.1, 0.5, 0.9], { probability: [0.1, 0.5, 0.9] }],
  ["a column of probabilities", [[0.1], [0.5], [0.9]], { probability: [0.1, 0.5, 0.9] }],
  ["class numbers", [0, 1, 1], { probability: [0, 1, 1] }],
  ["raw scores", [-1, 0, 1.5], { probability: [sigma(-1), 0.5, sigma(1.5)] }],
  [
    "rows of two probabilities",
    [
      [1, 0],
      [0.5, 0.5],
      [0.25, 0.75],
    ],
    { probability: [0, 0.5, 0.75] },
  ],
  [
    "rows of two scores",
    [
      [3, 1],
      [0, 0],
      [1, 3],
    ],
    { probability: [sigma(-2), 0.5, sigma(2)] },
  ],
  [
    "rows of three scores",
    [
      [5, 1, 2],
      [1, 1, 0],
      [0, 0, 3],
    ],
    {
      leads: [
        [3, 0, -3],
        [-4, 0, -3],
        [-3, -1, 3],
      ],
    },
  ],
  [
    "three class numbers",
    [2, 0, 1],
    {
      leads: [
        [-1, 1, -1],
        [-1, -1, 1],
        [1, -1, -1],
      ],
    },
  ],
  ["a tensor", { shape: [3], data: Float32Array.of(0, 0.5, 1) }, { probability: [0, 0.5, 1] }],
];
for (const [what, predicted, regions] of predictions) {
  test(`predictions may be ${what}`, () => assert.deepEqual(regionsOf(predicted, 3), regions));
}

test("three classes are three regions, each where its score is the largest", () => {
  const predict = (batch: number[][]): number[][] => batch.map(([x = 0, y = 0]) => [-x, x, 3 * y]);
  const figure = plot.decisionBoundary(predict, square).toJSON();
  assert.equal(figure.data.length, 3);
  figure.data.forEach((trace, k) => {
    const { x, y, z } = gridOf(trace);
    y.forEach((py, i) =>
      x.forEach((px, j) => {
        const scores = [-px, px, 3 * py];
        const wins = (scores[k] ?? 0) > Math.max(...scores.filter((_, other) => other !== k));
        assert.equal((z[i]?.[j] ?? Number.NaN) > 0, wins, `class ${k} at ${px}, ${py}`);
      }),
    );
  });
});

test("points are drawn over the regions and decide what is shown", () => {
  const { points, labels } = clouds({ n: 5, seed: 3 });
  const figure = plot
    .decisionBoundary((batch) => batch.map(([x = 0]) => sigma(x)), { points, labels })
    .toJSON();
  assert.deepEqual(
    figure.data.map((trace) => trace["type"]),
    ["contour", "contour", "scatter", "scatter"],
  );
  const { x } = gridOf(named(figure, "probability"));
  const xs = Array.from(points.data).filter((_, i) => i % 2 === 0);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  assert.ok((x[0] ?? 0) < left && (x.at(-1) ?? 0) > right);
  const xaxis = figure.layout?.["xaxis"] as { range: number[] } | undefined;
  assert.deepEqual(xaxis?.range, [x[0], x.at(-1)]);
});

const mistakes: readonly [string, () => unknown, string][] = [
  [
    "predictions of another length",
    () => plot.decisionBoundary(() => [1, 2], square),
    "plot.decisionBoundary: 25 points want 25 predictions, [n] or [n, classes], got the shape [2]",
  ],
  [
    "an async function",
    () => plot.decisionBoundary(async () => [1], square),
    "plot.decisionBoundary: wanted predictions at once, got a promise; predict cannot be async",
  ],
  [
    "half a graph",
    () => plot.decisionBoundary({ node: {}, input: {} } as never, square),
    "plot.decisionBoundary: wanted a function of a batch of points or { session, node, input }, got an object with node, input",
  ],
  [
    "words as predictions",
    () => plot.decisionBoundary((batch) => batch.map(() => "red"), square),
    'plot.decisionBoundary predictions: wanted numbers, got the string "red"',
  ],
];
for (const [what, make, message] of mistakes) {
  test(`${what} is refused in one sentence`, () =>
    assert.throws(make, { name: "TypeError", message }));
}
