/** Comms and subshells in a real kernel. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { KernelClient, Received } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, type Ran, runCell } from "./cells.ts";

let kernel: KernelClient;

before(async () => {
  kernel = await launchKernel();
});
after(async () => kernel.shutdown());

const run = (code: string): Promise<Ran> => runCell(kernel, code);

/** All messages on iopub with the given parent, until its idle. */
async function until(parent: string, from: () => void): Promise<Received[]> {
  const received: Received[] = [];
  const idle = new Promise<void>((resolve) => {
    kernel.onMessage = (entry) => {
      const { parent_header, content } = entry.message;
      if (!("msg_id" in parent_header) || parent_header.msg_id !== parent) return;
      received.push(entry);
      if (content["execution_state"] === "idle") resolve();
    };
  });
  from();
  await idle;
  return received;
}

async function sendComm(
  type: string,
  content: object,
  buffers: Buffer[] = [],
): Promise<Received[]> {
  const early: Received[] = [];
  kernel.onMessage = (entry) => void early.push(entry);
  const id = kernel.send(type, content, { buffers });
  const rest = await until(id, () => {});
  const own = early.filter(
    ({ message: { parent_header: parent } }) => "msg_id" in parent && parent.msg_id === id,
  );
  return [...own, ...rest];
}

const typesOf = (received: readonly Received[]): string[] =>
  received.map(({ message }) => message.header.msg_type);

test("a comm that a cell opens is heard, speaks with bytes, and is listed while it is open", async () => {
  const opened = await run(
    "const wire = comm.open('board', { a: 1 }, { metadata: { version: '2' }, buffers: [new Uint8Array([1, 2, 3])] }); wire.send({ b: 2 }); wire.id",
  );
  const [open, message] = opened.messages.filter(({ message: { header } }) =>
    header.msg_type.startsWith("comm_"),
  );
  assert.deepEqual(open?.message.content, {
    comm_id: String(opened.value).slice(1, -1),
    target_name: "board",
    data: { a: 1 },
  });
  assert.deepEqual(open.message.metadata, { version: "2" });
  assert.deepEqual(
    open.message.buffers.map((buffer) => [...buffer]),
    [[1, 2, 3]],
  );
  assert.deepEqual(message?.message.content["data"], { b: 2 });
  const info = await kernel.request("comm_info_request", { target_name: "board" });
  const id = String(opened.value).slice(1, -1);
  assert.deepEqual(info.content["comms"], { [id]: { target_name: "board" } });
  await run(
    "wire.onMessage(({ data, buffers }) => { console.log('got', JSON.stringify(data), buffers.map((b) => b.length).join()); wire.send({ echo: data }) })",
  );
  const heard = await sendComm("comm_msg", { comm_id: id, data: { c: 3 } }, [Buffer.from("four")]);
  assert.deepEqual(typesOf(heard), ["status", "stream", "comm_msg", "status"]);
  assert.equal(heard[1]?.message.content["text"], `got {"c":3} 4\n`);
  await run("wire.onClose(() => console.log('closed'))");
  const closed = await sendComm("comm_close", { comm_id: id, data: {} });
  assert.deepEqual(typesOf(closed), ["status", "stream", "status"]);
  const left = await kernel.request("comm_info_request", {});
  assert.deepEqual(left.content["comms"], {});
  assert.match(String((await run("wire.send({})")).reply["evalue"]), /is closed; open a new one/);
});

test("a comm that the front end opens finds its target; one without a target is closed", async () => {
  await run(
    "comm.registerTarget('echo', (wire, { data }) => { console.log('open', JSON.stringify(data)); wire.onMessage(({ data }) => wire.send(data)) })",
  );
  const opened = await sendComm("comm_open", {
    comm_id: "x1",
    target_name: "echo",
    data: { hi: 1 },
  });
  assert.deepEqual(typesOf(opened), ["status", "stream", "status"]);
  const echoed = await sendComm("comm_msg", { comm_id: "x1", data: { n: 5 } });
  assert.deepEqual(echoed[1]?.message.content, { comm_id: "x1", data: { n: 5 } });
  const refused = await sendComm("comm_open", { comm_id: "x2", target_name: "nobody", data: {} });
  assert.deepEqual(typesOf(refused), ["status", "comm_close", "status"]);
  const info = await kernel.request("comm_info_request", {});
  assert.deepEqual(info.content["comms"], { x1: { target_name: "echo" } });
});

