/** Whatever a cell does, it can be stopped, and its state is kept. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { KernelClient, Received } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, type Ran, runCell } from "./cells.ts";
import { gone } from "./process.ts";

let kernel: KernelClient;

before(async () => {
  kernel = await launchKernel({ types: "on" });
});
after(async () => kernel.shutdown());

const run = (code: string): Promise<Ran> => runCell(kernel, code);

interface Begun {
  readonly ended: Promise<Received["message"]>;
}

/** Runs a cell, and resolves when it has published a message of the type. */
async function begin(
  code: string,
  type = "stream",
  hear: (received: Received) => void = () => {},
): Promise<Begun> {
  for (;;) {
    const { seen, watch } = firstOf(type);
    const ended = kernel.execute(code, (received) => {
      watch(received);
      hear(received);
    });
    const early = await Promise.race([seen, ended]);
    if (early === undefined) return { ended };
    // A signal of an earlier test was still on its way.
    assert.equal(early.content["ename"], "Interrupted");
  }
}

for (const [what, code] of [
  ["while (true) {}", "let n = 0; while (true) n++"],
  ["a pending await", "let n = 1; await new Promise(() => {})"],
  ["while (true) await null", "let n = 1; while (true) { n++; await null }"],
  [
    "a loop in an awaited function",
    "let n = 1; async function spin() { for (;;) { n++; await null } }\nawait spin()",
  ],
  ["a loop behind an await", "let n = 1; await null; for (;;) n++"],
  [
    "a loop in a function that awaits",
    "let n = 1; async function f() { await null; for (;;) n++ }\nawait f()",
  ],
  ["a loop with try and finally", "let n = 1; for (;;) { try { n++ } finally { n++ } }"],
  [
    "a loop in a timer while the cell awaits",
    "let n = 1; setTimeout(() => { console.log('go'); for (;;) n++ }); await new Promise(() => {})",
  ],
  [
    "promises that never end",
    "let n = 1; (function f() { n++; Promise.resolve().then(f) })(); await new Promise(() => {})",
  ],
  ["Atomics.wait", "let n = 1; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"],
  ["a loop in WebAssembly", `let n = 1; ${wasmLoop()}`],
  ["displays without end", "let n = 1; for (;;) { display.text('go'); n++ }"],
  ["clearing without end", "let n = 1; display.text('go'); for (;;) { clearOutput(); n++ }"],
  [
    "children in the background of a synchronous shell",
    "let n = 1; console.log('go'); require('node:child_process').execSync('(sleep 60 & sleep 60 & wait)', { stdio: 'pipe' })",
  ],
  ["a sort that never ends", "let n = 1; [3, 1, 2].sort(() => { for (;;) n++ })"],
  ["a getter that never returns", "let n = 1; ({ get x() { for (;;) n++ } }).x"],
  [
    "a synchronous child process",
    "let n = 1; require('node:child_process').execSync('echo go; sleep 60; echo no', { stdio: 'inherit' })",
  ],
  [
    "children of a synchronous child",
    "let n = 1; require('node:child_process').execFileSync('sh', ['-c', 'echo go; sh -c \\'sleep 60; true\\'; true'], { stdio: 'inherit' })",
  ],
  [
    "synchronous children in a loop that catches",
    "let n = 1; for (;;) try { require('node:child_process').execSync('echo go; sleep 60', { stdio: 'inherit' }) } catch { n++ }",
  ],
  [
    "a loop that catches what stops it",
    "let n = 1; for (;;) try { await new Promise(() => {}) } catch { n++ }",
  ],
  [
    "a loop in a function that catches what stops it",
    "let n = 1; async function f() { for (;;) try { n++; await null } catch {} }\nawait f()",
  ],
  ["a catastrophic regular expression", "let n = 1; /^(a+)+$/.test('a'.repeat(40) + 'b')"],
  [
    "for await over an iterator that never yields",
    "let n = 1; for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => new Promise<IteratorResult<number>>(() => {}) }) }) n++",
  ],
] as const) {
  test(`an interrupt stops ${what}, and the state is kept`, async () => {
    await run("let n = 0");
    // It says itself that it has begun: before that there is a check of its types, which an interrupt ends too.
    const begun = /\bgo\b/.test(code) ? "" : "console.log('go');";
    const type = code.includes("display.") ? "display_data" : "stream";
    const { ended } = await begin(begun + code.replace("let ", ""), type);
    await kernel.interrupt();
    const { content } = await ended;
    assert.equal(content["status"], "error");
    assert.equal(content["ename"], "Interrupted");
    assert.match(String((await run("n")).value), /^\d+$/);
  });
}

