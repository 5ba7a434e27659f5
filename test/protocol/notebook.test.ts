/** The notebook's own names, imported: in a cell, and in a file beside the notebook. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { KernelClient } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";
import { type Ran, runCell } from "./cells.ts";

let kernel: KernelClient;
const folder = mkdtempSync(join(tmpdir(), "gradbook-notebook-"));

before(async () => {
  kernel = await launchKernel({ notebook: join(folder, "a.ipynb"), cwd: folder });
});
after(async () => {
  await kernel.shutdown();
  rmSync(folder, { recursive: true });
});

const run = (code: string): Promise<Ran> => runCell(kernel, code);

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

test("a promise shows its state, and nothing of how Node follows it", async () => {
  const { value, stdout } = await run(
    "const one = Promise.resolve(1); console.log(one); ({ never: new Promise(() => {}) })",
  );
  const plain = [stdout, value].map((text) => stripVTControlCharacters(String(text)).trim());
  assert.deepEqual(plain, ["Promise { 1 }", "{ never: Promise { <pending> } }"]);
});

test("the text of a function names what its author named, awaits as they did, and is code", async () => {
  await run("let count = 0; const add = (n: number) => (count += n); declare const document: any;");
  const texts: readonly (readonly [string, string])[] = [
    ["(a: number) => a + count", "(a) => a + count"],
    ["() => add(count) + document.title", "() => add(count) + document.title"],
    ["() => typeof document", "() => typeof document"],
    [
      "async (u: string) => (await (await fetch(u.trim(), { body: ')' })).text()).length",
      'async (u) => (await (await fetch(u.trim(), { body: ")" })).text()).length',
    ],
    [
      "async () => { for await (const x of [add(1)]) count = x; }",
      "async () => { for await (const x of [add(1)]) count = x; }",
    ],
    ["Function.prototype.toString", "function toString() { [native code] }"],
  ];
  for (const [code, text] of texts) {
    const { stdout } = await run(`console.log(String(${code}).replaceAll(/\\s+/g, " "))`);
    assert.equal(stdout, `${text}\n`);
  }
});

test("a function that is sent to a worker as text runs there", async () => {
  const { value } = await run(`import { Worker } from "node:worker_threads";
const twice = async (n: number) => (await Promise.resolve(n)) * 2;
const job = \`(\${twice})(21).then((r) => require("worker_threads").parentPort.postMessage(r))\`;
await new Promise((done, fail) => new Worker(job, { eval: true }).on("message", done).on("error", fail))`);
  assert.equal(value, "42");
});

test("a wrong argument is one sentence at the cell's line, without steps of the kernel", async () => {
  for (const wrong of ["display.html(5 as never)", "display.html('').update(5 as never)"]) {
    const { reply } = await run(wrong);
    const text = stripVTControlCharacters((reply["traceback"] as string[]).join("\n"));
    assert.match(text, /^TypeError: display\.html: wanted a string, got the number 5\n/);
    assert.match(text, /\^\s+at Cell \[\d+\]:1:\d+$/);
  }
});

test("a file beside the notebook displays and opens comms, wherever the package is installed", async () => {
  writeFileSync(
    join(folder, "widget.ts"),
    `import { comm, display } from "gradbook/notebook";
     import { matmul } from "gradbook";
     export function widget(state: object): string {
       display.html("<b>widget</b>");
       comm.open("jupyter.widget", { state });
       return typeof matmul;
     }`,
  );
  const { types, value } = await run("import { widget } from './widget'; widget({ value: 1 })");
  assert.deepEqual(types, [
    "status",
    "execute_input",
    "display_data",
    "comm_open",
    "execute_result",
    "status",
  ]);
  // The library that the notebook has, too: not a copy of it.
  assert.equal(value, "'function'");
});

test("tslab and gradbook/notebook by require", async () => {
  const { value } = await run(
    "require('gradbook/notebook').comm === comm && typeof require('tslab').newDisplay",
  );
  assert.equal(value, "'function'");
});

test("a notebook that was written for a less strict kernel is warned, not refused", async () => {
  const other = mkdtempSync(join(tmpdir(), "gradbook-test-"));
  const notebook = join(other, "other.ipynb");
  writeFileSync(
    notebook,
    JSON.stringify({ metadata: { kernelspec: { name: "deno" } }, cells: [] }),
  );
  const client = await launchKernel({ types: "on", notebook });
  try {
    const { status, stderr, value } = await runCell(
      client,
      "function twice(x) { return 2 * x }\ntwice(4)",
    );
    assert.equal(status, "ok");
    assert.match(stderr, /written for Deno/);
    // Deno does not mind, and JavaScript has no way to mend it.
    assert.doesNotMatch(stderr, /TS7006/);
    assert.equal(value, "8");
    assert.match((await runCell(client, "const n: number = 'text'")).stderr, /TS2322/);
    await runCell(client, "%types on");
    assert.equal((await runCell(client, "function thrice(x) { return 3 * x }")).status, "error");
  } finally {
    await client.shutdown();
    rmSync(other, { recursive: true });
  }
});
