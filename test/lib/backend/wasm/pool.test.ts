import assert from "node:assert/strict";
import { test } from "node:test";
import { runInThisContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { canWait, type Job } from "../../../../lib/backend/wasm/pool.ts";
import { threadsHere } from "../../../../lib/backend/threads.ts";
import { Machine } from "../../../../lib/backend/wasm/machine.ts";
import { random } from "../../../../lib/core/random.ts";
import {
  add,
  Graph,
  matmul,
  multiply,
  reshape,
  Session,
  sigmoid,
  Variable,
} from "../../../../lib/index.ts";
import { compiled as compiledOn } from "../plans.ts";

const threads = threadsHere();
const able = canWait() && threads !== undefined;

/** A plan with products and elementwise kernels that threads share, a variable that each step changes, and a large result. */
function plan() {
  new Graph({ dtype: "float32" }).asDefault();
  const W = new Variable(random(1).uniform([160, 160]));
  const next = W.assign(add(multiply(W, 0.5), multiply(sigmoid(matmul(W, W)), 0.5)));
  const large = multiply(reshape(W, { shape: [1, 160, 160] }), random(2).uniform([16, 1, 1]));
  const compiled = compiledOn([next, large], new Machine(threads));
  assert.ok(compiled.ways.includes("threads"), compiled.ways.join());
  return { W, step: () => compiled.run(new Map()) };
}

test(
  "a step that was stopped at any moment changes nothing, and the next one works",
  { skip: !able },
  () => {
    const { W, step } = plan();
    const stopped = plan();
    // A thread that is only being started when it happens keeps the process alive, as every worker does until it is unref'd.
    stopped.step();
    step();
    (globalThis as { stoppedStep?: () => void }).stoppedStep = stopped.step;
    const draw = random(7);
    let interruptions = 0;
    for (let i = 0; i < 200; i++) {
      const before = stopped.W.value;
      const timeout = 1 + Math.floor(draw.uniform().item() * 4);
      try {
        // Ends the JavaScript of this thread in the middle of whatever it does, as the stop button of a notebook.
        runInThisContext("for (;;) stoppedStep()", { timeout });
      } catch (error) {
        assert.equal((error as { code?: string }).code, "ERR_SCRIPT_EXECUTION_TIMEOUT");
        interruptions += 1;
      }
      const { W: fresh, step: once } = { W: stopped.W, step: stopped.step };
      const now = fresh.value;
      assert.ok(now.data.every(Number.isFinite));
      assert.deepEqual(now.shape, before.shape);
      // What a step makes of the variable is what an undisturbed plan makes of the same value.
      W.value = now;
      const [, wanted] = step();
      const [, got] = once();
      assert.deepEqual(fresh.value.data, W.value.data, `after interruption ${i}`);
      assert.deepEqual(got.data, wanted.data, `after interruption ${i}`);
    }
    assert.equal(interruptions, 200);
  },
);

/** A machine whose threads are given bytes that are no module. */
class Misled extends Machine {
  override share(job: Job, part: (index: number) => void): void {
    super.share({ ...job, code: this.scratch, length: 8 }, part);
  }
}

test(
  "a thread that cannot compile a module leaves its parts to the others",
  { skip: !able },
  () => {
    new Graph({ dtype: "float32" }).asDefault();
    const W = new Variable(random(1).uniform([200, 200]));
    const fetches = [sigmoid(matmul(W, W))];
    const wanted = compiledOn(fetches, new Machine()).run(new Map());
    const misled = compiledOn(fetches, new Misled(threads));
    assert.ok(misled.ways.includes("threads"), misled.ways.join());
    for (let i = 0; i < 50; i++) assert.deepEqual(misled.run(new Map())[0].data, wanted[0].data);
  },
);

test("a process with sleeping threads ends by itself", { skip: !able }, async () => {
  const library = new URL("../../../../lib/index.js", import.meta.url).href;
  const source = `
    import(${JSON.stringify(library)}).then((g) => {
      new g.Graph({ dtype: "float32" }).asDefault();
      const W = new g.Variable(g.random(1).uniform([300, 300]));
      const session = new g.Session({ backend: "wasm" });
      for (let i = 0; i < 3; i++) session.run(g.matmul(W, W));
    });`;
  const code = await new Promise((resolve) => {
    new Worker(source, { eval: true }).on("exit", resolve);
  });
  assert.equal(code, 0);
});

test("without threads everything is computed on one", () => {
  new Graph().asDefault();
  const W = new Variable(random(1).uniform([200, 200]));
  const y = matmul(W, W);
  const one = compiledOn([y], new Machine());
  assert.deepEqual([...new Set(one.ways)], ["wasm"]);
  assert.equal(new Session({ backend: "wasm" }).run(W).size, 40_000);
});