test("what was printed before an endless loop is seen during it", async () => {
  const { ended } = await begin("console.log('one'); console.log('two'); for (;;) {}");
  await kernel.interrupt();
  await ended;
});

test("an interrupt stops a loop in a timer whose cell has ended", async () => {
  const { seen, watch } = firstOf("stream");
  await kernel.execute("let spins = 0; setTimeout(() => { console.log('go'); for (;;) spins++ })");
  kernel.onMessage = watch;
  await seen;
  const asked = run("spins > 0");
  await kernel.interrupt();
  // The question was asked before the interrupt: it is answered, or aborted with it.
  await asked;
  assert.equal((await run("spins > 0")).value, "true");
});

test("a cell sent during an interrupt is not hit by it", async () => {
  const { ended } = await begin("while (true) {}", "execute_input");
  const stopped = kernel.interrupt();
  await ended;
  assert.equal((await run("6 * 7")).value, "42");
  await stopped;
});

test("an interrupt stops a cell that is being prepared", async () => {
  const { ended } = await begin("const late = 1; while (true) {}", "execute_input");
  await kernel.interrupt();
  assert.equal((await ended).content["ename"], "Interrupted");
});

test("an interrupt of an idle kernel harms nothing", async () => {
  for (let i = 0; i < 10; i++) await kernel.interrupt();
  assert.equal((await run("1 + 1")).value, "2");
});

for (const [what, code] of [
  ["a loop", "let n = 1; for (;;) n++"],
  ["a pending await", "let n = 1; await new Promise(() => {})"],
  [
    "a loop in a timer",
    "let n = 1; setTimeout(() => { for (;;) n++ }); await new Promise(() => {})",
  ],
] as const) {
  // A terminal and a server signal the whole group; where the guardian hears, the test need not be in one.
  for (const [whom, pid] of [
    ["the process", () => kernel.process.pid ?? 0],
    ["its guardian", () => guardianOf(kernel)],
  ] as const) {
    test(`SIGINT to ${whom} stops ${what}`, async () => {
      const { ended } = await begin(`let n = 0; console.log('go')\n${code.replace("let ", "")}`);
      // The process itself listens when a cell has run for a while: who signals it by hand has seen that.
      const signal = setInterval(() => process.kill(pid(), "SIGINT"), 50);
      assert.equal((await ended).content["ename"], "Interrupted");
      clearInterval(signal);
      // A signal that was on its way still may stop what is asked next.
      let asked = await run("n");
      while (asked.reply["ename"] === "Interrupted") asked = await run("n");
      assert.match(String(asked.value), /^\d+$/);
    });
  }
}

/** The shell that lives beside the kernel. */
function guardianOf({ process: { pid } }: KernelClient): number {
  const children = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const line = children
    .split("\n")
    .find((row) => row.includes("gradbook-guardian") && row.includes(` ${pid} `));
  return Number(line?.trim().split(/\s+/)[0]);
}

test("ten interrupts in a row, some during others, stop one cell and harm nothing", async () => {
  const { ended } = await begin("let kept = 'kept'; console.log('go'); while (true) {}");
  await Promise.all(Array.from({ length: 10 }, () => kernel.interrupt()));
  assert.equal((await ended).content["ename"], "Interrupted");
  assert.equal((await run("kept")).value, "'kept'");
});

test("a child that ignores SIGINT is ended all the same", async () => {
  const { ended } = await begin(
    `require("node:child_process").execFileSync("sh", ["-c", "trap '' INT TERM; echo go; while :; do sleep 1; done"], { stdio: "inherit" })`,
  );
  await kernel.interrupt();
  assert.equal((await ended).content["ename"], "Interrupted");
});

