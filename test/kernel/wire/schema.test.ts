/** The schemas that every message in every test is held against: they must be complete, and able to refuse. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { KernelMessage as K } from "@jupyterlab/services";
import type { Checked } from "../../../kernel/wire/check.ts";
import { asked, errorReply, published, replies, requests } from "../../schema/contents.ts";
import { type Envelope, newChecker } from "../../schema/message.ts";
import { mutationsOf } from "../../schema/mutations.ts";
import {
  errorSample,
  publishedSamples,
  replySamples,
  requestSamples,
} from "../../schema/samples.ts";
import type { JsonObject } from "../../schema/shape.ts";

/** Compiles only if a value of type A may stand where a B is wanted. */
type Fits<A extends B, B> = [A, B];
type P = typeof published;
type R = typeof replies;
type Q = typeof requests;
/** Of a reply that is neither an error nor aborted. */
type Ok<M extends { content: unknown }> = Exclude<
  M["content"],
  { status: "error" } | { status: "abort" | "aborted" }
>;

/** Against @jupyterlab/services, in both directions where it says as much as the specification. */
export type Proofs = [
  Fits<K.MessageType, keyof P | keyof R | keyof Q | keyof typeof asked>,
  Fits<Checked<P["stream"]>, K.IStreamMsg["content"]>,
  Fits<K.IStreamMsg["content"], Checked<P["stream"]>>,
  Fits<Checked<P["display_data"]>, K.IDisplayDataMsg["content"]>,
  Fits<Checked<P["update_display_data"]>, K.IUpdateDisplayDataMsg["content"]>,
  Fits<Checked<P["execute_input"]>, K.IExecuteInputMsg["content"]>,
  Fits<Checked<P["execute_result"]>, K.IExecuteResultMsg["content"]>,
  Fits<Checked<P["error"]>, K.IErrorMsg["content"]>,
  Fits<K.IErrorMsg["content"], Checked<P["error"]>>,
  Fits<Checked<P["status"]>, K.IStatusMsg["content"]>,
  Fits<Checked<P["clear_output"]>, K.IClearOutputMsg["content"]>,
  Fits<K.IClearOutputMsg["content"], Checked<P["clear_output"]>>,
  Fits<Checked<P["debug_event"]>, K.IDebugEventMsg["content"]>,
  Fits<K.IDebugEventMsg["content"], Checked<P["debug_event"]>>,
  Fits<Checked<P["comm_open"]>, K.ICommOpenMsg["content"]>,
  Fits<Checked<P["comm_msg"]>, K.ICommMsgMsg["content"]>,
  Fits<Checked<P["comm_close"]>, K.ICommCloseMsg["content"]>,
  Fits<Checked<R["execute_reply"]>, Ok<K.IExecuteReplyMsg>>,
  Fits<Checked<R["inspect_reply"]>, Ok<K.IInspectReplyMsg>>,
  Fits<Checked<R["complete_reply"]>, Ok<K.ICompleteReplyMsg>>,
  Fits<Checked<R["is_complete_reply"]>, Ok<K.IIsCompleteReplyMsg>>,
  Fits<Ok<K.IIsCompleteReplyMsg>, Checked<R["is_complete_reply"]>>,
  Fits<Checked<R["comm_info_reply"]>, Ok<K.ICommInfoReplyMsg>>,
  Fits<Ok<K.ICommInfoReplyMsg>, Checked<R["comm_info_reply"]>>,
  Fits<Checked<R["kernel_info_reply"]>, Ok<K.IInfoReplyMsg>>,
  Fits<Checked<R["interrupt_reply"]>, Ok<K.IInterruptReplyMsg>>,
  Fits<Ok<K.IInterruptReplyMsg>, Checked<R["interrupt_reply"]>>,
  Fits<Checked<R["debug_reply"]>, K.IDebugReplyMsg["content"]>,
  Fits<K.IDebugReplyMsg["content"], Checked<R["debug_reply"]>>,
  Fits<Checked<R["create_subshell_reply"]>, K.ICreateSubshellReplyMsg["content"]>,
  Fits<Checked<R["delete_subshell_reply"]>, K.IDeleteSubshellReplyMsg["content"]>,
  Fits<Checked<R["list_subshell_reply"]>, K.IListSubshellReplyMsg["content"]>,
  Fits<Checked<(typeof asked)["input_request"]>, K.IInputRequestMsg["content"]>,
  Fits<K.IInputRequestMsg["content"], Checked<(typeof asked)["input_request"]>>,
  Fits<Checked<Q["execute_request"]>, K.IExecuteRequestMsg["content"]>,
  Fits<Checked<Q["inspect_request"]>, K.IInspectRequestMsg["content"]>,
  Fits<K.IInspectRequestMsg["content"], Checked<Q["inspect_request"]>>,
  Fits<Checked<Q["complete_request"]>, K.ICompleteRequestMsg["content"]>,
  Fits<K.ICompleteRequestMsg["content"], Checked<Q["complete_request"]>>,
  Fits<K.IHistoryRequestMsg["content"], Checked<Q["history_request"]>>,
  Fits<Checked<Q["is_complete_request"]>, K.IIsCompleteRequestMsg["content"]>,
  Fits<K.IIsCompleteRequestMsg["content"], Checked<Q["is_complete_request"]>>,
  Fits<Checked<Q["comm_info_request"]>, K.ICommInfoRequestMsg["content"]>,
  Fits<K.ICommInfoRequestMsg["content"], Checked<Q["comm_info_request"]>>,
  Fits<Checked<Q["debug_request"]>, K.IDebugRequestMsg["content"]>,
  Fits<K.IDebugRequestMsg["content"], Checked<Q["debug_request"]>>,
  Fits<Checked<Q["delete_subshell_request"]>, K.IDeleteSubshellRequestMsg["content"]>,
  Fits<K.IDeleteSubshellRequestMsg["content"], Checked<Q["delete_subshell_request"]>>,
];

