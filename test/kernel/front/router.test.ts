/** Scripted exchanges: the exact message types that a client sees, in order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../../kernel/channel.ts";
import type { Sent } from "../../../kernel/transport/memory.ts";
import { childOf, type Message, type RequestChannel } from "../../../kernel/wire/message.ts";
import { parentOf, setUp, stateOf, storyOf } from "./exchange.ts";

const failure: Outcome = { status: "error", ename: "E", evalue: "v", traceback: [] };

test("a cell's story: busy, input, output, reply, idle", async () => {
  const { transport, session, send, idle } = setUp();
  session.answer = async (_source, listener) => {
    listener.stream("stdout", "hi\n");
    return { status: "ok", value: { data: { "text/plain": "2" }, metadata: {} } };
  };
  const request = send("execute_request", { code: "1 + 1" });
  await idle(request);
  assert.deepEqual(storyOf(transport.sent, request), [
    "iopub status busy",
    "iopub execute_input",
    "iopub stream",
    "iopub execute_result",
    "shell execute_reply ok",
    "iopub status idle",
  ]);
});

test("a silent cell broadcasts no input and no result, and does not count", async () => {
  const { transport, session, send, idle } = setUp();
  session.answer = async () => ({ status: "ok", value: { data: {}, metadata: {} } });
  const request = send("execute_request", { code: "1", silent: true });
  await idle(request);
  assert.deepEqual(storyOf(transport.sent, request), [
    "iopub status busy",
    "shell execute_reply ok",
    "iopub status idle",
  ]);
  const reply = transport.sent.find(({ channel }) => channel === "shell")?.message.content;
  assert.equal((reply as { execution_count: number }).execution_count, 0);
});

test("an empty cell replies ok and is not run", async () => {
  const { session, send, idle } = setUp();
  await idle(send("execute_request", { code: "  \n" }));
  assert.deepEqual(session.sources, []);
});

test("after an error the waiting cells are aborted, unless stop_on_error is false", async () => {
  for (const [stop_on_error, expected] of [
    [true, ["bad"]],
    [false, ["bad", "next"]],
  ] as const) {
    const { transport, session, send, idle } = setUp();
    session.answer = async (source) => (source === "bad" ? failure : { status: "ok", value: null });
    send("execute_request", { code: "bad", stop_on_error });
    const next = send("execute_request", { code: "next" });
    await idle(next);
    assert.deepEqual(session.sources, expected);
    const last = storyOf(transport.sent, next).filter((line) => line.startsWith("shell"));
    assert.deepEqual(last, [`shell execute_reply ${stop_on_error ? "aborted" : "ok"}`]);
  }
});

test("a question during a cell is answered at once, and the cell is said to be busy again", async () => {
  const { transport, session, send, idle } = setUp();
  let finish: (outcome: Outcome) => void = () => {};
  session.answer = async () => new Promise((resolve) => (finish = resolve));
  const cell = send("execute_request", { code: "long" });
  await transport.sentUntil(({ message }) => message.header.msg_type === "execute_input");
  const info = send("kernel_info_request", {}, "control");
  await idle(info);
  assert.deepEqual(storyOf(transport.sent, info), [
    "iopub status busy",
    "control kernel_info_reply ok",
    "iopub status idle",
  ]);
  assert.equal(parentOf(transport.sent.at(-1) as Sent), cell.header.msg_id);
  assert.equal(stateOf(transport.sent.at(-1) as Sent), "busy");
  finish({ status: "ok", value: null });
  await idle(cell);
});

test("an interrupt aborts the queue and stops the cell", async () => {
  const { transport, session, send, idle } = setUp();
  let finish: (outcome: Outcome) => void = () => {};
  session.answer = async () => new Promise((resolve) => (finish = resolve));
  const cell = send("execute_request", { code: "long" });
  const queued = send("execute_request", { code: "queued" });
  await transport.sentUntil(({ message }) => message.header.msg_type === "execute_input");
  send("interrupt_request", {}, "control");
  await idle(queued);
  assert.equal(session.interrupts, 1);
  finish(failure);
  await idle(cell);
  assert.deepEqual(session.sources, ["long"]);
});

test("a cell that was sent before an interrupt, and overtaken by it, is aborted", async () => {
  const { transport, session, send, idle } = setUp();
  const interrupt = send("interrupt_request", {}, "control");
  await idle(interrupt);
  const { header } = childOf(
    { session: "k", username: "u", newId: () => "early", now: () => new Date(-5) },
    null,
    "execute_request",
    {},
  );
  const early: Message = { ...interrupt, header, content: { code: "spin" } };
  transport.request("shell", early);
  await idle(early);
  assert.deepEqual(storyOf(transport.sent, early).at(1), "shell execute_reply aborted");
  await idle(send("execute_request", { code: "later" }));
  assert.deepEqual(session.sources, ["later"]);
});

const wrong: [
  title: string,
  type: string,
  content: object,
  channel: RequestChannel,
  reason: RegExp,
][] = [
  ["an unknown request", "debug_request", {}, "control", /debug_request is not supported/],
  [
    "a request on the wrong channel",
    "execute_request",
    { code: "1" },
    "control",
    /belongs on shell/,
  ],
  [
    "a missing field",
    "execute_request",
    {},
    "shell",
    /execute_request\.code: expected a string, got undefined/,
  ],
  [
    "a field of another type",
    "is_complete_request",
    { code: 3 },
    "shell",
    /expected a string, got number/,
  ],
  [
    "an unknown access type",
    "history_request",
    { hist_access_type: "all" },
    "shell",
    /"range" or "tail" or "search"/,
  ],
];

for (const [title, type, content, channel, reason] of wrong) {
  test(`${title} gets an error for an answer`, async () => {
    const { transport, send, idle } = setUp();
    const request = send(type, content, channel);
    await idle(request);
    const reply = transport.sent.find((sent) => sent.channel === channel)?.message;
    assert.equal(reply?.header.msg_type, type.replace("_request", "_reply"));
    const { status, evalue } = (reply?.content ?? {}) as { status?: string; evalue?: string };
    assert.equal(status, "error");
    assert.match(evalue ?? "", reason);
  });
}

test("an unknown message that is no request is left alone", () => {
  const { transport, send } = setUp();
  const message = send("telepathy", {});
  assert.deepEqual(storyOf(transport.sent, message), []);
});

test("a message of a comm goes to the session in its turn, and what comes of it belongs to it", async () => {
  const { transport, session, send, idle } = setUp();
  const open = send("comm_open", { comm_id: "x", target_name: "t", data: { a: 1 } });
  await idle(open);
  const message = { action: "open", id: "x", target: "t", data: { a: 1 }, metadata: {} };
  assert.deepEqual(session.commMessages, [{ ...message, buffers: [] }]);
  assert.deepEqual(storyOf(transport.sent, open), [
    "iopub status busy",
    "iopub comm_msg",
    "iopub status idle",
  ]);
});

test("an error in a subshell aborts its own queue, an interrupt every queue", async () => {
  for (const [type, aborted] of [
    ["error", ["inner"]],
    ["interrupt", ["inner", "outer"]],
  ] as const) {
    const { transport, session, send, idle } = setUp();
    let end: (outcome: Outcome) => void = () => {};
    session.answer = async (source) =>
      source === "waits" ? new Promise((resolve) => (end = resolve)) : failure;
    const create = send("create_subshell_request", {}, "control");
    await idle(create);
    const reply = transport.sent.find(({ channel }) => channel === "control")?.message.content;
    const { subshell_id } = reply as { subshell_id: string };
    const first = send("execute_request", { code: "waits" });
    const outer = send("execute_request", { code: "outer", stop_on_error: false });
    const fails = send("execute_request", { code: "fails" }, "shell", subshell_id);
    const inner = send("execute_request", { code: "inner" }, "shell", subshell_id);
    if (type === "interrupt") await idle(send("interrupt_request", {}, "control"));
    await idle(fails);
    await idle(inner);
    end({ status: "ok", value: null });
    await Promise.all([idle(first), idle(outer)]);
    const story = (request: Message): string => storyOf(transport.sent, request).join();
    assert.match(story(inner), /aborted/);
    assert.equal(
      story(outer).includes("aborted"),
      aborted.some((name) => name === "outer"),
    );
  }
});

test("history: tail, range and search, with and without output", async () => {
  const { transport, session, send, idle } = setUp();
  session.answer = async (source) => ({
    status: "ok",
    value: { data: { "text/plain": source.toUpperCase() }, metadata: {} },
  });
  for (const code of ["a1", "b2", "a1", "a?c"]) await idle(send("execute_request", { code }));
  const ask = async (content: object): Promise<unknown> => {
    const request = send("history_request", content);
    await idle(request);
    const reply = transport.sent.find(
      (sent) => sent.channel === "shell" && parentOf(sent) === request.header.msg_id,
    );
    return (reply?.message.content as { history: unknown } | undefined)?.history;
  };
  assert.deepEqual(await ask({ hist_access_type: "tail", n: 2 }), [
    [1, 3, "a1"],
    [1, 4, "a?c"],
  ]);
  assert.deepEqual(
    await ask({ hist_access_type: "range", session: 0, start: 2, stop: 3, output: true }),
    [[1, 2, ["b2", "B2"]]],
  );
  assert.deepEqual(await ask({ hist_access_type: "search", pattern: "a*", unique: true }), [
    [1, 3, "a1"],
    [1, 4, "a?c"],
  ]);
  assert.deepEqual(await ask({ hist_access_type: "search", pattern: "b?", n: 1 }), [[1, 2, "b2"]]);
});

test("a shutdown is told to the asker and to everybody, and then the process ends", async () => {
  const { transport, send, idle, exits } = setUp();
  const request = send("shutdown_request", { restart: true }, "control");
  await idle(request);
  const story = storyOf(transport.sent, request);
  assert.ok(
    story.includes("iopub shutdown_reply ok") && story.includes("control shutdown_reply ok"),
  );
  assert.deepEqual(exits, [1]);
});

test("every display has transient and metadata", async () => {
  const { transport, session, send, idle } = setUp();
  const bundle = { data: { "text/plain": "x" }, metadata: {} };
  session.answer = async (_source, listener) => {
    listener.display(bundle, null, false);
    listener.display(bundle, "d", true);
    return { status: "ok", value: bundle };
  };
  await idle(send("execute_request", { code: "x" }));
  const shown = transport.sent.filter(({ message }) =>
    /display_data|result/.test(message.header.msg_type),
  );
  assert.deepEqual(
    shown.map(({ message }) => message.header.msg_type),
    ["display_data", "update_display_data", "execute_result"],
  );
  for (const { message } of shown) {
    const { transient, metadata } = message.content as Record<string, unknown>;
    assert.equal(typeof transient, "object");
    assert.equal(typeof metadata, "object");
  }
});
