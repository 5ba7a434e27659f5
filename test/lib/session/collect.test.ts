import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const library = new URL("../../../lib/index.js", import.meta.url).href;

/** Runs a program with a collector that can be called, and gives what it prints. */
function run(source: string): string {
  const program = `import * as g from ${JSON.stringify(library)};\n${source}`;
  const flags = ["--expose-gc", "--input-type=module", "-e", program];
  const { stdout, stderr, status } = spawnSync(process.execPath, flags, {
    encoding: "utf8",
    timeout: 120_000,
  });
  assert.equal(status, 0, stderr);
  return stdout + stderr;
}

test("a cell that builds and trains a net, run 500 times in one graph, needs no more memory than 100 times", () => {
  const printed = run(`
    const x = g.random(1).normal([50, 8]);
    let kept;
    function cell() {
      const W = new g.Variable(g.random(2).normal([8, 8]), { name: "W" });
      const J = g.reduceSum(g.square(g.sigmoid(g.matmul(x, W))));
      const train = new g.GradientDescentOptimizer({ learningRate: 0.01 }).minimize(J);
      const session = new g.Session();
      for (let i = 0; i < 6; i++) session.run([J, train]);
      kept = [W, session];
    }
    const used = async () => {
      for (let i = 0; i < 4; i++) {
        await new Promise((resolve) => setImmediate(resolve));
        gc();
      }
      return process.memoryUsage().heapUsed;
    };
    const sizes = [];
    for (let i = 1; i <= 500; i++) {
      cell();
      // Cells end, and the event loop turns.
      await new Promise((resolve) => setImmediate(resolve));
      if (i === 100 || i === 500) sizes.push(await used());
    }
    console.log((sizes[1] - sizes[0]) / 400, g.defaultGraph().nodes.length, g.defaultGraph().made);
  `);
  const [growth, nodes, made] = printed.trim().split(" ").map(Number);
  // Caches that are still filling up; the graph of a cell alone takes more than ten times as much.
  assert.ok(growth < 4000, `each cell leaves ${growth} bytes`);
  assert.ok(nodes * 20 < made, `${nodes} of ${made} nodes are there`);
});

test("building nodes before every run of a loop is warned of, once", () => {
  const printed = run(`
    const x = g.placeholder();
    const session = new g.Session();
    for (let i = 0; i < 200; i++) session.run(g.exp(x), [[x, i]]);
    const y = g.exp(x);
    for (let i = 0; i < 200; i++) session.run(y, [[x, i]]);
  `);
  assert.equal(printed.split("run: each of the last 50 runs came after new nodes").length, 2);
});
