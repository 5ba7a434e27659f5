import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import {
  AdamOptimizer,
  Graph,
  nameScope,
  type Node,
  randomNormal,
  randomUniform,
  reduceSum,
  schedule,
  Session,
  square,
  subtract,
  Variable,
} from "../../../lib/index.ts";
import * as io from "../../../lib/io/index.ts";

const folder = mkdtempSync(join(tmpdir(), "gradbook-io-"));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, "model.safetensors");

interface Model {
  readonly graph: Graph;
  readonly W: Variable;
  readonly train: Node;
}

/** The same graph each time, as a program that is run again builds it. */
function build(
  options: { dtype?: "float64" | "float32"; shape?: number[]; seed?: number } = {},
): Model {
  const { dtype = "float64", shape = [3], seed = 1 } = options;
  const graph = new Graph({ dtype, seed }).asDefault();
  const W = nameScope("layer", () => new Variable(graph.random.normal(shape), { name: "W" }));
  const J = reduceSum(square(subtract(W, 1)));
  const learningRate = schedule.cosine({ rate: 0.1, steps: 20 });
  return { graph, W, train: new AdamOptimizer({ learningRate }).minimize(J) };
}

describe("saving and loading variables", () => {
  test("training goes on as if it had not stopped: values, slots, step and random numbers", () => {
    const whole = build();
    const session = new Session();
    for (let i = 0; i < 5; i++) session.run(whole.train);
    io.saveVariables(path);
    for (let i = 0; i < 5; i++) session.run(whole.train);
    const drawn = whole.graph.random.normal([3]).data;

    const again = build({ seed: 99 });
    assert.notDeepEqual(again.W.value.data, whole.W.value.data);
    const names = ["layer/W", "adam/layer/W/mean", "adam/layer/W/square", "adam/step"];
    assert.deepEqual(io.loadVariables(path, { graph: again.graph }).toSorted(), names.toSorted());
    for (let i = 0; i < 5; i++) new Session().run(again.train);
    assert.deepEqual(again.W.value.data, whole.W.value.data);
    assert.deepEqual(again.graph.random.normal([3]).data, drawn);
  });

  test("random nodes draw on as if the run had not stopped, also where the graph had another seed", () => {
    const make = (seed: number): readonly [Graph, Node] => {
      const graph = new Graph({ seed }).asDefault();
      const x = new Variable([0, 0, 0], { name: "x" });
      return [graph, x.add(randomNormal([3])).add(randomUniform([3], { seed: 8 }))];
    };
    const session = new Session();
    const [, y] = make(1);
    session.run(y);
    io.saveVariables(path);
    const expected = [session.run(y).data, session.run(y).data];
    const [graph, again] = make(2);
    io.loadVariables(path);
    assert.deepEqual([session.run(again).data, session.run(again).data], expected);
    randomNormal([1]);
    assert.throws(() => io.loadVariables(path), {
      message: `io.loadVariables: ${path} has the state of 2 random nodes, the graph has 3; build the graph as it was when saved, or leave its random numbers alone: { partial: true }`,
    });
    assert.deepEqual(io.loadVariables(path, { graph, partial: true }), ["x"]);
  });

  test("chosen variables alone, and what two graphs have in common", () => {
    const { graph, W } = build();
    io.saveVariables(path, { variables: [W] });
    const { value } = W;
    W.value = [0, 0, 0];
    assert.deepEqual(io.loadVariables(path, { variables: [W] }), ["layer/W"]);
    assert.deepEqual(W.value.data, value.data);
    assert.throws(() => io.loadVariables(path, { graph }), /it lacks adam\/.*partial: true/);
    const before = graph.random.state;
    assert.deepEqual(io.loadVariables(path, { graph, partial: true }), ["layer/W"]);
    assert.deepEqual(graph.random.state, before, "a file without a random state leaves it alone");
  });

  test("float32 and float64 are converted into each other", () => {
    build({ dtype: "float32" });
    io.saveVariables(path);
    const { W } = build({ seed: 2 });
    io.loadVariables(path);
    assert.equal(W.value.dtype, "float64");
    assert.deepEqual(W.value.data, Float64Array.from(build({ dtype: "float32" }).W.value.data));
  });
});

