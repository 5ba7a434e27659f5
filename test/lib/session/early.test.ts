/** Large results are copied part by part while threads compute: they are the same, and nobody sees a half one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { threadsHere } from "../../../lib/backend/threads.ts";
import { Machine } from "../../../lib/backend/wasm/machine.ts";
import { canWait, type Job, type Take } from "../../../lib/backend/wasm/pool.ts";
import { random } from "../../../lib/core/random.ts";
import {
  computeGradients,
  Graph,
  multiply,
  print,
  reduceSum,
  sigmoid,
  Tensor,
  Variable,
  type Node,
} from "../../../lib/index.ts";
import { compiled, inParts } from "../backend/plans.ts";

/** A machine that computes the parts itself, and tells which were taken as they came. */
class Watched extends Machine {
  readonly taken: (readonly [from: number, to: number])[] = [];

  constructor() {
    super(inParts(2));
  }

  override share({ parts }: Job, part: (index: number) => void, take?: Take): void {
    for (let i = 0; i < parts; i++) {
      part(i);
      if (take === undefined) continue;
      this.taken.push([i, i + 1]);
      take(i, i + 1);
    }
  }
}

/** sigmoid(a·b), its sum, and the gradients of that: a phase in parts, three large results and a small one. */
function net(shape: readonly number[]): { fetch: readonly Node[]; a: Variable } {
  new Graph({ dtype: "float32" }).asDefault();
  const [a, b] = [1, 2].map((seed) => new Variable(random(seed).normal(shape)));
  const y = sigmoid(multiply(a, b));
  const sum = reduceSum(y);
  const gradients = computeGradients(sum, [a, b]);
  return { fetch: [y, sum, gradients.get(a)!, gradients.get(b)!], a };
}

const numbers = (tensors: readonly Tensor[]): readonly unknown[] => tensors.map(({ data }) => data);
const emptyLike = ({ shape, size }: Tensor): Tensor => new Tensor(new Float32Array(size), shape);

for (const shape of [[1_000_003], [997, 401]] as const) {
  test(`all of a result [${shape.join(", ")}] arrives, in new tensors and in those given`, () => {
    const { fetch } = net(shape);
    const wanted = compiled(fetch, new Machine()).run(new Map());
    const machine = new Watched();
    const plan = compiled(fetch, machine);
    const fresh = plan.run(new Map());
    assert.ok(machine.taken.length > 1, "nothing was taken early");
    const sum = wanted[1].item();
    assert.ok(Math.abs(fresh[1].item() - sum) <= 1e-5 * Math.abs(sum));
    for (const i of [0, 2, 3]) assert.deepEqual(fresh[i].data, wanted[i].data);
    const into = wanted.map(emptyLike);
    assert.equal(plan.run(new Map(), into), into);
    assert.deepEqual(numbers(into), numbers(fresh));
  });
}

test(
  "with real threads each run gives its own values, and keeps those of the runs before",
  { skip: !canWait() || threadsHere() === undefined },
  () => {
    const { fetch, a } = net([500_000]);
    const [one, all] = [new Machine(), new Machine(threadsHere())].map((x) => compiled(fetch, x));
    const kept: { got: readonly Tensor[]; wanted: readonly Tensor[] }[] = [];
    for (let i = 0; i < 12; i++) {
      a.value = random(i).normal([500_000]);
      const wanted = one.run(new Map());
      kept.push({
        got: all.run(new Map(), i % 2 === 0 ? undefined : wanted.map(emptyLike)),
        wanted,
      });
    }
    for (const { got, wanted } of kept) {
      for (const i of [0, 2, 3]) assert.deepEqual(got[i].data, wanted[i].data);
    }
  },
);

test("a run that throws writes into no tensor that was given", () => {
  const { fetch } = net([400_000]);
  const failing = print(reduceSum(fetch[0]), {
    write: () => {
      throw new Error("no room");
    },
  });
  const machine = new Watched();
  const plan = compiled([...fetch, failing], machine);
  const into = [...fetch, failing].map((node) => {
    const size = node.shape!.length === 0 ? 1 : 400_000;
    return new Tensor(new Float32Array(size).fill(7), node.shape as readonly number[]);
  });
  assert.throws(() => plan.run(new Map(), into), /no room/);
  assert.ok(into.every(({ data }) => data.every((x: number) => x === 7)));
  assert.deepEqual(machine.taken, []);
});

test("given tensors that do not fit are refused before anything is computed", () => {
  const { fetch } = net([400_000]);
  const machine = new Watched();
  const plan = compiled(fetch, machine);
  const into = plan.run(new Map()).map(emptyLike);
  machine.taken.length = 0;
  into[3] = new Tensor(new Float32Array(4), [4]);
  assert.throws(() => plan.run(new Map(), into), /into for .* is float32 \[4\]; wanted a Tensor/);
  assert.deepEqual(machine.taken, []);
  assert.ok(into[0].data.every((x: number) => x === 0));
});
