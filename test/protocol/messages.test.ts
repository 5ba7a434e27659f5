/** Messages that need a real kernel: what it is, where it listens, what it uses, and how it is encrypted. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { curveKeyPair } from "zeromq";
import type { KernelClient } from "../../kernel/run/client.ts";
import { portsOf, signatureOf } from "../../kernel/transport/connection.ts";
import { childOf, type HeaderSource } from "../../kernel/wire/message.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, runCell } from "./cells.ts";
import { signed } from "./fuzz/messages.ts";

const HEADERS: HeaderSource = {
  session: "messages",
  username: "test",
  newId: () => randomUUID(),
  now: () => new Date(),
};

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

for (const [what, code] of [
  ["metadata with a bigint in it", "display('x', { metadata: { a: 1n } })"],
  ["metadata that is cyclic", "const c: any = {}; c.c = c; display.html('x', { metadata: c })"],
  ["an error whose name is a symbol", "throw Object.assign(new Error('x'), { name: Symbol('s') })"],
  ["an error whose name is a bigint", "throw Object.assign(new Error('x'), { name: 1n })"],
  ["an error whose stack is a number", "throw Object.assign(new Error('x'), { stack: 5 })"],
  [
    "a value nested too deep for JSON",
    "let deep: any = 1; for (let i = 0; i < 50_000; i++) deep = [deep]; display.json(deep)",
  ],
] as const) {
  test(`${what} is the cell's error, and nobody else's`, async () => {
    const { status } = await runCell(kernel, code);
    assert.equal(status, "error");
    assert.equal((await runCell(kernel, "6 * 7")).status, "ok");
  });
}

test("a comm message nested deeper than any channel takes is dropped, and the next one is heard", async () => {
  await runCell(
    kernel,
    "comm.registerTarget('echo', (c) => c.onMessage(({ data }) => c.send(data)))",
  );
  const echoed = new Promise<unknown>((resolve) => {
    kernel.onMessage = ({ message }) => {
      if (message.header.msg_type === "comm_msg") resolve(message.content["data"]);
    };
  });
  const send = (type: string, data: string): void => {
    const { header } = childOf(HEADERS, null, type, {});
    const content = `{"comm_id":"c","target_name":"echo","data":${data}}`;
    const parts = [JSON.stringify(header), "{}", "{}", content].map((part) => Buffer.from(part));
    kernel.sendFrames("shell", signed(signatureOf(kernel.connection), parts));
  };
  send("comm_open", "{}");
  send("comm_msg", `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`);
  send("comm_msg", '{"a":"next"}');
  assert.deepEqual(await echoed, { a: "next" });
});

test("an encrypted kernel is like any other to who has the keys", async (t) => {
  const encrypted = await launchKernel({ curve: curveKeyPair() });
  t.after(() => encrypted.process.kill("SIGKILL"));
  assert.ok(encrypted.connection.curve_publickey?.length === 40);
  assert.equal((await runCell(encrypted, "6 * 7")).status, "ok");
  await encrypted.shutdown();
  assert.equal(kernel.connection.curve_publickey, undefined);
});
