/** Output that does not come through console, and more of it than anybody reads. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { Subscriber } from "zeromq";
import type { KernelClient, Received } from "../../kernel/run/client.ts";
import { addressOf } from "../../kernel/transport/connection.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, type Ran, runCell } from "./cells.ts";

let kernel: KernelClient;

before(async () => {
  kernel = await launchKernel();
});
after(async () => kernel.shutdown());

const run = (code: string): Promise<Ran> => runCell(kernel, code);

test("a synchronous child's output stands between what the cell said before and after", async () => {
  const { stdout, stderr } = await run(
    "console.log('a'); require('node:child_process').execSync('echo b; echo e >&2', { stdio: 'inherit' }); console.log('c')",
  );
  assert.equal(stdout, "a\nb\nc\n");
  assert.equal(stderr, "e\n");
});

test("a child with inherited output that the cell awaits is heard", async () => {
  const { stdout } = await run(
    "const { spawn } = await import('node:child_process'); const child = spawn('sh', ['-c', 'for i in 1 2 3; do echo line $i; done'], { stdio: 'inherit' }); await new Promise((r) => child.on('exit', r)); console.log('end')",
  );
  // Between the child's pipe and the cell's own words the order is best effort.
  assert.equal(stdout.replace("end\n", ""), "line 1\nline 2\nline 3\n");
  assert.match(stdout, /end\n/);
});

test("100,000 lines of a child arrive whole", async () => {
  const { stdout } = await run(
    "require('node:child_process').execFileSync('seq', ['100000'], { stdio: 'inherit' })",
  );
  assert.equal(stdout.length, 588_895);
  assert.ok(stdout.endsWith("99999\n100000\n"));
});

test("a group of the console that a cell leaves open indents no other cell", async () => {
  const opened = await run("console.group('a'); console.group('b'); console.log('c')");
  assert.equal(opened.stdout, "a\n  b\n    c\n");
  const next = await run("console.groupEnd(); console.log('d')");
  assert.equal(next.stdout, "d\n");
});

test("writes to the descriptors keep their place", async () => {
  const { stdout, stderr } = await run(
    "const fs = require('node:fs'); console.log('a'); fs.writeSync(1, 'b\\n'); console.log('c'); fs.writeSync(2, 'e\\n')",
  );
  assert.equal(stdout, "a\nb\nc\n");
  assert.equal(stderr, "e\n");
});

test("a stream that is piped into process.stdout ends, and process.stdout does not", async () => {
  const { stdout } = await run(
    "import { Readable } from 'node:stream'; import { pipeline } from 'node:stream/promises'; await pipeline(Readable.from(['piped\\n']), process.stdout); process.stdout.end('ended\\n'); console.log('after')",
  );
  assert.equal(stdout, "piped\nended\nafter\n");
});

test("what is logged goes by a process.stdout.write that a cell has put there", async () => {
  const { value, stdout } = await run(
    `let caught = ""; const { write } = process.stdout;
process.stdout.write = (text: unknown) => { caught += String(text); return true };
console.log("a", 1); console.log("%s!", "b");
process.stdout.write = write; console.log("after"); caught`,
  );
  assert.equal(value, "'a 1\\nb!\\n'");
  assert.equal(stdout, "after\n");
});

test("closing the descriptors 1 and 2 closes nothing, and half a character is written as a replacement", async () => {
  const { stdout } = await run(
    "const fs1 = require('node:fs'); fs1.closeSync(1); fs1.closeSync(2); console.log('here', '\\ud83d!')",
  );
  assert.equal(stdout, "here \ufffd!\n");
});

test("a warning of Node is shown", async () => {
  const { stderr } = await run(
    "process.emitWarning('mind the gap'); await new Promise((r) => setTimeout(r, 20))",
  );
  assert.match(stderr, /Warning: mind the gap/);
});

test("a worker thread of the cell is heard", async () => {
  const { stdout } = await run(
    "const { Worker } = await import('node:worker_threads'); const worker = new Worker('console.log(\"from a worker\")', { eval: true }); await new Promise((r) => worker.on('exit', r))",
  );
  assert.match(stdout, /from a worker/);
});

test("carriage returns, partial lines and bytes of one character in two writes pass through", async () => {
  const { stdout } = await run(
    "process.stdout.write('10 %\\r20 %\\r'); process.stdout.write(Buffer.from([0xe2, 0x82])); process.stdout.write(Buffer.from([0xac])); process.stdout.write('no end')",
  );
  assert.equal(stdout, "10 %\r20 %\r€no end");
});

test("bytes that a text stands for are written as those", async () => {
  const { stdout } = await run(
    "process.stdout.write('w4kg', 'base64'); process.stdout.write('68690a', 'hex', () => {}); process.stdout.write('é', 'utf8')",
  );
  assert.equal(stdout, "É hi\né");
});

test("timers of two cells that take turns speak each under its own cell", async () => {
  const late = new Map<string, string>();
  const both = new Promise<void>((resolve) => {
    kernel.onMessage = ({ message: { parent_header: parent, content } }) => {
      if (!("msg_id" in parent) || typeof content["text"] !== "string") return;
      late.set(parent.msg_id, (late.get(parent.msg_id) ?? "") + content["text"]);
      const texts = [...late.values()].join("");
      if (texts.match(/[AB]/g)?.length === 10) resolve();
    };
  });
  const code = (name: string): string =>
    `{ let n = 0; const timer = setInterval(() => { process.stdout.write("${name}"); if (++n === 5) clearInterval(timer) }, 3) }`;
  await Promise.all([run(code("A")), run(code("B"))]);
  await both;
  assert.deepEqual([...late.values()].toSorted(), ["AAAAA", "BBBBB"]);
});

test("a value of 50 MB and a million elements are shown shortened", async () => {
  for (const code of [
    "'x'.repeat(50e6)",
    "Array.from({ length: 1e6 }, (_, i) => i)",
    "Buffer.alloc(50e6)",
    "new Map(Array.from({ length: 1e6 }, (_, i) => [i, i]))",
  ]) {
    const { status, messages } = await run(code);
    assert.equal(status, "ok", code);
    const size = messages.reduce(
      (sum, { message }) => sum + JSON.stringify(message.content).length,
      0,
    );
    assert.ok(size < 200_000, `${code}: ${size}`);
  }
});

/** A client that does not read until it is told to. */
function sleeper(): { read: () => Promise<string[]>; close: () => void } {
  const socket = new Subscriber({ receiveHighWaterMark: 1 });
  socket.connect(addressOf(kernel.connection, kernel.connection.iopub_port));
  socket.subscribe();
  return {
    close: () => socket.close(),
    async read() {
      const types: string[] = [];
      for await (const frames of socket) {
        const at = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>");
        const { msg_type } = JSON.parse(String(frames[at + 2])) as { msg_type: string };
        types.push(msg_type);
        const content = String(frames[at + 5]);
        if (types.includes("display_data") && content.includes('"idle"')) break;
      }
      return types;
    },
  };
}

