/** Comm messages on their way through the router: their turn, their order, what becomes of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../../kernel/channel.ts";
import type { Message } from "../../../kernel/wire/message.ts";
import { parentOf, setUp, stateOf, storyOf } from "./exchange.ts";

const failure: Outcome = { status: "error", ename: "E", evalue: "v", traceback: [] };

/** A kernel with a subshell, whose cells end when the test says so. */
async function busy() {
  const kernel = setUp();
  const ends: ((outcome: Outcome) => void)[] = [];
  let release = (): void => {};
  kernel.session.answer = async (_source, _listener, released) => {
    release = released;
    return new Promise((resolve) => ends.push(resolve));
  };
  const create = kernel.send("create_subshell_request", {}, "control");
  await kernel.idle(create);
  const subshell = String(kernel.replyTo(create)["subshell_id"]);
  const tell = (comm_id: string, n: number, on: string | null = null): Message =>
    kernel.send("comm_msg", { comm_id, data: { n } }, "shell", on);
  const heard = (): unknown[] => kernel.session.commMessages.map(({ data }) => data);
  const end = (outcome: Outcome = { status: "ok", value: null }): void => ends.shift()?.(outcome);
  const begun = async (request: Message): Promise<void> =>
    kernel.transport.sentUntil(
      (sent) =>
        sent.message.header.msg_type === "execute_input" &&
        parentOf(sent) === request.header.msg_id,
    );
  const cell = kernel.send("execute_request", { code: "long" });
  await begun(cell);
  return { ...kernel, subshell, tell, heard, end, begun, cell, release: () => release() };
}

test("a message for the parent shell waits for a cell that awaits nothing, in line with other cells", async () => {
  const { send, idle, tell, heard, end, begun, cell } = await busy();
  const next = send("execute_request", { code: "next" });
  const message = tell("a", 1);
  end();
  await idle(cell);
  await begun(next);
  assert.deepEqual(heard(), []);
  end();
  await idle(message);
  assert.deepEqual(heard(), [{ n: 1 }]);
});

test("a cell that awaits something lets all messages by, in order, but no other cell", async () => {
  const { send, idle, session, tell, heard, end, begun, cell, release } = await busy();
  const first = tell("a", 1);
  const next = send("execute_request", { code: "next" });
  const second = tell("b", 2);
  release();
  await Promise.all([idle(first), idle(second), idle(tell("a", 3))]);
  assert.deepEqual(heard(), [{ n: 1 }, { n: 2 }, { n: 3 }]);
  assert.deepEqual(session.sources, ["long"]);
  end();
  await idle(cell);
  // The next cell awaits nothing yet.
  await begun(next);
  const fourth = tell("a", 4);
  assert.equal(heard().length, 3);
  end();
  await Promise.all([idle(next), idle(fourth)]);
  assert.deepEqual(session.sources, ["long", "next"]);
  assert.equal(heard().length, 4);
});

test("a message for the parent shell waits for the cells before it, one for a subshell does not", async () => {
  const { idle, subshell, tell, heard, end, cell } = await busy();
  const parent = tell("a", 1);
  await idle(tell("b", 2, subshell));
  assert.deepEqual(heard(), [{ n: 2 }]);
  end();
  await idle(cell);
  await idle(parent);
  assert.deepEqual(heard(), [{ n: 2 }, { n: 1 }]);
});

test("a comm is told everything in order, whatever shell it comes by", async () => {
  const { send, idle, session, subshell, tell, end, cell } = await busy();
  const open = send("comm_open", { comm_id: "a", target_name: "t", data: { n: 0 } });
  const first = tell("a", 1);
  const other = tell("b", 7);
  await idle(tell("a", 2, subshell));
  assert.deepEqual(
    session.commMessages.map(({ action, data }) => [action, data]),
    [
      ["open", { n: 0 }],
      ["message", { n: 1 }],
      ["message", { n: 2 }],
    ],
  );
  await Promise.all([idle(open), idle(first)]);
  end();
  await idle(cell);
  await idle(other);
});

