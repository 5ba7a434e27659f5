/** Comms through the real Jupyter server, as an extension of JupyterLab uses them: by `@jupyterlab/services`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Kernel, KernelMessage } from "@jupyterlab/services";
import { openLab, printed, run } from "./client.ts";

let kernel: Kernel.IKernelConnection;
let close: () => Promise<void>;

before(async () => {
  ({ kernel, close } = await openLab());
  await kernel.info;
});

after(() => close());

function bytesOf(buffers: readonly (ArrayBuffer | ArrayBufferView)[] = []): number[][] {
  return buffers.map((buffer) =>
    ArrayBuffer.isView(buffer)
      ? [...new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)]
      : [...new Uint8Array(buffer)],
  );
}

/** What services does not say of its comms: they go by a subshell as soon as there is one. */
async function onSubshell(comm: Kernel.IComm): Promise<void> {
  await (comm as unknown as { readonly subshellStarted: Promise<void> }).subshellStarted;
}

/** The next message of a comm. */
function nextOf(comm: Kernel.IComm): Promise<KernelMessage.ICommMsgMsg> {
  return new Promise((resolve) => {
    comm.onMsg = (message) => resolve(message);
  });
}

void test("a cell opens a comm to a target of the front end, and awaits the answer, bytes included", async () => {
  assert.ok(kernel.supportsSubshells);
  const opened: KernelMessage.ICommOpenMsg[] = [];
  kernel.registerCommTarget("board", (comm, message) => {
    opened.push(message);
    // At once, and so by the parent shell: the subshell of the target is not there yet.
    comm.send({ moved: 2 }, { by: "hand" }, [Uint8Array.of(4, 5).buffer]);
  });
  const cell = await run(
    kernel,
    `const board = comm.open("board", { size: 3 }, { metadata: { version: "2.1.0" }, buffers: [new Uint8Array([1, 2, 3])] });
     const { data, metadata, buffers } = await new Promise<{ data: object; metadata: object; buffers: readonly Uint8Array[] }>(
       (resolve) => board.onMessage(resolve),
     );
     console.log(JSON.stringify([data, metadata, buffers.map((bytes) => [...bytes])]))`,
  );
  assert.equal(cell.reply.content.status, "ok");
  assert.equal(printed(cell, "stdout"), '[{"moved":2},{"by":"hand"},[[4,5]]]\n');
  const [message] = opened;
  assert.equal(message?.content.target_name, "board");
  assert.deepEqual(message.content.data, { size: 3 });
  assert.deepEqual(message.metadata, { version: "2.1.0" });
  assert.deepEqual(bytesOf(message.buffers), [[1, 2, 3]]);
});

void test("the front end opens a comm to a target of a cell; both speak, and either may close", async () => {
  await run(
    kernel,
    `comm.registerTarget("mirror", (wire, { data }) => {
       wire.send({ hello: data.name });
       wire.onMessage(({ data, metadata, buffers }) => wire.send(data, { metadata, buffers }));
       wire.onClose(() => console.log("closed by the front end"));
     });`,
  );
  const comm = kernel.createComm("mirror");
  const hello = nextOf(comm);
  comm.open({ name: "lab" });
  assert.deepEqual((await hello).content.data, { hello: "lab" });
  await onSubshell(comm);
  const echo = nextOf(comm);
  comm.send({ n: 1 }, { deep: { m: 2 } }, [Float64Array.of(1.5).buffer]);
  const { content, metadata, buffers } = await echo;
  assert.deepEqual(content.data, { n: 1 });
  assert.deepEqual(metadata, { deep: { m: 2 } });
  assert.deepEqual(bytesOf(buffers), bytesOf([Float64Array.of(1.5)]));
  const info = await kernel.requestCommInfo({ target_name: "mirror" });
  assert.ok(info.content.status === "ok");
  assert.deepEqual(info.content.comms, { [comm.commId]: { target_name: "mirror" } });
  const closing = comm.close();
  const said: unknown[] = [];
  closing.onIOPub = ({ header, content: published }) => {
    if (header.msg_type === "stream") said.push((published as { text: string }).text);
  };
  await closing.done;
  assert.deepEqual(said, ["closed by the front end\n"]);
});

void test("a comm that the kernel closes is closed here, as is one that nobody wants", async () => {
  const closed = (comm: Kernel.IComm): Promise<unknown> =>
    new Promise((resolve) => {
      comm.onClose = (message) => resolve(message.content.data);
    });
  await run(kernel, `comm.registerTarget("brief", (wire) => wire.close({ why: "enough" }))`);
  const brief = kernel.createComm("brief");
  const why = closed(brief);
  brief.open();
  assert.deepEqual(await why, { why: "enough" });
  const unwanted = kernel.createComm("unheard of");
  const refused = closed(unwanted);
  unwanted.open();
  assert.deepEqual(await refused, {});
});

void test("a slider moves while a cell waits: every value arrives, in order, and the kernel stays busy", async () => {
  await run(
    kernel,
    `var moved: number[] = []; var enough = (_: unknown) => {};
     comm.registerTarget("slider", (wire) => wire.onMessage<{ value: number }>(({ data }) => {
       moved.push(data.value);
       if (data.value === 49) enough(null);
     }))`,
  );
  const states: string[] = [];
  const watch = (_sender: unknown, { msg }: { readonly msg: KernelMessage.IMessage }): void => {
    if (msg.header.msg_type !== "status") return;
    states.push((msg.content as { execution_state: string }).execution_state);
  };
  const slider = kernel.createComm("slider");
  slider.open();
  const cell = run(kernel, "await new Promise((resolve) => (enough = resolve)); moved.join()");
  // The first ones go to the parent shell, for the subshell is not there yet: they must not come last.
  for (let value = 0; value < 5; value++) slider.send({ value });
  await onSubshell(slider);
  kernel.anyMessage.connect(watch);
  for (let value = 5; value < 50; value++) slider.send({ value });
  const { messages } = await cell;
  kernel.anyMessage.disconnect(watch);
  const values = Array.from({ length: 50 }, (_, value) => value).join();
  assert.ok(JSON.stringify(messages).includes(values), JSON.stringify(messages));
  // The last idle is the cell's own; behind every other one the kernel is said to be busy.
  const idle = states.flatMap((state, at) => (state === "idle" ? [states[at + 1]] : []));
  assert.ok(idle.length > 40, `${idle.length} times idle`);
  assert.deepEqual(new Set(idle.slice(0, -1)), new Set(["busy"]));
});

void test("comm_info is answered while a cell loops without end", async () => {
  const future = kernel.requestExecute({ code: "comm.open('endless'); while (true) {}" });
  await new Promise<void>((resolve) => {
    kernel.registerCommTarget("endless", () => resolve());
  });
  const { content } = await kernel.requestCommInfo({ target_name: "endless" });
  assert.ok(content.status === "ok");
  assert.equal(Object.keys(content.comms).length, 1);
  await kernel.interrupt();
  assert.equal((await future.done).content.status, "error");
});
