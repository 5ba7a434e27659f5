import { strict as assert } from "node:assert";
import { test } from "node:test";
import { plot } from "../../../lib/display/index.ts";
import type { GraphOptions } from "../../../lib/display/index.ts";
import { Tensor } from "../../../lib/core/tensor.ts";
import { Graph } from "../../../lib/graph/graph.ts";
import type { Node } from "../../../lib/graph/node.ts";
import {
  add,
  constant,
  matmul,
  multiply,
  negative,
  placeholder,
  reduceSum,
  sigmoid,
  square,
  Variable,
} from "../../../lib/ops/index.ts";
import { Session } from "../../../lib/session/session.ts";
import { GradientDescentOptimizer } from "../../../lib/train/index.ts";
import { arialWidth } from "../../../lib/display/arial.ts";
import type { Element } from "./markup.ts";
import { parse } from "./markup.ts";

interface Drawn {
  /** The texts of each node's box. */
  readonly boxes: readonly string[][];
  readonly edges: number;
  readonly texts: readonly string[];
}

function drawn(result: Node | readonly Node[], options: GraphOptions = {}): Drawn {
  const svg = plot.graph(result, options).svg();
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

/** The diamond of the course: a → b → c → e and b → d → e. */
function diamond(at: number): { a: Variable; b: Node; e: Node } {
  new Graph().asDefault();
  const a = new Variable(at, { name: "a" });
  const b = square(a, { name: "b" });
  const e = multiply(square(b), negative(b), { name: "e" });
  return { a, b, e };
}

/** What is printed on a node besides its name and shape. */
function numbersOn(boxes: readonly string[][], title: string): string[] | undefined {
  return boxes.find(([first]) => first === title)?.slice(2);
}

test("one call computes the values and gradients that it prints", () => {
  const { e } = diamond(2);
  const { boxes, texts } = drawn(e, { gradients: true });
  assert.deepEqual(numbersOn(boxes, "a"), ["= 2", "∂ −192"]);
  assert.deepEqual(numbersOn(boxes, "b = square"), ["= 4", "∂ −48"]);
  assert.deepEqual(numbersOn(boxes, "e = multiply"), ["= −64", "∂ 1"]);
  assert.ok(texts.includes("= value"));
});

test("a session runs everything at once, and is given the feeds", () => {
  new Graph().asDefault();
  const x = placeholder({ name: "x" });
  const J = reduceSum(square(x), { name: "J" });
  const runs: unknown[] = [];
  class Counting extends Session {
    override run(...args: Parameters<Session["run"]>): never {
      runs.push(args[1]);
      return super.run(...args) as never;
    }
  }
  const feeds = [[x, [1, -2]]] as const;
  const { boxes } = drawn(J, { session: new Counting(), feeds, gradients: true });
  assert.deepEqual(runs, [feeds]);
  assert.deepEqual(numbersOn(boxes, "x"), ["= [1, −2]", "∂ [2, −4]"]);
  assert.deepEqual(numbersOn(drawn(J, { feeds }).boxes, "x"), ["= [1, −2]"]);
});

test("the numbers are those of the call, and given ones are left as they are", () => {
  const { a, e } = diamond(2);
  const picture = plot.graph(e, { gradients: true, values: new Map([[a, 7]]) });
  a.value = 5;
  const svg = picture.svg();
  assert.ok(svg.includes("∂ −192") && svg.includes("= 7"));
  assert.ok(!svg.includes("= 4"));
});

test("a picture with numbers takes no training step", () => {
  const { a, e } = diamond(2);
  const train = new GradientDescentOptimizer({ learningRate: 1 }).minimize(e);
  const { boxes } = drawn(train, { session: new Session() });
  assert.equal(a.value.item(), 2);
  assert.deepEqual(numbersOn(boxes, "a"), ["= 2"]);
  assert.deepEqual(numbersOn(boxes, "minimize"), []);
});

test("lines keep to their box in any font, and a long title to the picture", () => {
  new Graph().asDefault();
  const W = new Variable([[-1.111, 2.222, -3.333]], { name: "W" });
  const title = "A title that is much longer than the graph below is wide, by far";
  const svg = plot.graph(W, { session: new Session(), title }).svg();
  const root = parse(svg);
  const [box] = root.all("rect", "stroke").map((rect) => Number(rect.getAttribute("width")));
  const lengths = root
    .all("text", "textLength")
    .map((line) => Number(line.getAttribute("textLength")));
  assert.equal(lengths.length, 3);
  assert.ok(lengths.every((length) => length > 5 && length <= (box ?? 0) - 16));
  assert.ok(Number(root.getAttribute("width")) > 1.25 * arialWidth(title, 16, "bold"));
});

test("an edge that skips a layer goes straight past its boxes, well clear of them", () => {
  new Graph().asDefault();
  const b = new Variable(2, { name: "b" });
  const e = add(b, negative(square(b), { name: "d" }), { name: "e" });
  const root = parse(plot.graph(e).svg());
  const skips = root.all("path", "marker-end").map((path) => path.getAttribute("d") ?? "");
  const [skip = ""] = skips.filter((d) => d.split("C").length > 3);
  const places = [...skip.matchAll(/([\d.]+),([\d.]+)(?=C|$)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  const boxes = root.all("rect", "stroke").map((rect) => {
    const at = (name: string): number => Number(rect.getAttribute(name));
    return {
      left: at("x"),
      right: at("x") + at("width"),
      top: at("y"),
      bottom: at("y") + at("height"),
    };
  });
  for (const { left, right, top, bottom } of boxes) {
    const over = places.slice(1, -1).filter(([x = 0]) => x > left - 1 && x < right + 1);
    for (const [, y = 0] of over) assert.ok(y <= top - 13 || y >= bottom + 13, `${y}: ${top}`);
  }
});

test("a node that is used twice by one consumer has two edges, which end apart", () => {
  new Graph().asDefault();
  const a = placeholder({ name: "a" });
  const svg = plot.graph(multiply(a, a)).svg();
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
  assert.equal(
    plot.graph(sigmoid(a)).text(),
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
  const svg = plot.graph(y, { limit: 12_001 }).svg();
  assert.equal(svg.match(/<title>/g)?.length, 12_001);
});

const mistakes: readonly [string, () => unknown, string][] = [
  [
    "a number",
    () => plot.graph(3 as never),
    "plot.graph: wanted a node or a list of nodes, got the number 3",
  ],
  [
    "a gradient of two results",
    () => plot.graph([constant(1), constant(2)], { gradients: true }),
    "plot.graph: gradients: true wants one result to differentiate, got 2",
  ],
  [
    "nothing",
    () => plot.graph(undefined as never),
    "plot.graph: wanted a node or a list of nodes, got undefined",
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

test("edges go to the right while that fits into a notebook, else downwards, unless one is asked for", () => {
  new Graph().asDefault();
  const chain = (count: number): Node => {
    let node: Node = new Variable([0.123, 0.456, 0.789], { name: "a_long_name_of_a_variable" });
    for (let i = 0; i < count; i++) node = sigmoid(node, { name: `a_long_name_of_operation_${i}` });
    return node;
  };
  const isWide = (count: number, options: GraphOptions = {}): boolean => {
    const { attributes } = parse(plot.graph(chain(count), options).svg());
    const [width, height] = [Number(attributes.get("width")), Number(attributes.get("height"))];
    assert.ok(options.direction !== undefined || width <= 900, `${width} is cut in JupyterLab`);
    return width > height;
  };
  assert.equal(isWide(2), true);
  assert.equal(isWide(5), false);
  assert.equal(isWide(5, { direction: "right" }), true);
  assert.equal(isWide(4, { direction: "down" }), false);
});
