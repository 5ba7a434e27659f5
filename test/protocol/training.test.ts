/** Training in a notebook: it shows how far it is, can be stopped, and goes on from there. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { KernelClient } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, type Ran, runCell } from "./cells.ts";

let kernel: KernelClient;

before(async () => {
  kernel = await launchKernel();
});
after(async () => kernel.shutdown());

const run = (code: string): Promise<Ran> => runCell(kernel, code);

test("a run shows one line, is stopped by an interrupt, and goes on with what it has learnt", async () => {
  const model = `
const { points, labels } = data.moons({ seed: 1 });
const X = placeholder({ name: "X", shape: [null, 2] });
const c = placeholder({ name: "c", shape: [null, 2] });
const loss = softmaxCrossEntropy(nn.sequential(nn.dense(16, { activation: relu }), nn.dense(2))(X), c);
const train = new AdamOptimizer({ learningRate: 0.01 }).minimize(loss);
const options = { loss, optimizer: train, feeds: [[X, points], [c, labels]] as const, batchSize: 30 };
const first = fit({ ...options, epochs: 3 }).loss[0];
`;
  const { status, stdout } = await run(model);
  assert.equal(status, "ok");
  assert.match(
    stdout,
    /^(\repoch \d\/3, step \d+\/12: loss [\d.e-]+, [\d.]+ steps\/s(, \d+ s left)? *)+\n$/,
  );

  const { seen, watch } = firstOf("stream");
  const running = kernel.execute(
    `fit({ ...options, epochs: 1e9, onStep: ({ step }) => { if (step === 50) console.log("go"); }, onProgress: null })`,
    watch,
  );
  await seen;
  await kernel.interrupt();
  const { content } = await running;
  assert.deepEqual([content["status"], content["ename"]], ["error", "Interrupted"]);

  const later = await run(`
const variables = loss.graph.nodes.filter((node) => node instanceof Variable);
const finite = variables.every(({ value }) => value.data.every((x: number) => Number.isFinite(x)));
const steps = variables.find(({ name }) => name === "adam/step")!;
const before = +steps.value;
const again = fit({ ...options, epochs: 2, onProgress: null }).loss[1];
JSON.stringify([finite, before >= 62, +steps.value - before, again < first]);
`);
  assert.match(String(later.value), /'\[true,true,8,true\]'/);
});
