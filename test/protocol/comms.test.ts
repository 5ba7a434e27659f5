/** Comms in a real kernel. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { KernelClient, Received, RequestOptions } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, type Ran, runCell } from "./cells.ts";

let kernel: KernelClient;

before(async () => {
  kernel = await launchKernel();
});
after(async () => kernel.shutdown());

const run = (code: string): Promise<Ran> => runCell(kernel, code);

/** Sends a comm message; returns all that was published for it. */
async function sendComm(
  type: string,
  content: object,
  options: RequestOptions = {},
): Promise<Received[]> {
  const received: Received[] = [];
  await kernel.request(type, content, {
    ...options,
    onMessage: (entry) => {
      received.push(entry);
      options.onMessage?.(entry);
    },
  });
  return received;
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
  const heard = await sendComm(
    "comm_msg",
    { comm_id: id, data: { c: 3 } },
    {
      buffers: [Buffer.from("four")],
    },
  );
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
  const loop = { comm_id: "b", data: { loop: true } };
  const looped = sendComm("comm_msg", loop, { onMessage: watch });
  await seen;
  await kernel.interrupt();
  assert.match(JSON.stringify(await looped), /Interrupted/);
  assert.equal((await run("1 + 1")).value, "2");
});

async function newSubshell(): Promise<string> {
  const reply = await kernel.request("create_subshell_request", {}, { channel: "control" });
  return String(reply.content["subshell_id"]);
}

test("a cell waits for its front end's answer, which comes by a subshell", async () => {
  const { seen, watch } = firstOf("comm_open");
  let id = "";
  let printed = "";
  const cell = kernel.execute(
    `const model = comm.open("jupyter.widget", { state: { value: 3 }, buffer_paths: [] }, { metadata: { version: "2.1.0" } });
     const { data, buffers } = await new Promise((resolve) => model.onMessage(resolve));
     console.log(data.method, new Float64Array(buffers[0].buffer)[0])`,
    (entry) => {
      watch(entry);
      const { header, content } = entry.message;
      if (header.msg_type === "comm_open") id = String(content["comm_id"]);
      if (header.msg_type === "stream") printed += content["text"] as string;
    },
  );
  await seen;
  const content = { comm_id: id, data: { method: "update", state: {}, buffer_paths: [["x"]] } };
  const buffers = [new Uint8Array(Float64Array.of(1.5).buffer)];
  await sendComm("comm_msg", content, { subshell: await newSubshell(), buffers });
  assert.equal((await cell).content["status"], "ok");
  assert.equal(printed, "update 1.5\n");
});

test("a comm message goes by a cell that awaits something, and by none that does not", async () => {
  await run(
    "var order = []; comm.registerTarget('order', (wire) => wire.onMessage(({ data }) => { order.push(data.n); on?.() })); var on;",
  );
  await sendComm("comm_open", { comm_id: "o", target_name: "order" });
  const { seen, watch } = firstOf("stream");
  const cell = kernel.execute(
    "console.log('on'); await new Promise((resolve) => { on = resolve }); order.push('cell')",
    watch,
  );
  const next = kernel.execute("order.push('next'); on = undefined;");
  await seen;
  await sendComm("comm_msg", { comm_id: "o", data: { n: "by" } });
  await Promise.all([cell, next]);
  const looping = firstOf("stream");
  const spin = kernel.execute("console.log('on'); while (true);", looping.watch);
  await looping.seen;
  const waiting = sendComm("comm_msg", { comm_id: "o", data: { n: "behind" } });
  const listed = run("order.join()");
  await kernel.request("kernel_info_request", {});
  await kernel.interrupt();
  await Promise.all([spin, waiting, listed]);
  assert.equal((await run("order.join()")).value, "'by,cell,next,behind'");
});

test("a thousand messages with bytes arrive in order, both ways", async () => {
  await run(
    `comm.registerTarget("mirror", (wire) =>
       wire.onMessage(({ data, metadata, buffers }) => wire.send(data, { metadata, buffers })))`,
  );
  await sendComm("comm_open", { comm_id: "m", target_name: "mirror" });
  const heard: unknown[] = [];
  await Promise.all(
    Array.from({ length: 1000 }, (_, n) =>
      sendComm(
        "comm_msg",
        { comm_id: "m", data: { n } },
        {
          metadata: { n },
          buffers: [Buffer.from(`${n}`)],
          onMessage: ({ message: { header, content, metadata, buffers } }) => {
            if (header.msg_type !== "comm_msg") return;
            heard.push([content["data"], metadata, buffers.map(String)]);
          },
        },
      ),
    ),
  );
  assert.deepEqual(
    heard,
    Array.from({ length: 1000 }, (_, n) => [{ n }, { n }, [`${n}`]]),
  );
});

test("16 MB come back as they were sent", async () => {
  const bytes = Buffer.alloc(16 << 20, "gradbook ");
  const received = await sendComm("comm_msg", { comm_id: "m", data: {} }, { buffers: [bytes] });
  const back = received.find(({ message }) => message.header.msg_type === "comm_msg");
  assert.ok(bytes.equals(back?.message.buffers[0] ?? Buffer.alloc(0)));
});

test("open comms are listed during a loop without end, those of the loop's own cell too", async () => {
  const { seen, watch } = firstOf("stream");
  const cell = kernel.execute("comm.open('looping'); console.log('on'); while (true);", watch);
  await seen;
  const { content } = await kernel.request("comm_info_request", { target_name: "looping" });
  assert.deepEqual(Object.values(content["comms"] as object), [{ target_name: "looping" }]);
  await kernel.interrupt();
  assert.equal((await cell).content["ename"], "Interrupted");
});

test("a handler that loops while a cell waits is stopped, and no message is lost", async () => {
  await run(
    `var heard = [];
     comm.registerTarget("loops", (wire) => wire.onMessage(({ data }) => {
       heard.push(data.n);
       if (data.n === 1) { console.log("in"); while (true); }
     }))`,
  );
  await sendComm("comm_open", { comm_id: "l", target_name: "loops" });
  const subshell = await newSubshell();
  const waiting = firstOf("stream");
  const cell = kernel.execute("console.log('on'); await new Promise(() => {})", waiting.watch);
  await waiting.seen;
  const looping = firstOf("stream");
  const tell = (n: number, onMessage?: RequestOptions["onMessage"]): Promise<Received[]> =>
    sendComm(
      "comm_msg",
      { comm_id: "l", data: { n } },
      { subshell, ...(onMessage === undefined ? {} : { onMessage }) },
    );
  const first = tell(1, looping.watch);
  await looping.seen;
  const second = tell(2);
  await kernel.interrupt();
  assert.match(JSON.stringify(await first), /Interrupted/);
  await second;
  assert.equal((await cell).content["ename"], "Interrupted");
  assert.equal((await run("heard.join()")).value, "'1,2'");
});