test("a handler that throws is reported under its message, one that loops can be stopped", async () => {
  await run(
    "comm.registerTarget('bad', (wire) => wire.onMessage(({ data }) => { if (data.loop) { console.log('go'); for (;;) {} } throw new Error('no ' + data.n) }))",
  );
  await sendComm("comm_open", { comm_id: "b", target_name: "bad", data: {} });
  const failed = await sendComm("comm_msg", { comm_id: "b", data: { n: 1 } });
  assert.match(String(failed[1]?.message.content["text"]), /no 1/);
  const { seen, watch } = firstOf("stream");
  kernel.onMessage = watch;
  kernel.send("comm_msg", { comm_id: "b", data: { loop: true } });
  await seen;
  await kernel.interrupt();
  assert.equal((await run("1 + 1")).value, "2");
});

test("subshells: made, listed, used while the parent awaits, and deleted", async () => {
  const control = { channel: "control" } as const;
  const made = await kernel.request("create_subshell_request", {}, control);
  const subshell = String(made.content["subshell_id"]);
  const list = await kernel.request("list_subshell_request", {}, control);
  assert.deepEqual(list.content["subshell_id"], [subshell]);
  const { seen, watch } = firstOf("stream");
  const parent = kernel.execute(
    "let open = () => {}; console.log('waiting'); await new Promise((r) => { open = r }); 'parent'",
    watch,
  );
  await seen;
  const types: string[] = [];
  const child = await kernel.request(
    "execute_request",
    { code: "console.log('child'); open(); 'child'" },
    { subshell, onMessage: ({ message }) => types.push(message.header.msg_type) },
  );
  assert.equal(child.content["status"], "ok");
  assert.deepEqual(
    types.filter((type) => type !== "status"),
    ["execute_input", "stream", "execute_result", "execute_reply"],
  );
  assert.equal((await parent).content["status"], "ok");
  await kernel.request("delete_subshell_request", { subshell_id: subshell }, control);
  const lost = await kernel.request("execute_request", { code: "1" }, { subshell });
  assert.equal(lost.content["status"], "error");
  assert.match(String(lost.content["evalue"]), /no subshell/);
  const unknown = await kernel.request("delete_subshell_request", { subshell_id: "x" }, control);
  assert.equal(unknown.content["status"], "error");
});

test("a subshell waits while its parent is synchronous, and one interrupt stops both", async () => {
  const made = await kernel.request("create_subshell_request", {}, { channel: "control" });
  const subshell = String(made.content["subshell_id"]);
  const { seen, watch } = firstOf("stream");
  const parent = kernel.execute("console.log('go'); await new Promise(() => {})", watch);
  await seen;
  const inner = firstOf("stream");
  const child = kernel.request(
    "execute_request",
    { code: "console.log('inner'); for (;;) {}" },
    { subshell, onMessage: inner.watch },
  );
  await inner.seen;
  await kernel.interrupt();
  assert.equal((await child).content["ename"], "Interrupted");
  assert.equal((await parent).content["ename"], "Interrupted");
  assert.equal((await run("'alive'")).value, "'alive'");
});

test("an error in one shell leaves the queue of the other alone", async () => {
  const made = await kernel.request("create_subshell_request", {}, { channel: "control" });
  const subshell = String(made.content["subshell_id"]);
  const { seen, watch } = firstOf("stream");
  const parent = kernel.execute(
    "let go2 = () => {}; console.log('w'); await new Promise((r) => { go2 = r })",
    watch,
  );
  await seen;
  const next = kernel.execute("'next'");
  const failed = await kernel.request(
    "execute_request",
    { code: "go2(); throw new Error('x')" },
    { subshell },
  );
  assert.equal(failed.content["status"], "error");
  assert.equal((await parent).content["status"], "ok");
  assert.equal((await next).content["status"], "ok");
});

test("progress shows how far a loop is, and gradbook/notebook gives the notebook's names", async () => {
  const { value, messages } = await run(
    "import { progress as p, display as d } from 'gradbook/notebook'; let sum = 0; for (const i of p(5, { label: 'sum' })) sum += i; [sum, d === display].join()",
  );
  assert.equal(value, "'10,true'");
  const last = messages.findLast(
    ({ message }) => message.header.msg_type === "update_display_data",
  );
  const data = last?.message.content["data"] as Record<string, string>;
  assert.match(data["text/plain"] ?? "", /^sum █{30} 5\/5 100 %/);
});
