import { strict as assert } from "node:assert";
import { test } from "node:test";
import type { Edge, Place, Vertex } from "../../../lib/display/layers.ts";
import { layered, layersOf, separated } from "../../../lib/display/layers.ts";
import { random } from "../../../lib/core/random.ts";

/** Edges from the list of each vertex's inputs. */
function edgesOf(inputs: readonly (readonly number[])[]): Edge[] {
  return inputs.flatMap((list, to) =>
    list.map((from, port) => ({ from, to, port, ports: list.length })),
  );
}

test("a vertex is one layer after its deepest input; one without inputs right before its first consumer", () => {
  const inputs = [[], [], [0], [2], [3, 1]];
  assert.deepEqual(layersOf(5, edgesOf(inputs)), [0, 2, 1, 2, 3]);
});

const boxes: readonly [string, number[], number[], number[]][] = [
  ["wishes that fit are granted", [0, 10, 30], [5, 5], [0, 10, 30]],
  ["equal wishes are spread evenly", [10, 10, 10], [6, 6], [4, 10, 16]],
  ["a crowd does not push one that is far away", [0, 0, 100], [10, 10], [-5, 5, 100]],
  ["nothing is nowhere", [], [], []],
];
for (const [what, wishes, gaps, places] of boxes) {
  test(what, () => assert.deepEqual(separated(wishes, gaps), places));
}

/** A graph in which each vertex has up to three random inputs, some of them twice. */
function randomGraph(count: number, seed: number): number[][] {
  const draws = random(seed).uniform([count * 4]).data;
  return Array.from({ length: count }, (_, v) => {
    const degree = v === 0 ? 0 : Math.floor(draws[4 * v] * 4);
    return Array.from({ length: degree }, (__, k) => Math.floor(draws[4 * v + k + 1] * v));
  });
}

/** Whether two boxes do not overlap. */
function apart(a: Place, p: Vertex | undefined, b: Place, q: Vertex | undefined): boolean {
  assert.ok(p && q);
  const along = Math.abs(a.along - b.along) >= (p.along + q.along) / 2;
  return along || Math.abs(a.across - b.across) >= (p.across + q.across) / 2 - 1e-9;
}

for (const seed of [1, 2, 3, 4]) {
  test(`in a random graph (seed ${seed}) edges go forward and boxes are apart`, () => {
    const inputs = randomGraph(40, seed);
    const edges = edgesOf(inputs);
    const vertices = inputs.map((_, v) => ({
      along: 40 + (v % 3) * 20,
      across: 30 + (v % 5) * 10,
    }));
    const { centres, bends, along, across } = layered(vertices, edges, 50);
    edges.forEach(({ from, to }, k) => {
      const stops = [centres[from], ...(bends[k] ?? []), centres[to]].map(
        (place) => place?.along ?? Number.NaN,
      );
      stops.slice(1).forEach((stop, i) => assert.ok(stop > (stops[i] ?? Number.NaN), "forward"));
    });
    centres.forEach((a, i) => {
      assert.ok(a.along <= along && a.across <= across && a.across >= 0);
      centres.slice(0, i).forEach((b, j) => assert.ok(apart(a, vertices[i], b, vertices[j])));
    });
  });
}

test("a chain is a straight line", () => {
  const inputs = [[], [0], [1], [2]];
  const vertices = inputs.map((_, v) => ({ along: 30, across: 20 + 10 * v }));
  const { centres } = layered(vertices, edgesOf(inputs), 50);
  assert.equal(new Set(centres.map((place) => place.across.toFixed(6))).size, 1);
});

test("two inputs are drawn in the order in which they are used", () => {
  for (const [first, second] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const { centres } = layered(
      [0, 1, 2].map(() => ({ along: 30, across: 20 })),
      edgesOf([[], [], [first, second]]),
      50,
    );
    assert.ok((centres[first]?.across ?? 0) < (centres[second]?.across ?? 0));
  }
});
