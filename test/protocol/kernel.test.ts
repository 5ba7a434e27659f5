/** A real kernel process on real sockets: what only shows there. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import type { KernelClient, Received } from "../../kernel/run/client.ts";
import { removeFolder, temporaryFolder } from "../../kernel/transport/folders.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, type Ran, runCell } from "./cells.ts";
import { gone } from "./process.ts";

let kernel: KernelClient;

before(async () => {
  kernel = await launchKernel();
});
after(async () => kernel.shutdown());

const run = (code: string, options: object = {}): Promise<Ran> => runCell(kernel, code, options);

test("everything a cell wrote comes before its idle, in order", async () => {
  const { types, stdout } = await run(
    "console.log('a'); console.error('b'); process.stdout.write('c\\n'); 7",
  );
  assert.equal(stdout, "a\nc\n");
  assert.deepEqual(types, [
    "status",
    "execute_input",
    "stream",
    "stream",
    "stream",
    "execute_result",
    "status",
  ]);
});

test("100,000 lines arrive, in order, before idle, in few messages", async () => {
  const { stdout, types } = await run("for (let i = 0; i < 100_000; i++) console.log('line', i)");
  const lines = stdout.split("\n");
  assert.equal(lines.length, 100_001);
  assert.ok(lines.slice(0, -1).every((line, i) => line === `line ${i}`));
  assert.ok(types.length < 1000, `${types.length} messages`);
});

test("output appears while a synchronous loop runs", async () => {
  const { seen, watch } = firstOf("stream");
  let isDone = false;
  const running = kernel
    .execute(
      "let go = true; setTimeout(() => (go = false)); console.log('before'); const end = Date.now() + 60_000; while (Date.now() < end) console.log('tick')",
      watch,
    )
    .then(() => (isDone = true));
  await seen;
  assert.equal(isDone, false);
  await kernel.interrupt();
  await running;
});

test("late output carries its own cell's parent, without busy or idle", async () => {
  const late = new Promise<Received>((resolve) => {
    kernel.onMessage = (received) => {
      if (received.message.content["text"] === "late\n") resolve(received);
    };
  });
  const first = await run(
    "let release: () => void = () => {}; new Promise<void>((r) => { release = r }).then(() => console.log('late')); 0",
  );
  await run("release(); 'another cell'");
  const { message } = await late;
  const parent = first.messages[0]?.message.parent_header;
  assert.deepEqual(message.parent_header, parent);
});

test("a cell nested thousands of levels deep ends no kernel", async () => {
  const chain = Array.from({ length: 5000 }, (_, i) => `if (x === ${i}) { y = ${i} }`).join(
    " else ",
  );
  await run(`let x = 4999, y = 0;\n${chain}`);
  await run(`const deep = ${"[".repeat(5000)}${"]".repeat(5000)}`);
  assert.equal((await run("1 + 1")).value, "2");
});

test("kernel_info answers on control while a cell loops", async () => {
  const { seen, watch } = firstOf("execute_input");
  const running = kernel.execute("while (true) {}", watch);
  await seen;
  const reply = await kernel.request(
    "kernel_info_request",
    {},
    { channel: "control", untilIdle: false },
  );
  assert.equal(reply.content["protocol_version"], "5.5");
  assert.equal((reply.content["language_info"] as { name: string }).name, "typescript");
  await kernel.interrupt();
  await running;
});

test("broken and wrongly signed frames are dropped and harm nothing", async () => {
  const b = (text: string): Buffer => Buffer.from(text);
  const header = b('{"msg_id":"1","msg_type":"execute_request"}');
  const code = b('{"code":"globalThis.hacked = 1"}');
  for (const frames of [
    [b("nonsense")],
    [b("<IDS|MSG>")],
    [b("<IDS|MSG>"), b("0".repeat(64)), header, b("{}"), b("{}"), code],
    [b("<IDS|MSG>"), b(""), header, b("{}"), b("{}"), code],
    [b("<IDS|MSG>"), b("ä".repeat(32)), b("{"), b("{"), b("{"), b("{")],
  ]) {
    kernel.sendFrames("shell", frames);
    kernel.sendFrames("control", frames);
  }
  assert.equal((await run("typeof (globalThis as any).hacked")).value, "'undefined'");
});

test("a syntax error names line and place, counts, and changes nothing", async () => {
  await run("let kept = 1");
  const { reply, types } = await run("kept = 2;\nconst x = ;");
  assert.equal(reply["ename"], "SyntaxError");
  assert.match(String(reply["evalue"]), /line 2/);
  assert.ok(types.includes("error"));
  assert.equal((await run("kept")).value, "1");
});

test("a timer that throws and a rejection nobody awaits are shown, and the kernel lives", async () => {
  const shown: string[] = [];
  const both = new Promise<void>((resolve) => {
    kernel.onMessage = ({ message }) => {
      if (message.content["name"] === "stderr") shown.push(String(message.content["text"]));
      if (/in a timer/.test(shown.join()) && /nobody waits/.test(shown.join())) resolve();
    };
  });
  await run(
    "setTimeout(() => { throw new Error('in a timer') }); void Promise.reject(new Error('nobody waits')); 1",
  );
  await both;
  assert.equal((await run("1 + 1")).value, "2");
});

test("an async display keeps its place and is waited for", async () => {
  const { types, messages } = await run(
    "display({ [Symbol.for('Jupyter.display')]: async () => { await new Promise((r) => setTimeout(r, 30)); return { 'text/plain': 'slow' } } }); console.log('after')",
  );
  assert.deepEqual(types, ["status", "execute_input", "display_data", "stream", "status"]);
  const data = messages.find(({ message }) => message.header.msg_type === "display_data");
  assert.deepEqual(data?.message.content["data"], { "text/plain": "slow" });
});

test("a cell that fails behind a display that never comes can be stopped", async () => {
  const { seen, watch } = firstOf("stream");
  const never = "{ [Symbol.for('Jupyter.display')]: () => new Promise(() => {}) }";
  const code = `console.log('go'); display(${never}); throw new Error('x')`;
  const running = kernel.execute(code, watch);
  await seen;
  await kernel.interrupt();
  assert.equal((await running).content["status"], "error");
  assert.equal((await run("1 + 1")).value, "2");
});

test("a display whose method fails is the cell's error", async () => {
  const { reply } = await run(
    "display({ [Symbol.for('Jupyter.display')]: async () => { throw new Error('no picture') } }); 1",
  );
  assert.equal(reply["status"], "error");
  assert.equal(reply["evalue"], "no picture");
});

test("the preloaded library and a package import are one and the same", async () => {
  const { value } = await run(
    "import * as own from 'gradbook'; own.Graph === Graph && typeof plot.loss",
  );
  assert.equal(value, "'function'");
});

test("a local TypeScript module is found without its extension, and read again after an edit", async () => {
  const folder = temporaryFolder("gradbook-test-");
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write("inner.ts", "export enum Size { Small = 1 }\nexport const n: number = 1;\n");
  write(
    "helper.ts",
    "export { n, Size } from './inner';\nexport const double = (x: number): number => x * 2;\n",
  );
  write("data.json", '{ "a": 5 }');
  const client = await launchKernel({ notebook: join(folder, "nb.ipynb") });
  try {
    const first = await runCell(
      client,
      "import { n, Size, double } from './helper'; import data from './data.json'; [n, Size.Small, double(4), data.a].join()",
    );
    assert.equal(first.value, "'1,1,8,5'");
    write("inner.ts", "export enum Size { Small = 7 }\nexport const n: number = 22;\n");
    const second = await runCell(
      client,
      "import { n, Size } from './helper.ts'; [n, Size.Small].join()",
    );
    assert.equal(second.value, "'22,7'");
    write("broken.ts", "export const a = 1;\nconst b = ;\n");
    const broken = await runCell(client, "import './broken'");
    assert.match(String(broken.reply["evalue"]), /broken\.ts:2:11: Unexpected token/);
    write(
      "throws.ts",
      "interface A {\n  b: number;\n}\n\nexport function f(_: A) {\n  throw new Error('inside');\n}\n",
    );
    const thrown = await runCell(client, "import { f } from './throws'; f({ b: 1 })");
    const traceback = (thrown.reply["traceback"] as string[]).join("\n");
    assert.match(traceback, /at f \(.*throws\.ts:6:9\)/);
    assert.doesNotMatch(traceback, /\?v=/);
  } finally {
    await client.shutdown();
    removeFolder(folder);
  }
});

test("the kernel ends when its parent is killed", async () => {
  const folder = temporaryFolder("gradbook-test-");
  const pidFile = join(folder, "pid");
  const client = fileURLToPath(new URL("../../kernel/run/client.js", import.meta.url));
  const script = `
    import { writeFileSync } from "node:fs";
    const { KernelClient } = await import(${JSON.stringify(client)});
    const kernel = await KernelClient.launch();
    writeFileSync(${JSON.stringify(pidFile)}, String(kernel.process.pid));
    process.kill(process.pid, "SIGKILL");
  `;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: "inherit",
    env: { ...process.env, TMPDIR: folder },
  });
  await new Promise((resolve) => parent.once("exit", resolve));
  assert.ok(existsSync(pidFile), "the kernel was started");
  const { readFileSync } = await import("node:fs");
  const pid = Number(readFileSync(pidFile, "utf8"));
  await gone(pid);
  removeFolder(folder);
});

test("a library error names the cell's line once and shows no inside of the library", async () => {
  const code = "const a = placeholder({ shape: [3, 4] });\nmatmul(a, a)";
  const { reply } = await run(code);
  const traceback = stripVTControlCharacters((reply["traceback"] as string[]).join("\n"));
  assert.match(traceback, /> 2 \| matmul\(a, a\)/);
  assert.doesNotMatch(traceback, /dist|Caused by/);
});

test("a shutdown ends the process in a tight loop too", async () => {
  const client = await launchKernel();
  const { seen, watch } = firstOf("execute_input");
  client.execute("while (true) {}", watch).catch(() => {});
  await seen;
  await client.shutdown();
  assert.notEqual(client.process.exitCode ?? client.process.signalCode, null);
});
