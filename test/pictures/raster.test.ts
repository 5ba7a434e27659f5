import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Raster, Rasterizer } from "../../lib/display/raster.ts";
import { removeFolder, temporaryFolder } from "../../kernel/transport/folders.ts";

/** A drawing thread that does what the figure's first trace says. */
const SCRIPT = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from "node:worker_threads";
    parentPort.on("message", ({ id, subject }) => {
      const { act } = subject.figure.data[0];
      if (act === "hang") for (;;) {}
      if (act === "throw") throw new Error("out of paint");
      if (act === "exit") process.exit(7);
      if (act === "refuse") parentPort.postMessage({ id, reason: "no such colour" });
      if (act === "draw") parentPort.postMessage({ id, png: String(threadId) });
    });
  `)}`,
);

const figure = (act: string): { figure: { data: object[]; layout: object } } => ({
  figure: { data: [{ act }], layout: {} },
});

const failures: readonly [string, string][] = [
  ["throw", "out of paint"],
  ["exit", "the drawing thread ended with code 7"],
  ["hang", "drawing took longer than 0.3 seconds"],
];
for (const [act, reason] of failures) {
  test(`a drawing thread that does "${act}" loses one picture, and none that waits behind it`, async (t) => {
    const rasterizer = new Rasterizer({ script: SCRIPT, timeout: 300 });
    t.after(() => rasterizer.close());
    const all = ["draw", act, "draw", "draw"].map((each) => rasterizer.draw(figure(each)));
    const [before, lost, next, last] = await Promise.all(all);
    assert.ok(before && "png" in before);
    assert.deepEqual(lost, { reason });
    assert.ok(next && "png" in next && next.png !== before.png, "a new thread");
    assert.deepEqual(last, next);
    assert.deepEqual(await rasterizer.draw(figure("draw")), next, "which goes on");
  });
}

test("a figure that is refused leaves the thread alive", async (t) => {
  const rasterizer = new Rasterizer({ script: SCRIPT });
  t.after(() => rasterizer.close());
  const first = await rasterizer.draw(figure("draw"));
  assert.deepEqual(await rasterizer.draw(figure("refuse")), { reason: "no such colour" });
  assert.deepEqual(await rasterizer.draw(figure("draw")), first);
});

test("where the drawing thread cannot be loaded, the reason names what is missing", async () => {
  const script = new URL("data:text/javascript,import 'gradbook-has-no-such-package'");
  const raster = await new Rasterizer({ script }).draw(figure("draw"));
  assert.match("reason" in raster ? raster.reason : "", /gradbook-has-no-such-package/);
});

test("a start that failed is tried again with the next figure", async (t) => {
  const folder = temporaryFolder("gradbook-raster-");
  t.after(() => removeFolder(folder));
  cpSync(new URL("../../lib/display", import.meta.url), folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }`);
  const script = pathToFileURL(join(folder, "worker.js"));
  const rasterizer = new Rasterizer({ script });
  t.after(() => rasterizer.close());
  const line = { figure: { data: [{ x: [1, 2], y: [1, 2] }], layout: {} } };
  const installed = fileURLToPath(new URL("../../../node_modules", import.meta.url));
  const drawn: Raster[] = [];
  for (const name of ["@expo-google-fonts", "@resvg", "jsdom", "plotly.js-dist-min"]) {
    drawn.push(await rasterizer.draw(line));
    symlinkSync(join(installed, name), join(folder, "node_modules", name), "junction");
  }
  for (const raster of drawn) assert.match("reason" in raster ? raster.reason : "", /Cannot find/);
  assert.ok("png" in (await rasterizer.draw(line)));
});

test("closing gives up what is being drawn, and the next figure starts anew", async (t) => {
  const rasterizer = new Rasterizer({ script: SCRIPT });
  t.after(() => rasterizer.close());
  const hanging = rasterizer.draw(figure("hang"));
  await rasterizer.close();
  assert.deepEqual(await hanging, { reason: "the drawing thread was closed" });
  assert.ok("png" in (await rasterizer.draw(figure("draw"))));
});

function node(source: string): { status: number | null; stdout: string } {
  const index = new URL("../../lib/display/index.js", import.meta.url).href;
  const program = `import { plot, DISPLAY } from ${JSON.stringify(index)}; ${source}`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    timeout: 60_000,
  });
}

test("a process may wait for a picture, and an idle drawing thread does not keep it alive", () => {
  const { status, stdout } = node(`
    const bundle = await plot({ data: [{ x: [1, 2], y: [1, 2] }] })[DISPLAY]();
    console.log(Object.keys(bundle).includes("image/png"), bundle["text/plain"]);
  `);
  assert.equal(stdout, "true Plotly figure, 1 trace: scatter (2 points)\n");
  assert.equal(status, 0);
});

test("making figures starts no thread and loads neither Plotly nor jsdom", () => {
  const { stdout } = node(`
    import { createRequire } from "node:module";
    import { Worker } from "node:worker_threads";
    plot.points([[0, 0]]).add(plot.line({ w: [1, 1], b: 0 }));
    const firstThread = new Worker("", { eval: true }).threadId;
    console.log(firstThread, Object.keys(createRequire(import.meta.url).cache).length);
  `);
  assert.equal(stdout, "1 0\n");
});