const iopub = Buffer.from("kernel.s.");
const parent = {
  msg_id: "r",
  username: "u",
  session: "c",
  date: "2026-01-02T03:04:05Z",
  version: "5.5",
};

function envelope(type: string, content: unknown): Envelope {
  const msg_type = type.replace(/_reply$/, "_request");
  return {
    header: { ...parent, msg_id: "k", session: "s", msg_type: type },
    parent_header: { ...parent, msg_type },
    metadata: {},
    content,
    identities: [Buffer.concat([iopub, Buffer.from(type)])],
  };
}

function accepts(channel: "iopub" | "shell" | "stdin", message: Envelope): boolean {
  try {
    newChecker()(channel, message);
    return true;
  } catch {
    return false;
  }
}

const all = [
  ...Object.entries(publishedSamples).map(([type, content]) => ["iopub", type, content] as const),
  ...Object.entries(replySamples).map(([type, content]) => ["shell", type, content] as const),
  ["stdin", "input_request", { prompt: "?", password: false }] as const,
];

/** What may be missing, by the specification. */
const OPTIONAL = /^without (target_module|body|message|host_cpu_percent)$/;
/** What may be anything, by the specification. */
const ANYTHING = /^body: /;

for (const [channel, type, content] of all) {
  test(`${type} on ${channel}: the sample passes, and nothing that differs from it by one step`, () => {
    const whole = type === "iopub_welcome" ? [Buffer.alloc(0)] : envelope(type, content).identities;
    const message = { ...envelope(type, content), identities: whole };
    newChecker()(channel, message);
    for (const { what, value } of mutationsOf(content)) {
      const isFine = OPTIONAL.test(what) || ANYTHING.test(what);
      const isAccepted = accepts(channel, { ...message, content: value });
      assert.equal(isAccepted, isFine, `${what}: ${isAccepted ? "accepted" : "refused"}`);
    }
  });
}