test("an interrupt leaves a child alone that the cell does not wait for", async () => {
  await run(
    "const cp = require('node:child_process'); const calm = cp.spawn('sleep', ['60']); let ended = false; calm.on('exit', () => { ended = true })",
  );
  const cell = await begin("while (true) {}", "execute_input");
  await kernel.interrupt();
  await cell.ended;
  assert.equal((await run("await new Promise((r) => setImmediate(r)); ended")).value, "false");
  await run("calm.kill()");
});

test("an interrupt stops the programs of Deno.Command that the cell has started, and no others", async () => {
  await run(
    "const spawned = (script: string) => new Deno.Command('sh', { args: ['-c', script] }).spawn(); const old = spawned('exec sleep 60')",
  );
  await run("let ours: Deno.ChildProcess | null = null");
  const cell = await begin("ours = spawned('echo go; sleep 60'); await new Promise(() => {})");
  await kernel.interrupt();
  assert.equal((await cell.ended).content["ename"], "Interrupted");
  assert.match(String((await run("(await ours?.status)?.signal")).value), /SIGINT/);
  await run("old.kill()");
  assert.match(String((await run("(await old.status).signal")).value), /SIGTERM/);
});

test("an interrupt stops the output of a program that is waited for", async () => {
  const waits = "await new Deno.Command('sh', { args: ['-c', 'sleep 60'] }).output()";
  const cell = await begin(`console.log('go'); ${waits}`);
  await kernel.interrupt();
  assert.equal((await cell.ended).content["ename"], "Interrupted");
});

test("an interrupt stops a test, and those behind it are not begun", async () => {
  const cell = await begin(
    "let begun = 0; Deno.test('long', async () => { console.log('go'); await new Promise(() => {}) }); Deno.test('next', () => void begun++)",
  );
  await kernel.interrupt();
  assert.equal((await cell.ended).content["ename"], "Interrupted");
  assert.equal((await run("begun")).value, "0");
});

test("a read that nothing can end is said to be so, with the remedy", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gradbook-test-"));
  const path = join(folder, "fifo");
  execFileSync("mkfifo", [path]);
  try {
    let stderr = "";
    const { ended } = await begin(
      `const fs = require("node:fs"); const fd = fs.openSync(${JSON.stringify(path)}, "r+"); console.log("go"); fs.readSync(fd, Buffer.alloc(1))`,
      "stream",
      ({ message }) => {
        const { name, text } = message.content;
        if (name === "stderr") stderr += String(text);
      },
    );
    const reply = await kernel.request("interrupt_request", {}, { channel: "control" });
    assert.equal(reply.content["status"], "error");
    assert.match(String(reply.content["evalue"]), /cannot be interrupted.*Restart the kernel/);
    assert.match(stderr, /cannot be interrupted.*Restart the kernel/);
    writeFileSync(path, "x");
    assert.equal((await ended).content["ename"], "Interrupted");
    assert.equal((await run("1 + 1")).value, "2");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("no guardian and no pipe is left behind by a kernel that ends or is killed", async () => {
  for (const signal of [null, "SIGKILL"] as const) {
    const client = await launchKernel({ types: "on", log: "ignore" });
    const guardian = guardianOf(client);
    assert.ok(guardian > 0);
    if (signal === null) await client.shutdown();
    else {
      client.process.kill(signal);
      client.close();
    }
    await gone(guardian);
  }
});

test("SIGTERM to the group ends a kernel that loops", async () => {
  const client = await launchKernel({ types: "on", log: "ignore" });
  const exited = new Promise((resolve) => client.process.once("exit", resolve));
  const { seen, watch } = firstOf("stream");
  client.execute("console.log('go'); for (;;) {}", watch).catch(() => {});
  await seen;
  process.kill(guardianOf(client), "SIGTERM");
  await exited;
  client.close();
});

/** Source of a call into a WebAssembly function whose body is `(loop (br 0))`. */
function wasmLoop(): string {
  const sections = [
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    [1, 4, 1, 0x60, 0, 0],
    [3, 2, 1, 0],
    [7, 5, 1, 1, 0x66, 0, 0],
    [10, 9, 1, 7, 0, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b],
  ];
  const bytes = sections.flat();
  return `new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([${bytes.join()}]))).exports.f()`;
}
