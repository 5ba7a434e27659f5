/** Several cells at once, one for each shell: they take turns, and each keeps its own output and its own end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { INTERRUPT_FLAG, type Outcome } from "../../../kernel/channel.ts";
import { TestNotebook } from "../notebook.ts";

function printed(notebook: TestNotebook, cell: number): string {
  notebook.output.flush();
  return notebook.posted
    .map((message) => (message.type === "stream" && message.cell === cell ? message.text : ""))
    .join("");
}

function endsOf(notebook: TestNotebook): number[] {
  return notebook.posted.flatMap((message) => (message.type === "done" ? [message.cell] : []));
}

function textOf(outcome: Outcome): unknown {
  return outcome.status === "ok" ? outcome.value?.data["text/plain"] : outcome.ename;
}

/** A notebook whose cells print to it. */
function printing(): TestNotebook {
  const notebook = new TestNotebook();
  notebook.declare("print", (text: string) =>
    notebook.output.write(notebook.runs.speaker, "stdout", text),
  );
  return notebook;
}

test("a cell runs to its end while another one waits, and each speaks for itself", async () => {
  const notebook = printing();
  await notebook.run("let go; const gate = new Promise((resolve) => (go = resolve))");
  const parent = notebook.run("print('a'); const got = await gate; print('b'); got");
  const child = await notebook.run("print('c'); await null; print('d'); go('through'); 7");
  assert.equal(textOf(child), "7");
  assert.equal(textOf(await parent), "'through'");
  assert.deepEqual(endsOf(notebook), [1, 3, 2]);
  assert.equal(printed(notebook, 2), "ab");
  assert.equal(printed(notebook, 3), "cd");
});

test("a timer of an ended cell speaks for it while others run", async () => {
  const notebook = printing();
  await notebook.run("let ring; const rung = new Promise((resolve) => (ring = resolve))");
  await notebook.run("setTimeout(() => { print('late'); ring() })");
  await notebook.run("await rung");
  assert.equal(printed(notebook, 2), "late");
});

test("an interrupt ends all cells that wait, and the next ones run", async () => {
  const notebook = printing();
  const first = notebook.run("await new Promise(() => {})");
  const second = notebook.run("try { await new Promise(() => {}) } finally { print('swept') }");
  Atomics.store(notebook.shared.flags, INTERRUPT_FLAG, 1);
  notebook.runs.interrupt(1);
  assert.deepEqual([textOf(await first), textOf(await second)], ["Interrupted", "Interrupted"]);
  assert.equal(printed(notebook, 2), "swept");
  assert.equal(await notebook.text("await Promise.resolve(1)"), "1");
});

test("a function that an interrupted cell waits for goes no further, one of an earlier cell does", async () => {
  const notebook = printing();
  await notebook.run(`
    let trained = 0, ticked = 0;
    let pause = () => new Promise((resolve) => setTimeout(resolve));
    async function tick() { for (;;) { await pause(); ticked++; } }
    async function train() { for (;;) { trained += await pause() ?? 1; } }
    void tick();`);
  const training = notebook.run("await train()");
  await notebook.run("while (trained < 2) await pause()");
  Atomics.store(notebook.shared.flags, INTERRUPT_FLAG, 1);
  notebook.runs.interrupt(1);
  assert.equal(textOf(await training), "Interrupted");
  assert.equal(
    await notebook.text(
      "const before = trained, from = ticked; while (ticked < from + 3) await pause(); trained - before",
    ),
    "0",
  );
  // Nothing else stops it here.
  await notebook.run("pause = () => new Promise(() => {})");
});

test("a cell that comes while others are being stopped runs when they have ended", async () => {
  const notebook = printing();
  // What was terminated behind an `await` never comes to an end of its own.
  const terminated = new Promise<Outcome>((ended) => {
    const body = (): Promise<Outcome> => new Promise(() => {});
    notebook.runs.start({ cell: 9, isAbortable: true, body, ended });
  });
  Atomics.store(notebook.shared.flags, INTERRUPT_FLAG, 1);
  notebook.runs.interrupt(1);
  const next = notebook.run("await Promise.resolve('next')");
  assert.deepEqual(endsOf(notebook), []);
  assert.equal(textOf(await terminated), "Interrupted");
  assert.equal(textOf(await next), "'next'");
});

test("a cell that was sent before an interrupt has arrived is not begun", async () => {
  const notebook = printing();
  const waiting = notebook.run("await new Promise(() => {})");
  Atomics.store(notebook.shared.flags, INTERRUPT_FLAG, 1);
  const overtaken = notebook.run("print('begun'); 1");
  notebook.runs.interrupt(1);
  assert.equal(textOf(await overtaken), "Interrupted");
  assert.equal(textOf(await waiting), "Interrupted");
  assert.equal(printed(notebook, 2), "");
});

test("a display that is still being made holds back its own cell alone", async () => {
  const notebook = printing();
  let finish: () => void = () => {};
  notebook.declare("show", () => {
    const made = new Promise<void>((resolve) => (finish = resolve));
    const cell = notebook.runs.speaker;
    const message = made.then(() => ({ type: "clear", cell, wait: false }) as const);
    notebook.runs.awaitBeforeReply(notebook.output.showLater(cell, message));
  });
  const parent = notebook.run("show(); print('after'); 'parent'");
  assert.equal(await notebook.text("print('other'); 'child'"), "'child'");
  assert.equal(printed(notebook, 2), "other");
  assert.equal(printed(notebook, 1), "");
  finish();
  assert.equal(textOf(await parent), "'parent'");
  assert.equal(printed(notebook, 1), "after");
});

test("each cell's last value is _ of the cell after it", async () => {
  const notebook = printing();
  await notebook.run("let go; const gate = new Promise((resolve) => (go = resolve))");
  const parent = notebook.run("await gate; 'slow'");
  await notebook.run("'quick'");
  assert.equal(await notebook.text("_"), "'quick'");
  await notebook.run("go()");
  await parent;
  assert.equal(await notebook.text("_"), "'slow'");
});
