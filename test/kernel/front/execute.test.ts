/** What an execute request asks for, field by field, as the specification has it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../../kernel/channel.ts";
import type { FakeSession } from "./fake_session.ts";
import { script } from "./scripted.ts";

const bundle = { data: { "text/plain": "v", "text/html": "<b>v</b>" }, metadata: {} };
const good: Outcome = { status: "ok", value: bundle };
const bad: Outcome = { status: "error", ename: "E", evalue: "v", traceback: ["t"] };

/** Prints, displays and clears; fails where the source says so. */
function noisy(session: FakeSession): void {
  session.answer = async (source, listener) => {
    listener.stream("stdout", "printed");
    listener.display(bundle, null, false);
    listener.display(bundle, "d", true);
    listener.clear(false);
    return source.startsWith("bad") ? bad : good;
  };
}

test("silent: nothing on iopub but the status, no count, no history, and no end of the queue", async () => {
  const { session, ask } = script();
  noisy(session);
  for (const [code, status] of [
    ["good", "ok"],
    ["bad", "error"],
  ]) {
    const { published, reply } = await ask("execute_request", { code, silent: true });
    assert.deepEqual(published, ["busy", "idle"]);
    assert.deepEqual([reply?.["status"], reply?.["execution_count"]], [status, 0]);
  }
  const [, next] = await Promise.all([
    ask("execute_request", { code: "bad", silent: true, stop_on_error: true }),
    ask("execute_request", { code: "good" }),
  ]);
  assert.equal(next.reply?.["status"], "ok");
  const { reply } = await ask("history_request", { hist_access_type: "tail", n: 9 });
  assert.deepEqual(reply?.["history"], [[1, 1, "good"]]);
});

test("silent forces store_history to be false", async () => {
  const { ask } = script();
  await ask("execute_request", { code: "1", silent: true, store_history: true });
  const { reply } = await ask("execute_request", { code: "2" });
  assert.equal(reply?.["execution_count"], 1);
});

test("store_history false: shown like any cell under the current count, and not remembered", async () => {
  const { session, ask } = script();
  noisy(session);
  await ask("execute_request", { code: "good" });
  const { published, reply } = await ask("execute_request", { code: "x", store_history: false });
  assert.deepEqual(published, [
    "busy",
    "execute_input",
    "stream",
    "display_data",
    "update_display_data",
    "clear_output",
    "execute_result",
    "idle",
  ]);
  assert.equal(reply?.["execution_count"], 1);
  const past = await ask("history_request", { hist_access_type: "tail", n: 9 });
  assert.deepEqual(past.reply?.["history"], [[1, 1, "good"]]);
});

test("expressions give whole bundles, and one that fails fails alone", async () => {
  const { session, ask } = script();
  noisy(session);
  const user_expressions = { a: "good", b: "bad", ["__proto__"]: "good" };
  const { reply } = await ask("execute_request", { code: "1", user_expressions });
  const report = { status: "error", ename: "E", evalue: "v", traceback: ["t"] };
  assert.deepEqual(Object.entries(reply?.["user_expressions"] ?? {}), [
    ["a", { status: "ok", ...bundle }],
    ["b", report],
    ["__proto__", { status: "ok", ...bundle }],
  ]);
  assert.equal(reply?.["status"], "ok");
});

test("expressions are not evaluated when the cell failed", async () => {
  const { session, ask } = script();
  noisy(session);
  const { reply } = await ask("execute_request", { code: "bad", user_expressions: { a: "good" } });
  assert.deepEqual(reply?.["user_expressions"], {});
  assert.deepEqual(session.sources, ["bad"]);
});

test("an empty cell runs nothing and does not count, but its expressions are evaluated", async () => {
  const { session, ask } = script();
  noisy(session);
  const { published, reply } = await ask("execute_request", {
    code: " \n\t",
    silent: true,
    user_expressions: { a: "good" },
  });
  assert.deepEqual(published, ["busy", "idle"]);
  assert.deepEqual(session.sources, ["good"]);
  assert.deepEqual(reply, {
    status: "ok",
    execution_count: 0,
    user_expressions: { a: { status: "ok", ...bundle } },
    payload: [],
  });
});

test("a question to the pager obeys silent, and has its expressions evaluated", async () => {
  const { session, ask } = script();
  noisy(session);
  const asked = { code: "?nothing", silent: true, user_expressions: { a: "good" } };
  const { published, reply } = await ask("execute_request", asked);
  assert.deepEqual(published, ["busy", "idle"]);
  assert.deepEqual(reply?.["user_expressions"], { a: { status: "ok", ...bundle } });
  assert.deepEqual(reply?.["payload"], []);
});