test("20,000 displays of one cell all arrive at a client that reads late and slowly", async () => {
  const slow = sleeper();
  // The welcome is behind it when a message has come; one that nobody reads cannot tell, so a round trip must do.
  await run("0");
  const running = run(
    "for (let i = 0; i < 20_000; i++) display.text('display ' + i + ' '.repeat(500))",
  );
  const types = await slow.read();
  slow.close();
  await running;
  assert.equal(types.filter((type) => type === "display_data").length, 20_000);
});

test("a cell that prints without end waits for its readers in bounded memory, and can be stopped", async () => {
  const slow = sleeper();
  await run("0");
  const { seen, watch } = firstOf("stream");
  let printed = 0;
  const running = kernel.execute(
    "for (let i = 0; ; i++) console.log('x'.repeat(1000))",
    (received: Received) => {
      watch(received);
      const { text } = received.message.content;
      if (typeof text === "string") printed += text.length;
    },
  );
  await seen;
  // It stands still when the bound is reached: nothing more is printed while the sleeper sleeps.
  let earlier = -1;
  while (printed !== earlier) {
    earlier = printed;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const resident = rssOf(kernel.process.pid ?? 0);
  assert.ok(resident < 600, `${resident} MB`);
  await kernel.request("interrupt_request", {}, { channel: "control", untilIdle: false });
  slow.close();
  assert.equal((await running).content["ename"], "Interrupted");
  assert.equal((await run("1 + 1")).value, "2");
});

function rssOf(pid: number): number {
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024;
}
