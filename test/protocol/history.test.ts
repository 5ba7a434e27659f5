/** History that outlives the kernel, with real kernels and a real file. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test, type TestContext } from "node:test";
import { openDatabase } from "../../kernel/front/store/database.ts";
import type { KernelClient, LaunchOptions } from "../../kernel/run/client.ts";
import { removeFolder, temporaryFolder } from "../../kernel/transport/folders.ts";
import { launchKernel } from "../schema/checked.ts";

const folder = temporaryFolder("gradbook-history-");
after(() => removeFolder(folder));
const probe = openDatabase(":memory:");
probe?.close();
const skip = probe === null ? "this Node has no SQLite, and libsql is not installed" : false;

/** A kernel that ends with its test, also where that fails. */
async function launch(t: TestContext, options: LaunchOptions): Promise<KernelClient> {
  const kernel = await launchKernel(options);
  t.after(() => kernel.process.kill("SIGKILL"));
  return kernel;
}

async function rows(kernel: KernelClient, content: object): Promise<unknown> {
  return (await kernel.request("history_request", content)).content["history"];
}

const tail = { hist_access_type: "tail", n: 100, output: true, raw: true };

test(
  "a restarted kernel knows the cells of the one before, to the last one",
  { skip },
  async (t) => {
    const history = join(folder, "new", "history.sqlite");
    const first = await launch(t, { history });
    await first.execute("let kept = 6 * 7; kept");
    await first.execute("'silent'", undefined, { silent: true });
    await first.execute("'not stored'", undefined, { store_history: false });
    await first.execute("'last'");
    await first.shutdown();
    const second = await launch(t, { history });
    assert.deepEqual(await rows(second, tail), [
      [1, 1, ["let kept = 6 * 7; kept", "42"]],
      [1, 2, ["'last'", "'last'"]],
    ]);
    await second.execute("'new'");
    assert.deepEqual(await rows(second, { hist_access_type: "range", session: -1, start: 2 }), [
      [1, 2, "'last'"],
    ]);
    assert.deepEqual(await rows(second, { hist_access_type: "range", session: 0 }), [
      [2, 1, "'new'"],
    ]);
    await second.shutdown();
  },
);

test("a cell that ends the process is remembered", { skip }, async (t) => {
  const history = join(folder, "exit.sqlite");
  const first = await launch(t, { history });
  const gone = new Promise((resolve) => first.process.once("exit", resolve));
  await first.execute("process.exit(0)");
  await gone;
  first.close();
  const second = await launch(t, { history });
  assert.deepEqual(await rows(second, { ...tail, output: false }), [[1, 1, "process.exit(0)"]]);
  await second.shutdown();
});

test("a history that cannot be kept is no cell's problem", async (t) => {
  const history = join(folder, "broken.sqlite");
  writeFileSync(history, "this is no database".repeat(100));
  const kernel = await launch(t, { history, log: "ignore" });
  const shown: unknown[] = [];
  const { content } = await kernel.execute("1 + 1", ({ message }) => {
    if (["stream", "error"].includes(message.header.msg_type)) shown.push(message.content);
  });
  assert.equal(content["status"], "ok");
  assert.deepEqual(await rows(kernel, { ...tail, output: false }), [[1, 1, "1 + 1"]]);
  await kernel.execute("2 + 2");
  await kernel.shutdown();
  assert.deepEqual(shown, []);
});

test("a kernel that is started for a batch writes no history", async (t) => {
  const data = mkdtempSync(join(folder, "data-"));
  const kernel = await launch(t, { env: { ...process.env, JUPYTER_DATA_DIR: data } });
  await kernel.execute("1 + 1");
  await kernel.shutdown();
  assert.deepEqual(readdirSync(data), []);
});

test("without a wish, history is in Jupyter's own folder", { skip }, async (t) => {
  const data = mkdtempSync(join(folder, "data-"));
  const env = { ...process.env, JUPYTER_DATA_DIR: data };
  const kernel = await launch(t, { history: "", env });
  await kernel.execute("1 + 1");
  await kernel.shutdown();
  assert.ok(existsSync(join(data, "gradbook", "history.sqlite")));
});
