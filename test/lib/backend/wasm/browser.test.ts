import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const library = new URL("../../../../lib/index.js", import.meta.url).href;

/** Runs a program where some of the globals are missing, and gives what it logs, line by line. */
function runWithout(globals: readonly string[], source: string): string[] {
  const program = `
    const { log } = console;
    const later = () => new Promise((resolve) => setTimeout(resolve));
    for (const name of ${JSON.stringify(globals)}) delete globalThis[name];
    const g = await import(${JSON.stringify(library)});
    // What compiles plans is on its way.
    for (let i = 0; i < 1000 && !String(explained(g)).includes("wasm"); i++) await later();
    function explained(g) {
      new g.Graph({ dtype: "float32" }).asDefault();
      return g.explain(new g.Session({ backend: "wasm" }), g.exp(new g.Variable([1, 2])));
    }
    ${source}`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", program],
    { encoding: "utf8", timeout: 120_000 },
  );
  assert.equal(status, 0, stderr);
  return stdout.trim().split("\n");
}

const cases: Readonly<Record<string, readonly string[]>> = {
  "a page that may share memory": ["process", "Buffer", "setImmediate"],
  "a page that may not": ["process", "Buffer", "setImmediate", "SharedArrayBuffer"],
};

for (const [where, missing] of Object.entries(cases)) {
  test(`${where}: plans are compiled for one thread, and variables outlive the growth of the memory`, () => {
    const [ways, loss, reference, before, after, next] = runWithout(
      missing,
      `
      new g.Graph({ dtype: "float32" }).asDefault();
      const W = new g.Variable(g.random(1).uniform([80, 80]));
      const J = g.reduceSum(g.sigmoid(g.matmul(W, W)));
      const train = new g.GradientDescentOptimizer({ learningRate: 1e-5 }).minimize(J);
      const session = new g.Session({ backend: "wasm" });
      log([...new Set(g.explain(session, J).steps.map((step) => step.backend))].join());
      const expected = new g.Session({ backend: "reference" }).run(J).item();
      log(session.run([J, train])[0].item());
      log(expected);
      log(W.value.data.length, W.value.data.reduce((sum, x) => sum + x));
      const V = new g.Variable(g.random(2).uniform([500, 500]));
      session.run(g.reduceSum(g.exp(V)));
      log(W.value.data.length, W.value.data.reduce((sum, x) => sum + x));
      log(session.run([J, train])[0].item());`,
    );
    assert.equal(ways, "wasm");
    assert.ok(Math.abs(Number(loss) / Number(reference) - 1) < 1e-5, `${loss} and ${reference}`);
    assert.equal(after, before);
    assert.ok(Number(next) <= Number(loss), `${loss}, then ${next}`);
  });
}
