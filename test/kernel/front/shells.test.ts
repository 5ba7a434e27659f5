/** Shells beside each other: what waits for what, what is aborted, and what the kernel's status says meanwhile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../../kernel/channel.ts";
import type { Sent } from "../../../kernel/transport/memory.ts";
import type { Message } from "../../../kernel/wire/message.ts";
import { parentOf, setUp, stateOf, storyOf } from "./exchange.ts";

const ok: Outcome = { status: "ok", value: null };
const failure: Outcome = { status: "error", ename: "E", evalue: "v", traceback: [] };

/** A kernel whose cells end when the test says so. */
function withSubshells() {
  const kernel = setUp();
  const open = new Map<string, (outcome: Outcome) => void>();
  kernel.session.answer = async (source) => new Promise((resolve) => open.set(source, resolve));
  const create = async (): Promise<string> => {
    const request = kernel.send("create_subshell_request", {}, "control");
    await kernel.idle(request);
    return String(kernel.replyTo(request)["subshell_id"]);
  };
  const run = (code: string, subshell: string | null = null): Message =>
    kernel.send("execute_request", { code }, "shell", subshell);
  const started = async (request: Message): Promise<void> =>
    kernel.transport.sentUntil(
      (sent) =>
        sent.message.header.msg_type === "execute_input" &&
        parentOf(sent) === request.header.msg_id,
    );
  const end = (source: string, outcome = ok): void => open.get(source)?.(outcome);
  const last = (): [unknown, unknown] => {
    const sent = kernel.transport.sent.at(-1) as Sent;
    return [stateOf(sent), parentOf(sent)];
  };
  return { ...kernel, create, run, started, end, last };
}

test("subshells are created, listed and deleted", async () => {
  const { send, idle, replyTo, create } = withSubshells();
  const [first, second] = [await create(), await create()];
  const ask = async (type: string, content = {}): Promise<Record<string, unknown>> => {
    const request = send(type, content, "control");
    await idle(request);
    return replyTo(request);
  };
  assert.notEqual(first, second);
  assert.deepEqual(await ask("list_subshell_request"), {
    status: "ok",
    subshell_id: [first, second],
  });
  assert.deepEqual(await ask("delete_subshell_request", { subshell_id: first }), { status: "ok" });
  assert.deepEqual(await ask("list_subshell_request"), { status: "ok", subshell_id: [second] });
  const again = await ask("delete_subshell_request", { subshell_id: first });
  assert.equal(again["status"], "error");
  assert.equal(again["ename"], "NoSuchSubshell");
});

test("the kernel says that it has subshells", async () => {
  const { send, idle, replyTo } = setUp();
  const request = send("kernel_info_request", {});
  await idle(request);
  assert.deepEqual(replyTo(request)["supported_features"], ["kernel subshells"]);
});

test("a cell of a subshell waits for none of the parent shell, but for those of its own", async () => {
  const { session, idle, create, run, started, end } = withSubshells();
  const subshell = await create();
  const parent = run("parent");
  await started(parent);
  const first = run("first", subshell);
  const second = run("second", subshell);
  await started(first);
  assert.deepEqual(session.sources, ["parent", "first"]);
  end("first");
  await started(second);
  end("second");
  await idle(second);
  end("parent");
  await idle(parent);
  assert.deepEqual(session.sources, ["parent", "first", "second"]);
});

test("after the end of a cell the kernel is busy as long as another shell is", async () => {
  const { idle, create, run, started, end, last } = withSubshells();
  const subshell = await create();
  const parent = run("parent");
  await started(parent);
  const child = run("child", subshell);
  await started(child);
  end("child");
  await idle(child);
  assert.deepEqual(last(), ["busy", parent.header.msg_id]);
  end("parent");
  await idle(parent);
  assert.deepEqual(last(), ["idle", parent.header.msg_id]);
});

test("an answer during two cells leaves the kernel busy under the one that began last", async () => {
  const { send, idle, create, run, started, end, last } = withSubshells();
  const subshell = await create();
  const parent = run("parent");
  const child = run("child", subshell);
  await started(child);
  await idle(send("comm_info_request", {}, "shell", subshell));
  assert.deepEqual(last(), ["busy", child.header.msg_id]);
  end("parent");
  await idle(parent);
  assert.deepEqual(last(), ["busy", child.header.msg_id]);
  end("child");
  await idle(child);
  assert.deepEqual(last(), ["idle", child.header.msg_id]);
});

test("an error aborts what waits in its own shell, and nothing else", async () => {
  const { session, idle, replyTo, create, run, started, end } = withSubshells();
  const subshell = await create();
  const parent = run("parent");
  const next = run("next");
  const bad = run("bad", subshell);
  const aborted = run("aborted", subshell);
  await started(bad);
  end("bad", failure);
  await idle(aborted);
  assert.equal(replyTo(aborted)["status"], "aborted");
  end("parent");
  await idle(parent);
  await started(next);
  end("next");
  await idle(next);
  assert.deepEqual(session.sources, ["parent", "bad", "next"]);
});

test("an interrupt aborts what waits in every shell", async () => {
  const { transport, session, send, idle, create, run, started } = withSubshells();
  const subshell = await create();
  await started(run("parent"));
  await started(run("child", subshell));
  const waiting = [run("a"), run("b", subshell)];
  send("interrupt_request", {}, "control");
  for (const request of waiting) {
    await idle(request);
    assert.equal(storyOf(transport.sent, request).at(1), "shell execute_reply aborted");
  }
  assert.equal(session.interrupts, 1);
});

test("a deleted subshell finishes its cell, aborts the others, and takes no more", async () => {
  const { transport, session, send, idle, replyTo, create, run, started, end } = withSubshells();
  const subshell = await create();
  const running = run("running", subshell);
  const waiting = run("waiting", subshell);
  await started(running);
  await idle(send("delete_subshell_request", { subshell_id: subshell }, "control"));
  assert.equal(replyTo(waiting)["status"], "aborted");
  const late = run("late", subshell);
  await idle(late);
  assert.equal(replyTo(late)["ename"], "NoSuchSubshell");
  assert.match(String(replyTo(late)["evalue"]), new RegExp(subshell));
  end("running");
  await idle(running);
  assert.ok(storyOf(transport.sent, running).includes("shell execute_reply ok"));
  assert.deepEqual(session.sources, ["running"]);
});

test("a question that names no subshell there is gets an error too", async () => {
  const { send, idle, replyTo } = setUp();
  const request = send("history_request", { hist_access_type: "tail", n: 1 }, "shell", "nowhere");
  await idle(request);
  assert.equal(replyTo(request)["status"], "error");
});

test("shells share the count of cells", async () => {
  const { idle, replyTo, create, run, started, end } = withSubshells();
  const subshell = await create();
  const requests = [run("parent"), run("child", subshell)];
  for (const [request, source] of [
    [requests[0], "parent"],
    [requests[1], "child"],
  ] as const) {
    assert.ok(request);
    await started(request);
    end(source);
    await idle(request);
  }
  assert.deepEqual(
    requests.map((request) => replyTo(request)["execution_count"]),
    [1, 2],
  );
});