test("neither an error nor an interrupt nor the end of a subshell loses a message", async () => {
  const { send, idle, subshell, tell, heard, end, cell } = await busy();
  const inner = send("execute_request", { code: "inner" }, "shell", subshell);
  const [parent, child] = [tell("a", 1), tell("b", 2, subshell)];
  send("interrupt_request", {}, "control");
  await idle(send("delete_subshell_request", { subshell_id: subshell }, "control"));
  end(failure);
  await idle(cell);
  await Promise.all([idle(parent), idle(child)]);
  assert.deepEqual(heard(), [{ n: 1 }, { n: 2 }]);
  end();
  await idle(inner);
});

test("a message that is still being handled may let the next one begin", async () => {
  const { session, transport, send, idle } = setUp();
  const ends: (() => void)[] = [];
  session.hear = async (_message, _listener, release) => {
    release();
    await new Promise<void>((resolve) => ends.push(resolve));
  };
  const first = send("comm_msg", { comm_id: "a", data: {} });
  const second = send("comm_msg", { comm_id: "a", data: {} });
  await transport.sentUntil(
    (sent) => stateOf(sent) === "busy" && parentOf(sent) === second.header.msg_id,
  );
  ends[1]?.();
  await idle(second);
  // The first one is not over, so the kernel is busy still.
  const last = transport.sent.at(-1);
  assert.ok(last);
  assert.deepEqual([stateOf(last), parentOf(last)], ["busy", first.header.msg_id]);
  ends[0]?.();
  await idle(first);
  assert.deepEqual(storyOf(transport.sent, first).at(-1), "iopub status idle");
});

test("a message that cannot be delivered is logged, and its sender waits for nothing", async () => {
  const { transport, send, idle, session, logged } = setUp();
  const lost = send("comm_msg", { comm_id: "a", data: {} }, "shell", "nowhere");
  const wrong = send("comm_msg", { data: {} });
  for (const message of [lost, wrong]) {
    await idle(message);
    assert.deepEqual(storyOf(transport.sent, message), ["iopub status busy", "iopub status idle"]);
  }
  assert.deepEqual(session.commMessages, []);
  assert.equal(logged.length, 2);
  assert.match(logged.join("\n"), /no subshell "nowhere".*\n.*comm_id: expected a string/);
});

test("bytes and metadata come and go beside the data, which may be any JSON", async () => {
  const { transport, send, idle, session } = setUp();
  session.hear = async (message, listener) => listener.comm({ ...message, data: {} });
  // As the network hands them over: a part of something larger.
  const buffers = [Buffer.from("--abc--").subarray(2, 5)];
  const content = { comm_id: "a", data: "text" };
  const extras = { buffers, metadata: { version: "2.1.0" } };
  const sent = send("comm_msg", content, "shell", null, extras);
  await idle(sent);
  const [heard] = session.commMessages;
  assert.equal(heard?.data, "text");
  assert.deepEqual(heard?.metadata, extras.metadata);
  assert.equal(heard?.buffers[0]?.buffer.byteLength, 3);
  const echo = transport.sent.find(({ message }) => message.header.msg_type === "comm_msg");
  assert.deepEqual(echo?.message.metadata, extras.metadata);
  assert.equal(Buffer.from(echo?.message.buffers[0] ?? []).toString(), "abc");
});

test("open comms are listed, all of them or those of a target", async () => {
  const { send, idle, replyTo, session } = setUp();
  session.comms.set("1", "a").set("2", "b").set("3", "");
  const ask = async (content: object): Promise<unknown> => {
    const request = send("comm_info_request", content);
    await idle(request);
    return Object.keys(replyTo(request)["comms"] as object);
  };
  assert.deepEqual(await ask({}), ["1", "2", "3"]);
  assert.deepEqual(await ask({ target_name: null }), ["1", "2", "3"]);
  assert.deepEqual(await ask({ target_name: "b" }), ["2"]);
  assert.deepEqual(await ask({ target_name: "" }), ["3"]);
  assert.deepEqual(await ask({ target_name: "c" }), []);
});
