/** Comms as a cell uses them, with a test for a front end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { type CommMessage, INTERRUPT_FLAG } from "../../../kernel/channel.ts";
import { TestNotebook } from "../notebook.ts";

/** A notebook with `comm`, and with `log` for what its handlers have to say. */
function withComms(): TestNotebook & { readonly said: unknown[] } {
  const said: unknown[] = [];
  const notebook = Object.assign(new TestNotebook(), { said });
  notebook.declare("comm", notebook.comms.api);
  notebook.declare("log", (value: unknown) => void said.push(value));
  return notebook;
}

/** What was sent, each with the cell in whose name. */
function sentBy(notebook: TestNotebook): [number, CommMessage][] {
  return notebook.posted.flatMap((entry): [number, CommMessage][] =>
    entry.type === "comm" ? [[entry.cell, entry.message]] : [],
  );
}

function complaints(notebook: TestNotebook, cell: number): string {
  notebook.output.flush();
  return notebook.posted
    .map((entry) =>
      entry.type === "stream" && entry.cell === cell && entry.name === "stderr" ? entry.text : "",
    )
    .map(stripVTControlCharacters)
    .join("");
}

const logged = (notebook: TestNotebook): string[] =>
  notebook.posted.flatMap((entry) => (entry.type === "log" ? [entry.sentence] : []));

test("what a cell sends is a snapshot, of exactly the bytes that it shows", async () => {
  const notebook = withComms();
  const outcome = await notebook.run(`
    const bytes = new Uint8Array([0, 1, 2, 3, 4, 5]);
    const state = { x: 1 };
    const wire = comm.open("board", state, { metadata: { version: "2.1.0" }, buffers: [bytes.subarray(1, 3)] });
    state.x = 2;
    bytes.fill(9);
    wire.send(state, { buffers: [bytes.buffer, new DataView(bytes.buffer, 4), new Float64Array([1.5])] });
    wire.close({ why: "done" });
    wire.close();`);
  assert.equal(outcome.status, "ok");
  const sent = sentBy(notebook);
  assert.deepEqual(
    sent.map(([cell, { action, target, data, metadata }]) => [
      cell,
      action,
      target,
      data,
      metadata,
    ]),
    [
      [1, "open", "board", { x: 1 }, { version: "2.1.0" }],
      [1, "message", "board", { x: 2 }, {}],
      [1, "close", "board", { why: "done" }, {}],
    ],
  );
  const buffers = sent.map(([, message]) => message.buffers);
  assert.deepEqual(buffers[0], [new Uint8Array([1, 2])]);
  assert.equal(buffers[0]?.[0]?.buffer.byteLength, 2);
  assert.deepEqual(
    buffers[1]?.map(({ byteLength }) => byteLength),
    [6, 2, 8],
  );
});

const wrong: [title: string, code: string, reason: RegExp][] = [
  ["a target that is no string", "comm.open(3)", /comm\.open: the target must be a string, got 3/],
  [
    "a target without a name",
    "comm.registerTarget(() => {})",
    /registerTarget: the target must be/,
  ],
  ["a handler that is none", "comm.registerTarget('t', 3)", /handler must be a function, got 3/],
  [
    "data that is no object",
    "comm.open('t', 'text')",
    /data must be an object, got 'text'; put it/,
  ],
  [
    "a cycle",
    "const o = {}; o.o = o; comm.open('t', o)",
    /data cannot be written as JSON: .*circular/,
  ],
  ["a BigInt", "comm.open('t', { n: 1n })", /cannot be written as JSON: .*BigInt/],
  ["a buffer of no bytes", "comm.open('t', {}, { buffers: ['x'] })", /a buffer must be .*got 'x'/],
  [
    "a lone buffer",
    "comm.open('t', {}, { buffers: new Uint8Array(2) })",
    /must be an array of bytes/,
  ],
  ["a closed comm", "const c = comm.open('t'); c.close(); c.send({})", /is closed; open a new one/],
];

for (const [title, code, reason] of wrong) {
  test(`${title} gets an error that says the way out`, async () => {
    assert.match(await withComms().text(code), reason);
  });
}

