/** The contents we check are the contents @jupyterlab/services sends: asserted by the compiler, in both directions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KernelMessage } from "@jupyterlab/services";
import type * as requests from "../../../kernel/front/requests/index.ts";
import type { Checked } from "../../../kernel/wire/check.ts";
import { integer, object, oneOf, optional, string } from "../../../kernel/wire/check.ts";
import type { Header } from "../../../kernel/wire/message.ts";

/** Compiles only if a value of type A may stand where a B is wanted. */
type Fits<A extends B, B> = [A, B];

type Execute = Required<KernelMessage.IExecuteRequestMsg["content"]>;
// Its message for a shutdown has no type of its own there; the content is what the specification says.
type Shutdown = { restart: boolean };
type IsComplete = KernelMessage.IIsCompleteRequestMsg["content"];
type Complete = KernelMessage.ICompleteRequestMsg["content"];
type Inspect = KernelMessage.IInspectRequestMsg["content"];
// Any other number means the same as one of the two.
type AskedInspect = Omit<Checked<typeof requests.inspect.content>, "detail_level"> &
  Pick<Inspect, "detail_level">;
type Open = Omit<KernelMessage.ICommOpenMsg["content"], "target_module">;
type Told = KernelMessage.ICommMsgMsg["content"];
type AskedOpen = Checked<typeof requests.commOpen.content>;
type AskedTold = Checked<typeof requests.commMessage.content>;
type Deleted = KernelMessage.IDeleteSubshellRequestMsg["content"];

export type Proofs = [
  // Data is taken as it comes: an object is what a client should send.
  Fits<Omit<AskedOpen, "data">, Omit<Open, "data">>,
  Fits<Open, AskedOpen>,
  Fits<Omit<AskedTold, "data">, Omit<Told, "data">>,
  Fits<Told, AskedTold>,
  Fits<KernelMessage.ICommCloseMsg["content"], Checked<typeof requests.commClose.content>>,
  Fits<Checked<typeof requests.deleteSubshell.content>, Deleted>,
  Fits<Deleted, Checked<typeof requests.deleteSubshell.content>>,
  Fits<Checked<typeof requests.execute.content>, Omit<Execute, "user_expressions">>,
  Fits<
    Omit<Execute, "user_expressions">,
    Omit<Checked<typeof requests.execute.content>, "user_expressions">
  >,
  Fits<Checked<typeof requests.shutdown.content>, Shutdown>,
  Fits<Shutdown, Checked<typeof requests.shutdown.content>>,
  Fits<Checked<typeof requests.isComplete.content>, IsComplete>,
  Fits<IsComplete, Checked<typeof requests.isComplete.content>>,
  Fits<Checked<typeof requests.complete.content>, Complete>,
  Fits<Complete, Checked<typeof requests.complete.content>>,
  Fits<AskedInspect, Inspect>,
  Fits<Inspect, Checked<typeof requests.inspect.content>>,
  Fits<KernelMessage.IHeader, Omit<Header, "subshell_id">>,
];

test("a checker names the path of what is wrong", () => {
  const checker = object({
    a: object({ b: integer }),
    c: optional(string, "x"),
    d: oneOf("p", "q"),
  });
  assert.deepEqual(checker({ a: { b: 1 }, d: "p", more: 1 }, "m"), { a: { b: 1 }, c: "x", d: "p" });
  assert.throws(
    () => checker({ a: { b: 1.5 }, d: "p" }, "m"),
    /m\.a\.b: expected an integer, got number/,
  );
  assert.throws(() => checker({ a: 3, d: "p" }, "m"), /m\.a: expected an object, got number/);
  assert.throws(
    () => checker({ a: { b: 1 }, d: "z" }, "m"),
    /m\.d: expected "p" or "q", got string/,
  );
  assert.throws(() => checker(null, "m"), /m: expected an object, got null/);
});