test("fields that are null, missing or unknown do no harm", async () => {
  const { ask } = script();
  const odd = { silent: null, store_history: null, user_expressions: null, unheard: { of: 1 } };
  const { reply } = await ask("execute_request", { code: "1", ...odd });
  assert.deepEqual([reply?.["status"], reply?.["execution_count"]], ["ok", 1]);
});

test("a reply to a failed cell has the error's three fields and the count", async () => {
  const { session, ask } = script();
  session.answer = async () => bad;
  const { reply } = await ask("execute_request", { code: "bad" });
  assert.deepEqual(reply, {
    status: "error",
    execution_count: 1,
    ename: "E",
    evalue: "v",
    traceback: ["t"],
    user_expressions: {},
  });
});

test("a cell that was answered is not called busy again while what waits behind it is aborted", async () => {
  const { session, transport, ask } = script();
  session.answer = async () => bad;
  const [failed] = await Promise.all([
    ask("execute_request", { code: "bad" }),
    ask("execute_request", { code: "waits" }),
    ask("execute_request", { code: "waits" }),
  ]);
  assert.equal(failed.published.at(-1), "idle");
  const states = transport.sent
    .map(({ message }) => (message.content as { execution_state?: string }).execution_state)
    .filter((state) => state !== undefined);
  assert.equal(states.at(-1), "idle");
  assert.deepEqual(states.slice(1), ["busy", "idle", "busy", "idle", "busy", "idle"]);
});

test("what JSON cannot say costs that message alone", async () => {
  const { session, ask, logged } = script();
  session.answer = async (_source, listener) => {
    listener.display({ ...bundle, metadata: { a: 1n } }, null, false);
    listener.stream("stdout", "after");
    return { ...bad, ename: 1n as unknown as string };
  };
  const { published, reply } = await ask("execute_request", { code: "x" });
  assert.deepEqual(published, ["busy", "execute_input", "stream", "stream", "stream", "idle"]);
  assert.deepEqual([reply?.["status"], reply?.["ename"]], ["error", "TypeError"]);
  assert.equal(logged.length, 2);
});

test("a comm message that is malformed has no reply, and is idle again", async () => {
  const { ask, logged } = script();
  for (const type of ["comm_open", "comm_msg", "comm_close"]) {
    const { published, reply } = await ask(type, { comm_id: 5 });
    assert.deepEqual([published, reply], [["busy", "idle"], null]);
  }
  assert.equal(logged.length, 3);
});

test("a request that is refused says so in the three fields, and is idle again", async () => {
  const { ask } = script();
  for (const [type, content, channel] of [
    ["debug_request", { type: "request", seq: 1, command: "attach" }, "control"],
    ["execute_request", { code: 1 }, "shell"],
    ["usage_request", {}, "shell"],
    ["history_request", null, "shell"],
    ["no_such_request", {}, "stdin"],
  ] as const) {
    const { published, reply } = await ask(type, content as object, channel);
    assert.deepEqual(published, ["busy", "idle"], type);
    assert.deepEqual(Object.keys(reply ?? {}).toSorted(), [
      "ename",
      "evalue",
      "status",
      "traceback",
    ]);
  }
});

test("connect gives the ports, on shell and on control", async () => {
  const { ask, transport } = script();
  for (const channel of ["shell", "control"] as const) {
    const { reply } = await ask("connect_request", {}, channel);
    assert.deepEqual(reply, { status: "ok", ...transport.ports });
  }
});

test("usage gives what ipykernel gives; the machine's share from the second answer on", async () => {
  const { ask } = script();
  const { reply: first } = await ask("usage_request", {}, "control");
  assert.equal(first?.["pid"], process.pid);
  assert.equal(first?.["kernel_cpu"], 0);
  assert.ok(!("host_cpu_percent" in (first ?? {})));
  const memory = first?.["host_virtual_memory"] as Record<string, number>;
  assert.ok(Number(first?.["kernel_memory"]) > 1e7, "bytes, not kilobytes");
  assert.ok((memory["total"] ?? 0) > (memory["available"] ?? 0));
  assert.ok((memory["percent"] ?? 101) <= 100);
  for (let n = 0, end = performance.now() + 20; performance.now() < end; n++) Math.sqrt(n);
  const { reply: second } = await ask("usage_request", {}, "control");
  assert.ok(Number(second?.["kernel_cpu"]) > 0);
  assert.ok("host_cpu_percent" in (second ?? {}));
});