test("a comm that could not be announced is not open", async () => {
  const notebook = withComms();
  await notebook.run("comm.open('t', { n: 1n })");
  assert.deepEqual(sentBy(notebook), []);
});

test("handlers get data, metadata and bytes in the order in which they were added", async () => {
  const notebook = withComms();
  const id = (
    await notebook.text(`
    const wire = comm.open("t");
    wire.onMessage(({ data, metadata, buffers }) => log(["first", data, metadata, buffers]))
        .onMessage(({ data }) => log(["second", data]))
        .onClose(({ data }) => log(["closed", data, wire.isClosed]));
    wire.id`)
  ).slice(1, -1);
  const buffers = [new Uint8Array([7])];
  await notebook.tell("message", id, { n: 1 }, { metadata: { m: 2 }, buffers });
  await notebook.tell("close", id, { bye: true });
  assert.deepEqual(notebook.said, [
    ["first", { n: 1 }, { m: 2 }, buffers],
    ["second", { n: 1 }],
    ["closed", { bye: true }, true],
  ]);
});

test("a front end opens comms to a target, until it is taken back", async () => {
  const notebook = withComms();
  await notebook.run(`
    const back = comm.registerTarget("echo", (wire, { data }) => {
      log([wire.target, data]);
      wire.onMessage(({ data }) => wire.send(data));
    })`);
  await notebook.tell("open", "a", { hi: 1 }, { target: "echo" });
  await notebook.tell("message", "a", { n: 5 });
  assert.deepEqual(notebook.said, [["echo", { hi: 1 }]]);
  const [echo] = sentBy(notebook);
  // In the name of the message, not of the cell that has registered the target.
  assert.deepEqual([echo?.[0], echo?.[1].id, echo?.[1].data], [3, "a", { n: 5 }]);
  await notebook.run("back()");
  await notebook.tell("open", "b", {}, { target: "echo" });
  assert.deepEqual([sentBy(notebook)[1]?.[1].action, sentBy(notebook)[1]?.[1].id], ["close", "b"]);
  assert.match(logged(notebook).join(), /comm b was closed: no target "echo" is registered/);
});

test("to take a target back leaves one alone that was registered in its place", async () => {
  const notebook = withComms();
  await notebook.run("const back = comm.registerTarget('t', () => log('old'))");
  await notebook.run("comm.registerTarget('t', () => log('new')); back()");
  await notebook.tell("open", "a", {}, { target: "t" });
  assert.deepEqual(notebook.said, ["new"]);
  await notebook.run("comm.unregisterTarget('t')");
  await notebook.tell("open", "b", {}, { target: "t" });
  assert.deepEqual(notebook.said, ["new"]);
});

test("messages for a comm that is closed are dropped with a line in the log", async () => {
  const notebook = withComms();
  await notebook.run("comm.registerTarget('t', (wire) => { wire.onMessage(log); wire.close() })");
  await notebook.tell("open", "a", {}, { target: "t" });
  await notebook.tell("message", "a", { n: 1 });
  await notebook.tell("close", "a");
  assert.deepEqual(notebook.said, []);
  assert.deepEqual(logged(notebook), [
    "a comm message was dropped: no comm a is open",
    "a comm close was dropped: no comm a is open",
  ]);
});

test("a handler that throws or rejects is reported under its message, and the others are called", async () => {
  const notebook = withComms();
  await notebook.run(`
    comm.registerTarget("t", (wire) => {
      wire.onMessage(() => { throw new Error("thrown") })
          .onMessage(async () => { await null; throw new RangeError("rejected") })
          .onMessage(() => log("called"));
    })`);
  await notebook.tell("open", "a", {}, { target: "t" });
  const outcome = await notebook.tell("message", "a");
  assert.equal(outcome.status, "ok");
  assert.deepEqual(notebook.said, ["called"]);
  assert.match(complaints(notebook, 3), /Error: thrown[^]*line 3[^]*RangeError: rejected/);
});

