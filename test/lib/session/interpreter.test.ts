/** First runs: memory of values that nobody reads any more serves those that come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { selectBackend } from "../../../lib/backend/select.ts";
import {
  add,
  constant,
  exp,
  Graph,
  reshape,
  tanh,
  Variable,
  type Node,
} from "../../../lib/index.ts";
import { Interpreter } from "../../../lib/session/interpreter.ts";
import { endsOf, nodesOf } from "../../../lib/session/tasks.ts";

/** What the runs of an interpreter give, and how many buffers each allocates. */
function runs(
  fetches: readonly Node[],
  times: number,
): { values: number[][]; allocated: number }[] {
  const javascript = selectBackend("javascript");
  let allocated = 0;
  const counting: typeof javascript = {
    ...javascript,
    alloc: (shape, dtype) => {
      allocated += 1;
      return javascript.alloc(shape, dtype);
    },
  };
  const nodes = nodesOf(fetches);
  const interpreter = new Interpreter(fetches, nodes, endsOf(nodes), counting);
  return Array.from({ length: times }, () => {
    allocated = 0;
    const values = interpreter.run(new Map()).map(({ data }) => Array.from<number>(data));
    return { values, allocated };
  });
}

test("a long chain takes two buffers in its first run, one for each value in the second, none in the third", () => {
  new Graph().asDefault();
  let y: Node = constant([1, 2, 3]);
  for (let i = 0; i < 100; i++) y = tanh(y);
  const [first, second, third] = runs([y], 3);
  assert.deepEqual(
    [first, second, third].map(({ allocated }) => allocated),
    [2, 100, 0],
  );
  assert.deepEqual(second.values, first.values);
  assert.deepEqual(third.values, first.values);
});

test("a run that changes a variable is one of many: the first takes what the second needs", () => {
  new Graph().asDefault();
  const w = new Variable([1, 2, 3]);
  let y: Node = w;
  for (let i = 0; i < 100; i++) y = tanh(y);
  const [first, second] = runs([y, w.assign(y)], 2);
  assert.deepEqual([first.allocated, second.allocated], [101, 0]);
  assert.notDeepEqual(second.values, first.values);
});

test("what is fetched, and what has a view that is read later, keeps its memory", () => {
  new Graph().asDefault();
  const x = exp(constant([[0, 1, 2]]));
  const view = reshape(x, { shape: [3] });
  let y: Node = tanh(x);
  const early = y;
  for (let i = 0; i < 10; i++) y = add(tanh(y), 1);
  const z = add(reshape(y, { shape: [3] }), view);
  const [first, second] = runs([early, z], 2);
  assert.deepEqual(first.values, second.values);
});
