import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { runInThisContext } from "node:vm";
import * as gradbook from "../../../lib/index.ts";
import type { Dtype } from "../../../lib/index.ts";

const { add, constant, defaultGraph, Graph, matmul, nameScope, placeholder, tensor, Variable } =
  gradbook;

test("there always is a default graph, and asDefault replaces it", () => {
  assert.ok(defaultGraph() instanceof Graph);
  const graph = new Graph().asDefault();
  assert.equal(defaultGraph(), graph);
  assert.equal(placeholder().graph, graph);
  assert.equal(add(1, 2).graph, graph);
});

test("a node goes to the graph of its inputs, whatever the default is", () => {
  new Graph().asDefault();
  const x = placeholder();
  new Graph().asDefault();
  assert.equal(add(x, 1).graph, x.graph);
});

test("nodes of two graphs do not mix", () => {
  new Graph().asDefault();
  const x = placeholder({ name: "x" });
  new Graph().asDefault();
  const y = placeholder({ name: "y" });
  assert.throws(
    () => add(x, y),
    /^GraphError: add: placeholder "x" \(made at .*graph\.test.*\) and placeholder "y" .* belong to different graphs; make both after the same new Graph/,
  );
});

test("names are unique, also where one is chosen that counting gave before or would give next", () => {
  new Graph().asDefault();
  const names = ["add", "add", "add_1", "add", "b_2", "b", "b", "b", "b_1"].map(
    (name) => placeholder({ name }).name,
  );
  assert.deepEqual(names, ["add", "add_1", "add_1_1", "add_2", "b_2", "b", "b_1", "b_3", "b_1_1"]);
});

test("a name scope goes before the names of the nodes made in it", () => {
  new Graph().asDefault();
  const y = nameScope("layer1", () =>
    nameScope("inner", () => add(constant(1, { name: "one" }), 2)),
  );
  assert.equal(y.name, "layer1/inner/add");
  assert.equal(y.inputs[0].name, "layer1/inner/one");
  assert.equal(placeholder().name, "placeholder");
});

test("nodes know their inputs, consumers, dtype and shape", () => {
  new Graph().asDefault();
  const X = placeholder({ name: "X", shape: [null, 2] });
  const W = new Variable(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    { name: "W" },
  );
  const h = matmul(X, W, { name: "h" });
  const twice = add(h, h);
  assert.deepEqual(h.inputs, [X, W]);
  assert.deepEqual(h.consumers, [twice]);
  assert.deepEqual(h.shape, [null, 3]);
  assert.equal(String(h), "h = matmul(X, W): float64 [?, 3]");
  assert.equal(inspect(h), String(h));
});

test("a graph prints as text and as DOT", () => {
  const graph = new Graph().asDefault();
  add(new Variable([1, 2], { name: 'say "W"' }), 1);
  assert.equal(
    String(graph),
    'say "W" = variable(): float64 [2]\nconstant = constant(): float64 scalar\nadd = add(say "W", constant): float64 [2]',
  );
  assert.match(
    graph.toDot(),
    /^digraph \{[\s\S]*n0 \[label="say \\"W\\"[\s\S]*n0 -> n2;[\s\S]*\}$/,
  );
  assert.equal(String(new Graph()), "an empty graph");
});

test("a node knows the line that made it, its literals the same one", () => {
  new Graph().asDefault();
  const x = new Variable(1);
  const y = x.add(2);
  for (const node of [x, y, y.inputs[1]]) {
    assert.match(node.origin.place, /test\/lib\/graph\/graph\.test\.[jt]s:\d+:\d+$/);
  }
});

test("in a notebook the line is that of the cell", () => {
  new Graph().asDefault();
  const source =
    "(g) => {\n  const x = g.placeholder();\n  return () => g.matmul(x, [[1]]).log();\n}";
  const cell = runInThisContext(source, { filename: "Cell [7]" }) as (
    g: unknown,
  ) => () => gradbook.Node;
  const node = cell(gradbook)();
  assert.match(node.origin.place, /^Cell \[7\], line 3$/);
  assert.match(node.inputs[0].inputs[0].origin.place, /^Cell \[7\], line 2$/);
});

test("a shape error says which line made the node", () => {
  new Graph().asDefault();
  const source = "(g) => g.matmul(new g.Variable([[1, 2]]), [[1, 2]])";
  const cell = runInThisContext(source, { filename: "Cell [3]" }) as (g: unknown) => void;
  assert.throws(() => cell(gradbook), {
    name: "ShapeError",
    message:
      "matmul: a [1, 2] · b [1, 2]: inner sizes 2 and 1 differ; transpose one? (made at Cell [3], line 1)",
  });
});

test("the seed of a graph decides its random numbers", () => {
  const [a, b] = [new Graph({ seed: 5 }), new Graph({ seed: 5 })];
  assert.deepEqual(a.random.normal([3]).data, b.random.normal([3]).data);
});

test("the dtype of a graph is that of what is made in it", () => {
  new Graph({ dtype: "float32" }).asDefault();
  assert.equal(new Variable(1).dtype, "float32");
  assert.equal(add(placeholder(), 1).dtype, "float32");
  // @ts-expect-error there is no such dtype
  const dtype: Dtype = "float16";
  assert.throws(() => new Graph({ dtype }), /dtype float16 is unknown; use one of float64/);
});

test("a constant keeps the type of whole numbers and booleans that say theirs; floats are the graph's", () => {
  new Graph({ dtype: "float32" }).asDefault();
  const ints = tensor([1, 2], { dtype: "int32" });
  assert.equal(constant(ints).dtype, "int32");
  assert.equal(constant(tensor([1, 0], { dtype: "bool" })).dtype, "bool");
  assert.equal(constant([true, false]).dtype, "bool");
  assert.equal(constant(tensor([1, 2])).dtype, "float32");
  assert.equal(constant([1, 2]).dtype, "float32");
  assert.equal(constant(ints, { dtype: "float64" }).dtype, "float64");
  assert.equal(add(ints, 0.5).dtype, "float32", "a literal has the type of what stands beside it");
});
