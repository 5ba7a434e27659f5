/** The real Jupyter server and this kernel, driven from Node through `@jupyterlab/services` as JupyterLab drives them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KernelAPI, KernelSpecAPI, type Kernel, type ServerConnection } from "@jupyterlab/services";
import { contentsOf, openLab, printed, run, typesOf } from "./client.ts";
import { checkedMessages } from "../schema/checked.ts";

let settings: ServerConnection.ISettings;
let kernel: Kernel.IKernelConnection;
let close: () => Promise<void>;

before(async () => {
  ({ settings, kernel, close } = await openLab());
});

after(() => close());

// Not at execute_input: that comes before the first statement, and an interrupt may, too.
/** Returns once the cell has printed something. */
async function started(
  future: ReturnType<Kernel.IKernelConnection["requestExecute"]>,
): Promise<void> {
  await new Promise<void>((resolve) => {
    future.onIOPub = ({ header }) => {
      if (header.msg_type === "stream") resolve();
    };
  });
}

void test("the server lists the kernelspec of this kernel", async () => {
  const { kernelspecs } = await KernelSpecAPI.getSpecs(settings);
  const spec = kernelspecs["gradbook"];
  assert.equal(spec?.display_name, "TypeScript (gradbook)");
  assert.equal(spec?.language, "typescript");
});

void test("kernel_info describes the language as JupyterLab reads it", async () => {
  const info = await kernel.info;
  assert.equal(info.status, "ok");
  assert.equal(info.language_info.name, "typescript");
  assert.equal(info.language_info.file_extension, ".ts");
  assert.equal(info.language_info.mimetype, "application/typescript");
});

void test("a cell's prints, pictures and value arrive in the order they were made", async () => {
  const cell = await run(kernel, 'console.log("one");\ndisplay.html("<b>two</b>");\n1 + 2');
  assert.equal(cell.reply.content.status, "ok");
  assert.deepEqual(typesOf(cell), ["execute_input", "stream", "display_data", "execute_result"]);
  assert.equal(printed(cell, "stdout"), "one\n");
  const [shown] = contentsOf(cell, "display_data") as [{ data: Record<string, string> }];
  assert.equal(shown.data["text/html"], "<b>two</b>");
  const [result] = contentsOf(cell, "execute_result") as [
    { data: Record<string, string>; execution_count: number },
  ];
  assert.match(result.data["text/plain"] ?? "", /3/);
  assert.equal(result.execution_count, cell.reply.content.execution_count);
});

void test("what is written to stderr arrives as stderr", async () => {
  assert.equal(printed(await run(kernel, 'console.error("careful")'), "stderr"), "careful\n");
});

void test("a throw is an error with its name, its message and the cell's own line", async () => {
  const cell = await run(kernel, 'const kept = 5;\nthrow new RangeError("too far");');
  assert.equal(cell.reply.content.status, "error");
  const [error] = contentsOf(cell, "error") as [
    { ename: string; evalue: string; traceback: string[] },
  ];
  assert.equal(error.ename, "RangeError");
  assert.equal(error.evalue, "too far");
  assert.match(error.traceback.join("\n"), /line 2/);
  assert.match(JSON.stringify(contentsOf(await run(kernel, "kept"), "execute_result")), /5/);
});

void test("a display's handle updates what it showed, in the cell that showed it", async () => {
  const shown = await run(kernel, 'const handle = display.text("before");');
  await run(kernel, 'handle.update("after");');
  type Shown = { transient: { display_id: string }; data: Record<string, string> };
  const [first] = contentsOf(shown, "display_data") as [Shown];
  const [second] = contentsOf(shown, "update_display_data") as [Shown];
  assert.equal(second.transient.display_id, first.transient.display_id);
  assert.match(second.data["text/plain"] ?? "", /after/);
});

void test("an interrupt ends while (true) {} and keeps the notebook's state", async () => {
  await run(kernel, "let counter = 41;");
  const future = kernel.requestExecute({
    code: 'counter += 1;\nconsole.log("counted");\nwhile (true) {}',
  });
  await started(future);
  await kernel.interrupt();
  const reply = await future.done;
  assert.equal(reply.content.status, "error");
  assert.match(JSON.stringify(contentsOf(await run(kernel, "counter"), "execute_result")), /42/);
});

void test("an interrupt ends an await that never settles", async () => {
  const future = kernel.requestExecute({
    code: 'console.log("waiting");\nawait new Promise(() => {});',
  });
  await started(future);
  await kernel.interrupt();
  assert.equal((await future.done).content.status, "error");
});

async function completeness(code: string): Promise<string> {
  return (await kernel.requestIsComplete({ code })).content.status;
}

void test("completeness tells Enter from a new line", async () => {
  assert.equal(await completeness("1 + 1"), "complete");
  assert.equal(await completeness("function f() {"), "incomplete");
});

void test("a restart gives a fresh kernel that still works", async () => {
  await run(kernel, "let gone = 1;");
  await kernel.restart();
  const missing = await run(kernel, "gone");
  assert.equal(missing.reply.content.status, "error");
  assert.match(JSON.stringify(contentsOf(await run(kernel, "6 * 7"), "execute_result")), /42/);
});

void test("history gives back what was run", async () => {
  await run(kernel, '"to be remembered"');
  const reply = await kernel.requestHistory({
    hist_access_type: "tail",
    output: false,
    raw: true,
    n: 3,
  });
  assert.match(JSON.stringify(reply.content), /to be remembered/);
});

void test("after a shutdown the server has no kernel left", async () => {
  await kernel.shutdown();
  assert.deepEqual(await KernelAPI.listRunning(settings), []);
});

void test("what arrived through the server was held against the schemas", () => {
  assert.ok(checkedMessages() > 60, `${checkedMessages()} messages`);
});
