/** Messages that need a real kernel: what it is, where it listens, what it uses, and how it is encrypted. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { curveKeyPair } from "zeromq";
import type { KernelClient } from "../../kernel/run/client.ts";
import { portsOf } from "../../kernel/transport/connection.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, runCell } from "./cells.ts";

let kernel: KernelClient;

before(async () => {
  kernel = await launchKernel();
});
after(async () => kernel.shutdown());

test("connect gives the ports that were bound", async () => {
  const { content } = await kernel.request("connect_request", {});
  assert.deepEqual(content, { status: "ok", ...portsOf(kernel.connection) });
});

test("usage is answered while a cell loops, and sees it", async () => {
  const usage = async (): Promise<Record<string, unknown>> =>
    (await kernel.request("usage_request", {}, { channel: "control" })).content;
  await usage();
  const { seen, watch } = firstOf("stream");
  const running = kernel.execute("console.log('go'); for (;;) {}", watch);
  await seen;
  const first = await usage();
  assert.equal(first["pid"], kernel.process.pid);
  let share = 0;
  for (let n = 0; n < 2000 && share < 20; n++) share = Number((await usage())["kernel_cpu"]);
  assert.ok(share >= 20, `${share} % of a processor in a loop`);
  await kernel.interrupt();
  await running;
});

test("a silent cell changes the notebook and shows nothing, also later", async () => {
  const code =
    "let quiet = 5; console.log('x'); display.text('y'); setTimeout(() => { console.log('late'); quiet++ }); quiet";
  const { types, status } = await runCell(kernel, code, { silent: true });
  assert.deepEqual([types, status], [["status", "status"], "ok"]);
  assert.match(String((await runCell(kernel, "quiet > 4")).value), /true/);
});

test("an empty cell gives the value of an expression", async () => {
  const { reply } = await runCell(kernel, "", {
    user_expressions: { sum: "1 + 1", no: "nowhere" },
  });
  const { sum, no } = reply["user_expressions"] as Record<string, Record<string, unknown>>;
  assert.equal(sum?.["status"], "ok");
  assert.match(JSON.stringify(sum["data"]), /2/);
  assert.deepEqual([no?.["status"], no?.["ename"]], ["error", "ReferenceError"]);
});

test("a debugger that is not there is an error, not silence", async () => {
  const content = { type: "request", seq: 1, command: "initialize", arguments: {} };
  const reply = await kernel.request("debug_request", content, { channel: "control" });
  assert.equal(reply.header.msg_type, "debug_reply");
  assert.equal(reply.content["status"], "error");
});

test("an encrypted kernel is like any other to who has the keys", async (t) => {
  const encrypted = await launchKernel({ curve: curveKeyPair() });
  t.after(() => encrypted.process.kill("SIGKILL"));
  assert.ok(encrypted.connection.curve_publickey?.length === 40);
  assert.equal((await runCell(encrypted, "6 * 7")).status, "ok");
  await encrypted.shutdown();
  assert.equal(kernel.connection.curve_publickey, undefined);
});
