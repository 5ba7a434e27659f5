import { strict as assert } from "node:assert";
import { test } from "node:test";
import { DISPLAY, plot } from "../../../lib/display/index.ts";
import type { GraphOptions } from "../../../lib/display/index.ts";
import { Tensor } from "../../../lib/core/tensor.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import type { Node } from "../../../lib/graph/node.ts";
import {
  add,
  constant,
  matmul,
  multiply,
  placeholder,
  sigmoid,
  Variable,
} from "../../../lib/ops/index.ts";
import type { Element } from "./markup.ts";
import { parse } from "./markup.ts";

interface Drawn {
  /** The texts of each node's box. */
  readonly boxes: readonly string[][];
  readonly edges: number;
  readonly texts: readonly string[];
}

function drawn(result: Node | readonly Node[], options: GraphOptions = {}): Drawn {
  const svg = String(plot.graph(result, options)[DISPLAY]()["image/svg+xml"]);
  const root = parse(svg);
  const texts = (inside: readonly Element[]): string[] =>
    inside.filter(({ tagName }) => tagName === "text").map(({ textContent }) => textContent);
  return {
    boxes: root.all("g").map((group) => texts(group.children)),
    edges: root.all("path", "marker-end").length,
    texts: texts(root.all("text")),
  };
}

test("a graph is drawn from its nodes: names, kinds and shapes", () => {
  new Graph().asDefault();
  const A = new Variable(
    [
      [1, 0],
      [0, -1],
    ],
    { name: "A" },
  );
  const x = placeholder({ name: "x", shape: [2] });
  const z = add(matmul(A, x), [1, 1], { name: "z" });
  const { boxes, edges } = drawn(z);
  assert.deepEqual(
    boxes.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
    [
      ["A", "variable [2, 2]"],
      ["[1, 1]", "constant [2]"],
      ["matmul", "[2]"],
      ["x", "placeholder [2]"],
      ["z = add", "[2]"],
    ],
  );
  assert.equal(edges, 4);
});

test("values and gradients are printed on their nodes", () => {
  new Graph().asDefault();
  const a = placeholder({ name: "a" });
  const e = multiply(a, a, { name: "e" });
  const values = new Map<Node, unknown>([
    [a, 3],
    [e, new Tensor(Float64Array.of(9, -1.23456), [2])],
  ]);
  const { boxes, texts } = drawn(e, { values, gradients: new Map([[a, -6]]) });
  assert.deepEqual(boxes, [
    ["a", "placeholder scalar", "= 3", "∂ −6"],
    ["e = multiply", "[2]", "= [9, −1.23]"],
  ]);
  assert.deepEqual(
    texts.filter((text) => /^[=∂] [a-z]/.test(text)),
    ["= value", "∂ gradient of the result with respect to the node"],
  );
});

test("a node that is used twice by one consumer has two edges, which end apart", () => {
  new Graph().asDefault();
  const a = placeholder({ name: "a" });
  const svg = String(plot.graph(multiply(a, a))[DISPLAY]()["image/svg+xml"]);
  const ends = [...svg.matchAll(/ ([\d.]+),([\d.]+)" fill="none"/g)].map(([, x, y]) => `${x} ${y}`);
  assert.equal(ends.length, 2);
  assert.notEqual(ends[0], ends[1]);
});

test("several results share one picture", () => {
  new Graph().asDefault();
  const a = placeholder({ name: "a" });
  assert.equal(drawn([sigmoid(a), multiply(a, 2)]).boxes.length, 4);
});

test("a large tensor is shortened", () => {
  new Graph().asDefault();
  const { boxes } = drawn(constant([1, 2, 3, 4, 5, 6, 7]));
  assert.deepEqual(boxes, [["[1, 2, 3, …]", "constant [7]"]]);
});

test("names and titles are escaped", () => {
  new Graph().asDefault();
  const name = `</text><script>&"'`;
  const { boxes, texts } = drawn(placeholder({ name }), { title: name });
  assert.equal(boxes[0]?.[0], name);
  assert.equal(texts[0], name);
});

test("the same graph is text as well", () => {
  new Graph().asDefault();
  const a = placeholder({ name: "a", shape: [] });
  const bundle = plot.graph(sigmoid(a))[DISPLAY]();
  assert.equal(
    bundle["text/plain"],
    "a = placeholder(): float64 scalar\nsigmoid = sigmoid(a): float64 scalar",
  );
});

test("a chain far deeper than the call stack is refused for its size, or drawn if that is wished", () => {
  new Graph().asDefault();
  let y: Node = placeholder({ name: "a", shape: [] });
  for (let i = 0; i < 12_000; i++) y = sigmoid(y);
  const message =
    "plot.graph: 12001 nodes are too many to read (limit 150); pass { limit: 12001 } to draw them all";
  assert.throws(() => plot.graph(y), { name: "RangeError", message });
  const svg = String(plot.graph(y, { limit: 12_001 })[DISPLAY]()["image/svg+xml"]);
  assert.equal(svg.match(/<title>/g)?.length, 12_001);
});

const mistakes: readonly [string, () => unknown, string][] = [
  [
    "a number",
    () => plot.graph(3 as never),
    "plot.graph: wanted a node or a list of nodes, got the number 3",
  ],
  [
    "an empty list",
    () => plot.graph([]),
    "plot.graph: wanted a node or a list of nodes, got an empty array",
  ],
];
for (const [what, make, message] of mistakes) {
  test(`${what} is refused in one sentence`, () =>
    assert.throws(make, { name: "TypeError", message }));
}
