/** Subshells of a real kernel process: one thread, taken in turns. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { KernelClient, Received } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";

let kernel: KernelClient;
let subshell: string;

before(async () => {
  kernel = await launchKernel();
  subshell = await create();
});
after(async () => kernel.shutdown());

async function create(): Promise<string> {
  const reply = await kernel.request("create_subshell_request", {}, { channel: "control" });
  return String(reply.content["subshell_id"]);
}

/** A cell that is being run, with what it printed so far. */
function start(code: string, on?: string) {
  const messages: Received[] = [];
  const waiting: { text: string; resolve: () => void }[] = [];
  const text = (): string =>
    messages
      .map(({ message: { content } }) =>
        typeof content["text"] === "string" ? content["text"] : "",
      )
      .join("");
  const take = (received: Received): void => {
    messages.push(received);
    for (const { text: wanted, resolve } of waiting) if (text().includes(wanted)) resolve();
  };
  const to = on === undefined ? {} : { subshell: on };
  const reply = kernel.request("execute_request", { code }, { onMessage: take, ...to });
  const printed = async (wanted: string): Promise<void> => {
    if (!text().includes(wanted)) {
      await new Promise<void>((resolve) => waiting.push({ text: wanted, resolve }));
    }
  };
  return { reply, printed, text, messages };
}

test("a cell of a subshell runs while the parent's cell waits, and can let it go on", async () => {
  const parent = start(
    "let go; const gate = new Promise((resolve) => (go = resolve)); console.log('waiting');" +
      "const got = await gate; console.log('got', got)",
  );
  await parent.printed("waiting");
  const child = start("console.log('child'); go(42)", subshell);
  assert.equal((await child.reply).content["status"], "ok");
  assert.equal((await parent.reply).content["status"], "ok");
  assert.equal(child.text(), "child\n");
  assert.equal(parent.text(), "waiting\ngot 42\n");
});

test("what a subshell's cell says belongs to it, and names its subshell", async () => {
  const child = start("console.log('here')", subshell);
  await child.reply;
  const stream = child.messages.find(({ message }) => message.header.msg_type === "stream");
  const parent = stream?.message.parent_header as { subshell_id?: string } | undefined;
  assert.equal(parent?.subshell_id, subshell);
});

test("a subshell waits while the parent's cell does not give the thread back", async () => {
  const order: string[] = [];
  const parent = start(
    "console.log('on'); const until = Date.now() + 150; while (Date.now() < until);",
  );
  await parent.printed("on");
  const child = start("1", subshell);
  await Promise.all([
    parent.reply.then(() => order.push("parent")),
    child.reply.then(() => order.push("child")),
  ]);
  assert.deepEqual(order, ["parent", "child"]);
});

test("questions on a subshell are answered during a loop without end", async () => {
  const parent = start("console.log('spinning'); while (true);");
  await parent.printed("spinning");
  const asked = ["kernel_info_request", "comm_info_request"].map((type) =>
    kernel.request(type, {}, { subshell }),
  );
  for (const reply of await Promise.all(asked)) assert.equal(reply.content["status"], "ok");
  await kernel.interrupt();
  assert.equal((await parent.reply).content["ename"], "Interrupted");
});

test("an interrupt ends a loop that a subshell's cell is in, and the parent's cell that waits", async () => {
  const parent = start("console.log('waiting'); await new Promise(() => {})");
  await parent.printed("waiting");
  const child = start("console.log('spinning'); while (true);", subshell);
  await child.printed("spinning");
  await kernel.interrupt();
  assert.equal((await child.reply).content["ename"], "Interrupted");
  assert.equal((await parent.reply).content["ename"], "Interrupted");
  assert.equal((await start("1 + 1").reply).content["status"], "ok");
  assert.equal((await start("1 + 1", subshell).reply).content["status"], "ok");
});

test("an interrupt during the parent's loop does not begin what a subshell has waiting", async () => {
  const parent = start("console.log('spinning'); while (true);");
  await parent.printed("spinning");
  const child = start("var begun = true", subshell);
  await kernel.interrupt();
  assert.equal((await parent.reply).content["ename"], "Interrupted");
  assert.notEqual((await child.reply).content["status"], "ok");
  const begun = start("typeof begun");
  await begun.reply;
  assert.match(JSON.stringify(begun.messages), /'undefined'/);
});

test("a subshell with a cell that waits is deleted, and the cell is finished", async () => {
  const other = await create();
  const child = start(
    "let on; console.log('in'); await new Promise((resolve) => (on = resolve)); 'out'",
    other,
  );
  await child.printed("in");
  const reply = await kernel.request(
    "delete_subshell_request",
    { subshell_id: other },
    { channel: "control" },
  );
  assert.equal(reply.content["status"], "ok");
  await start("on()").reply;
  assert.equal((await child.reply).content["status"], "ok");
  const refused = await start("1", other).reply;
  assert.equal(refused.content["ename"], "NoSuchSubshell");
});

test("a cell that ends the process is answered, and so are those beside it", async () => {
  const own = await launchKernel({ log: "ignore" });
  const { content } = await own.request("create_subshell_request", {}, { channel: "control" });
  let isWaiting: () => void = () => {};
  const waiting = new Promise<void>((resolve) => (isWaiting = resolve));
  const parent = own.execute("console.log('on'); await new Promise(() => {})", ({ message }) => {
    if (message.header.msg_type === "stream") isWaiting();
  });
  await waiting;
  const to = { subshell: String(content["subshell_id"]) };
  const child = own.request("execute_request", { code: "process.exit(0)" }, to);
  assert.equal((await child).content["ename"], "Exit");
  assert.equal((await parent).content["ename"], "Exit");
  own.close();
});
