/** What is announced is said behind the turn's other work, and before everything that follows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Announcements } from "../../../kernel/front/announcements.ts";
import type { Message } from "../../../kernel/wire/message.ts";
import { childOf } from "../../../kernel/wire/message.ts";

const headers = { session: "s", username: "u", newId: () => "id", now: () => new Date(0) };

function announced() {
  const said: string[] = [];
  const say = ({ header }: Message): void => void said.push(header.msg_type);
  const announcements = new Announcements(say);
  const put = (type: string): void => announcements.put(childOf(headers, null, type, {}));
  return { said, announcements, put };
}

test("announcements are said in their order, behind the promises of the turn", async () => {
  const { said, put } = announced();
  put("status");
  void Promise.resolve().then(() => {
    said.push("posted");
    put("execute_input");
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(said, ["posted", "status", "execute_input"]);
});

test("what follows comes behind them, and nothing is said twice", async () => {
  const { said, announcements, put } = announced();
  put("status");
  announcements.publish();
  said.push("stream");
  put("execute_input");
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(said, ["status", "stream", "execute_input"]);
});