test("every schema has a sample, and every sample a schema", () => {
  assert.deepEqual(Object.keys(publishedSamples).toSorted(), Object.keys(published).toSorted());
  assert.deepEqual(Object.keys(replySamples).toSorted(), Object.keys(replies).toSorted());
  assert.deepEqual(Object.keys(requestSamples).toSorted(), Object.keys(requests).toSorted());
  const schemas: Record<string, (value: unknown, path: string) => unknown> = requests;
  for (const [type, content] of Object.entries(requestSamples)) schemas[type]?.(content, type);
});

test("an error reply has its three fields, an aborted one has none", () => {
  errorReply(errorSample, "reply");
  for (const { what, value } of mutationsOf(errorSample)) {
    assert.throws(() => errorReply(value, "reply"), Error, what);
    assert.equal(accepts("shell", envelope("complete_reply", value)), false, what);
  }
  assert.ok(accepts("shell", envelope("execute_reply", { status: "aborted" })));
  assert.ok(accepts("shell", envelope("execute_reply", { ...errorSample, execution_count: 1 })));
  assert.ok(!accepts("shell", envelope("execute_reply", { status: "abort" })));
  assert.ok(!accepts("shell", envelope("execute_reply", { status: "aborted", ename: "E" })));
});

const right = envelope("status", { execution_state: "idle" });
const wrong: [what: string, message: Envelope][] = [
  ["metadata that is no object", { ...right, metadata: [] }],
  ["no topic", { ...right, identities: [] }],
  ["two topics", { ...right, identities: [Buffer.from("status"), Buffer.from("status")] }],
  ["another type's topic", { ...right, identities: [Buffer.from("stream")] }],
  ["a parent that is half a header", { ...right, parent_header: { msg_id: "1" } }],
  ["no parent at all", { ...right, parent_header: null }],
  ["an unknown type", envelope("telepathy", {})],
  ["a reply on iopub", envelope("execute_reply", replySamples["execute_reply"])],
  ...mutationsOf(right.header as JsonObject).map(({ what, value }): [string, Envelope] => [
    `header: ${what}`,
    { ...right, header: value },
  ]),
  ["a date without a zone", withHeader({ date: "2026-01-02T03:04:05" })],
  ["a date in words", withHeader({ date: "Fri Jan 02 2026" })],
  ["an older version", withHeader({ version: "5.3" })],
];

function withHeader(fields: JsonObject): Envelope {
  return { ...right, header: { ...(right.header as JsonObject), ...fields } };
}

test("the envelope is checked as closely", () => {
  assert.ok(accepts("iopub", right));
  for (const [what, message] of wrong) assert.equal(accepts("iopub", message), false, what);
  const reply = envelope("complete_reply", replySamples["complete_reply"]);
  assert.ok(accepts("shell", reply));
  assert.ok(!accepts("stdin", reply));
  assert.ok(!accepts("shell", { ...reply, parent_header: {} }));
  assert.ok(!accepts("shell", { ...reply, parent_header: right.parent_header }));
});

test("an id that comes twice is refused", () => {
  const check = newChecker();
  check("iopub", right);
  assert.throws(() => check("iopub", right), /used before/);
  check("iopub", { ...right, header: { ...(right.header as JsonObject), msg_id: "other" } });
});

test("no test starts a kernel or a transport that is not checked", () => {
  const root = fileURLToPath(new URL("../../../../test", import.meta.url));
  const unchecked = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && name !== join("schema", "checked.ts"))
    .filter((name) =>
      /^(?!\s*const kernel = await KernelClient.launch\(\);).*(KernelClient\.launch\(|new MemoryTransport\()/m.test(
        readFileSync(join(root, name), "utf8"),
      ),
    );
  assert.deepEqual(unchecked, []);
});
