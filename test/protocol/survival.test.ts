/** What ends a program does not end a kernel: errors nobody caught, listeners taken away, signals a cell sends itself. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { KernelClient } from "../../kernel/run/client.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, type Ran, runCell } from "./cells.ts";

let kernel: KernelClient;

before(async () => {
  kernel = await launchKernel();
});
after(async () => kernel.shutdown());

const run = (code: string): Promise<Ran> => runCell(kernel, code);

/** Waits until a timer that was set before has thrown. */
const SOON = "await new Promise((done) => setTimeout(done, 30))";

for (const [what, code] of [
  ["all listeners are taken away", "process.removeAllListeners()"],
  [
    "those for uncaught errors are taken away, one by one",
    "for (const name of ['uncaughtException', 'unhandledRejection']) for (const each of process.listeners(name as 'exit')) process.off(name, each)",
  ],
] as const) {
  test(`a timer that throws, and a promise that fails, are reported when ${what}`, async () => {
    await run(code);
    const failing = `setTimeout(() => { throw new Error('in a timer') }); Promise.reject(new Error('in a promise'))`;
    const { status, stderr } = await run(`void (() => { ${failing} })(); ${SOON}`);
    assert.equal(status, "ok");
    assert.match(stderr, /in a timer/);
    assert.match(stderr, /in a promise/);
    assert.equal((await run("1 + 1")).value, "2");
  });
}

test("a cell's own listeners for what is uncaught are told, and nothing else is said", async () => {
  const { stdout, stderr } = await run(
    `process.on('uncaughtException', (error) => console.log('mine:', error.message));
process.on('unhandledRejection', (error) => console.log('mine:', (error as Error).message));
setTimeout(() => { throw new Error('one') }); void Promise.reject(new Error('two')); ${SOON}`,
  );
  assert.deepEqual(stdout.split("\n").toSorted(), ["", "mine: one", "mine: two"]);
  assert.equal(stderr, "");
  await run("process.removeAllListeners()");
});

test("a listener that throws, or a capture callback that does, is reported beside what it was told of", async () => {
  const throwing = `setTimeout(() => { throw new Error('first') }); ${SOON}`;
  const listener = "process.once('uncaughtException', () => { throw new Error('second') });";
  assert.match((await run(listener + throwing)).stderr, /first[^]*second/);
  const capture =
    "process.setUncaughtExceptionCaptureCallback(() => { throw new Error('third') });";
  assert.match((await run(capture + throwing)).stderr, /first[^]*third/);
  await run("process.setUncaughtExceptionCaptureCallback(null)");
});

test("signals are heard when all listeners were taken away", async () => {
  await run(
    "process.removeAllListeners('SIGINT'); for (const each of process.listeners('SIGTERM')) process.off('SIGTERM', each)",
  );
  const { seen, watch } = firstOf("execute_input");
  const running = kernel.execute("await new Promise(() => {})", watch);
  await seen;
  process.kill(kernel.process.pid ?? 0, "SIGINT");
  assert.equal((await running).content["ename"], "Interrupted");
});

test("a SIGINT that a cell sends to itself stops it, and never the cell after", async () => {
  const forever = "process.kill(process.pid, 'SIGINT'); await new Promise(() => {})";
  assert.equal((await run(forever)).reply["ename"], "Interrupted");
  for (let i = 0; i < 10; i++) {
    const first = kernel.execute("process.kill(process.pid, 2); await 1; 'over'", () => {}, {
      stop_on_error: false,
    });
    const second = run(`${SOON}; 'next'`);
    await first;
    assert.equal((await second).value, "'next'");
  }
});

test("a cell that listens for SIGINT is told of its own, and goes on", async () => {
  const { value } = await run(
    `let told = 0; process.on('SIGINT', () => told++); process.kill(process.pid, 'SIGINT'); ${SOON}; told`,
  );
  assert.equal(value, "1");
});

test("a listener for SIGINT is told of one from outside, also where Node does not see it", async () => {
  await run("let heard: () => void = () => {}; process.on('SIGINT', () => heard())");
  // By then a thread of the kernel's has taken the signal over, for loops in which Node hears nothing.
  await run("await new Promise((done) => setTimeout(done, 1500))");
  const { seen, watch } = firstOf("stream");
  kernel.onMessage = watch;
  const running = kernel.execute(
    "heard = () => console.log('heard'); for (;;) {}",
    ({ message }) => {
      if (message.header.msg_type === "execute_input")
        process.kill(kernel.process.pid ?? 0, "SIGINT");
    },
  );
  assert.equal((await running).content["ename"], "Interrupted");
  await seen;
});

test("a domain takes the errors of what runs in it, as in a program", async () => {
  const { stdout, stderr } = await run(
    `const domain = require("node:domain").create();
domain.on("error", (error: Error) => console.log("domain:", error.message));
domain.run(() => setTimeout(() => { throw new Error("inside") })); ${SOON}`,
  );
  assert.deepEqual([stdout, stderr], ["domain: inside\n", ""]);
});

for (const replaced of [
  "Array.prototype.push",
  "Array.prototype.map",
  "Array.prototype.flatMap",
  "Atomics.load",
  "JSON.stringify",
  "Map.prototype.get",
  "Map.prototype.set",
  "Map.prototype.delete",
  "Promise.prototype.then",
  "Reflect.apply",
  "Reflect.get",
  "RegExp.prototype.exec",
  "Set.prototype.add",
  "String.prototype.split",
  "globalThis.Map",
  "globalThis.setImmediate",
  "globalThis.setTimeout",
]) {
  test(`the cells after one that has replaced ${replaced} run, print, fail and show values`, async () => {
    await run(`${replaced} = (() => { throw new Error("replaced") }) as never`);
    assert.equal((await run("console.log('here'); 1 + 1")).value, "2");
    assert.equal((await run("throw new RangeError('mine')")).reply["evalue"], "mine");
    assert.match(String((await run("[{ a: 1 }, { a: 2 }]")).value), /a: /);
    assert.equal(
      (await run("await new Promise((done) => queueMicrotask(() => done(3)))")).value,
      "3",
    );
  });
}

test("the reader is told what was put back", async () => {
  const { stderr } = await run("Map.prototype.get = () => { throw new Error('replaced') }");
  const { stderr: next } = await run("1");
  assert.match(stderr + next, /A cell has replaced Map\.prototype\.get .* put back/);
});

test("a method that a cell has replaced by one that works stays", async () => {
  await run(
    "const { push } = Array.prototype; let pushes = 0; Array.prototype.push = function (...items) { pushes++; return push.apply(this, items) }",
  );
  assert.equal((await run("pushes = 0; [1].push(2); pushes > 0")).value, "true");
});