describe("mistakes change nothing", () => {
  function assertUnchanged(
    options: Parameters<typeof build>[0],
    message: (model: Model) => string,
  ): void {
    const model = build({ seed: 5, ...options });
    const [value, { state }] = [model.W.value.data, model.graph.random];
    assert.throws(() => io.loadVariables(path), { name: "GraphError", message: message(model) });
    assert.deepEqual(model.W.value.data, value);
    assert.deepEqual(model.graph.random.state, state);
  }

  test("another shape", () => {
    build();
    io.saveVariables(path);
    assertUnchanged(
      { shape: [4] },
      ({ W }) =>
        `io.loadVariables: ${path}: layer/W has the shape [3], the variable [4] (made at ${W.origin.place}); build the graph as it was when saved`,
    );
  });

  test("missing and extra names", () => {
    const { W } = build();
    io.saveSafetensors(path, { "layer/W": W.value, V: [1], U: 2 });
    assertUnchanged(
      {},
      () =>
        `io.loadVariables: ${path} does not fit the graph: it lacks adam/layer/W/mean, adam/layer/W/square, adam/step, and it has U, V that the graph has not; build the graph as it was when saved, or load what both have: { partial: true }`,
    );
    io.saveSafetensors(path, Object.fromEntries("abcdefgh".split("").map((name) => [name, 1])));
    build();
    assert.throws(() => io.loadVariables(path, { partial: true }), {
      message: `io.loadVariables: ${path} and the graph have no name in common: it has a, b, c, d, e and 3 more, the graph layer/W, adam/layer/W/mean, adam/layer/W/square, adam/step`,
    });
  });

  test("another kind of number, and a random state that is none", () => {
    const { graph, W } = build();
    io.saveSafetensors(path, { "layer/W": new Int32Array(3) });
    assert.throws(() => io.loadVariables(path, { variables: [W] }), {
      message: `io.loadVariables: ${path}: layer/W is int32, the variable float64 (made at ${W.origin.place}); give the variable that dtype`,
    });
    const all = graph.nodes.filter((node) => node instanceof Variable);
    const nines = Object.fromEntries(all.map(({ name, value }) => [name, value.map(() => 9)]));
    const stream = { seed: 1, counter: 0, streams: [{ seed: 1, id: 1, draws: -1 }] };
    for (const text of ["{}", "{", JSON.stringify(stream)]) {
      io.saveSafetensors(path, nines, { metadata: { "gradbook.random": text } });
      assert.throws(() => io.loadVariables(path), {
        message: `io.loadVariables: ${path}: its random state is ${text}; wanted a seed, a counter and streams: save it anew`,
      });
    }
    assert.ok(W.value.data.every((x) => x !== 9));
  });

  test("nothing to save, wrong arguments, wrong files", () => {
    new Graph().asDefault();
    const cases: readonly [() => unknown, string][] = [
      [
        () => io.saveVariables(path),
        "io.saveVariables: there are no variables; make one with new Variable(…), or name the graph: { graph }",
      ],
      [
        () => io.saveVariables(path, { variables: [1 as never] }),
        "io.saveVariables: variables hold number 1; wanted a list of variables: { variables: [W, b] }",
      ],
      [
        () => io.saveVariables(path, { graph: {} as never }),
        'io.saveVariables: graph is an empty object; write io.saveVariables("model.safetensors", { graph })',
      ],
      [
        () => io.loadVariables(path, { strict: false } as never),
        "io.loadVariables: has no option strict; it has graph, variables, partial",
      ],
    ];
    for (const [run, message] of cases) assert.throws(run, { message });
    const a = new Variable(1, { name: "x" });
    new Graph().asDefault();
    const b = new Variable(2, { name: "x" });
    assert.throws(() => io.saveVariables(path, { variables: [a, b] }), {
      message: `io.saveVariables: two variables are called x (made at ${a.origin.place} and ${b.origin.place}); save each graph by itself`,
    });
    writeFileSync(path, "PK\u0003\u0004 not this");
    assert.throws(() => io.loadVariables(path), {
      message: `io.loadVariables: ${path} is no safetensors file: its header would be longer than the file; write one with io.saveVariables, or with safetensors in Python`,
    });
  });
});