test("a target whose handler throws has no comm, and the front end is told", async () => {
  const notebook = withComms();
  await notebook.run("comm.registerTarget('t', () => { throw new Error('no') })");
  await notebook.tell("open", "a", {}, { target: "t" });
  assert.equal(sentBy(notebook)[0]?.[1].action, "close");
  assert.match(complaints(notebook, 2), /Error: no/);
});

test("a message is over when its handlers' promises are, and the next one does not wait for it", async () => {
  const notebook = withComms();
  await notebook.run(`
    let isPlaying = false;
    comm.registerTarget("player", (wire) => wire.onMessage(async ({ data }) => {
      isPlaying = data.play;
      while (isPlaying) await new Promise((resolve) => setTimeout(resolve));
      log(data.play ? "played" : "stopped");
    }))`);
  await notebook.tell("open", "a", {}, { target: "player" });
  const played = notebook.tell("message", "a", { play: true });
  const released = (): number[] =>
    notebook.posted.flatMap((entry) => (entry.type === "released" ? [entry.cell] : []));
  while (released().length === 0) await new Promise((resolve) => setImmediate(resolve));
  await notebook.tell("message", "a", { play: false });
  assert.deepEqual(notebook.said, ["stopped"]);
  await played;
  assert.deepEqual(notebook.said, ["stopped", "played"]);
  // The second one had nothing to wait for.
  assert.deepEqual(released(), [3]);
});

test("an interrupt ends a handler that waits, and its message says so", async () => {
  const notebook = withComms();
  await notebook.run(`
    comm.registerTarget("t", (wire) => wire.onMessage(async () => {
      for (;;) await new Promise((resolve) => setTimeout(resolve));
    }))`);
  await notebook.tell("open", "a", {}, { target: "t" });
  const told = notebook.tell("message", "a");
  Atomics.store(notebook.shared.flags, INTERRUPT_FLAG, 1);
  notebook.runs.interrupt(1);
  const outcome = await told;
  assert.equal(outcome.status === "error" && outcome.ename, "Interrupted");
});

test("no interrupt loses a message: what came meanwhile is delivered afterwards, in order", async () => {
  const notebook = withComms();
  await notebook.run(
    "comm.registerTarget('t', (wire) => wire.onMessage(({ data }) => log(data.n)))",
  );
  await notebook.tell("open", "a", {}, { target: "t" });
  const cell = notebook.run("await new Promise(() => {})");
  Atomics.store(notebook.shared.flags, INTERRUPT_FLAG, 1);
  const before = [1, 2].map((n) => notebook.tell("message", "a", { n }));
  notebook.runs.interrupt(1);
  const after = [3, 4].map((n) => notebook.tell("message", "a", { n }));
  await Promise.all([cell, ...before, ...after]);
  assert.deepEqual(notebook.said, [1, 2, 3, 4]);
});

test("a display that waits for an answer does not hold back the question", async () => {
  const notebook = withComms();
  notebook.declare("show", (making: Promise<unknown>) => {
    const cell = notebook.runs.speaker;
    const message = making.then(() => ({ type: "clear", cell, wait: false }) as const);
    notebook.runs.awaitBeforeReply(notebook.output.showLater(cell, message));
  });
  const cell = notebook.run(`
    const wire = comm.open("theme");
    show(new Promise((resolve) => wire.onMessage(resolve)));
    wire.send({ ask: 1 });`);
  const [[, { id }] = [0, { id: "" }], question] = sentBy(notebook);
  assert.deepEqual(question?.[1].data, { ask: 1 });
  await notebook.tell("message", id, { answer: 2 });
  assert.equal((await cell).status, "ok");
});

test("what a comm's timer sends later is sent in the name of its message", async () => {
  const notebook = withComms();
  await notebook.run(`
    let sent; const late = new Promise((resolve) => (sent = resolve));
    comm.registerTarget("t", (wire) => { setTimeout(() => { wire.send({ late: true }); sent() }) })`);
  await notebook.tell("open", "a", {}, { target: "t" });
  await notebook.run("await late");
  assert.deepEqual(
    sentBy(notebook).map(([cell]) => cell),
    [2],
  );
});
