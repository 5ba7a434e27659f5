/** Questions to the reader over the stdin channel. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { KernelClient } from "../../kernel/run/client.ts";
import { ZmqClient } from "../../kernel/transport/zmq.ts";
import { childOf, type Message } from "../../kernel/wire/message.ts";
import { launchKernel } from "../schema/checked.ts";
import { firstOf, runCell } from "./cells.ts";

let kernel: KernelClient;

before(async () => {
  kernel = await launchKernel();
});
after(async () => kernel.shutdown());

/** Runs a cell and answers its questions in turn; returns the questions and the cell's value. */
async function asked(code: string, answers: readonly string[]) {
  const questions: unknown[] = [];
  let count = 0;
  const { value, reply } = await runWith(code, (message) => {
    questions.push(message.content);
    kernel.answer(message, answers[count++] ?? "");
  });
  return { questions, value, reply };
}

const run = (code: string) => runCell(kernel, code);

async function runWith(code: string, onQuestion: (message: Message) => void) {
  let value: unknown;
  const reply = await kernel.execute(
    code,
    ({ message }) => {
      if (message.header.msg_type === "input_request") onQuestion(message);
      const data = message.content["data"] as Record<string, unknown> | undefined;
      if (message.header.msg_type === "execute_result") value = data?.["text/plain"];
    },
    { allow_stdin: true },
  );
  return { value, reply: reply.content };
}

test("input and prompt ask, one after the other, and give the answer back", async () => {
  const code =
    "const name = input('name? '); const key = prompt('key: ', { password: true }); [name, key].join('/')";
  const { questions, value } = await asked(code, ["Ada 🦉", "s3cret"]);
  assert.deepEqual(questions, [
    { prompt: "name? ", password: false },
    { prompt: "key: ", password: true },
  ]);
  assert.equal(value, "'Ada 🦉/s3cret'");
});

test("an empty answer is the default, as in a browser", async () => {
  const code =
    "[prompt('name?', 'Ada'), input('age? ', { default: '36' }), prompt('town?', 'Rome')].join()";
  const { questions, value } = await asked(code, ["", "", "Paris"]);
  assert.deepEqual(
    questions.map((question) => (question as { prompt: string }).prompt),
    ["name? [Ada] ", "age? [36] ", "town? [Rome] "],
  );
  assert.equal(value, "'Ada,36,Paris'");
});

test("output comes before the question it belongs to", async () => {
  const seen: string[] = [];
  await kernel.execute(
    "console.log('first'); input('then')",
    ({ message }) => {
      seen.push(message.header.msg_type);
      if (message.header.msg_type === "input_request") kernel.answer(message, "");
    },
    { allow_stdin: true },
  );
  assert.ok(seen.includes("stream") && seen.includes("input_request"), seen.join());
});

test("a client that takes no questions gets a clear error", async () => {
  const { reply } = await runCell(kernel, "input('?')");
  assert.equal(reply["ename"], "InputError");
  assert.match(String(reply["evalue"]), /takes no questions.*allow_stdin/);
});

test("a question is interrupted, and a late answer is not taken for the next one's", async () => {
  const { seen, watch } = firstOf("input_request");
  let question: Message | undefined;
  const running = kernel.execute(
    "input('never')",
    (received) => {
      watch(received);
      if (received.message.header.msg_type === "input_request") question = received.message;
    },
    { allow_stdin: true },
  );
  await seen;
  await kernel.interrupt();
  assert.equal((await running).content["ename"], "Interrupted");
  if (question !== undefined) kernel.answer(question, "late");
  await runCell(kernel, "0");
  assert.equal((await asked("input('again')", ["right"])).value, "'right'");
});

test("readline reads what is typed, line by line", async () => {
  const code = `import { createInterface } from "node:readline/promises";
const rl = createInterface({ input: process.stdin, output: process.stdout });
const first = await rl.question("a? ");
const second = await rl.question("b? ");
rl.close();
[first, second].join()`;
  const { value } = await asked(code, ["one", "two"]);
  assert.equal(value, "'one,two'");
});

test("a reader is asked for what is read, and no more, in one cell as in the next", async () => {
  const create =
    "const left = require('node:readline/promises').createInterface({ input: process.stdin, output: process.stdout })";
  assert.equal((await asked(create, [])).questions.length, 0);
  for (const answer of ["one", "two"]) {
    const { questions, value } = await asked("await left.question('? ')", [answer]);
    assert.deepEqual([questions.length, value], [1, `'${answer}'`]);
  }
  await run("left.close()");
  for (const answer of ["three", "four"]) {
    const once = "String(await new Promise((done) => process.stdin.once('data', done)))";
    const { questions, value } = await asked(once, [answer]);
    assert.deepEqual([questions.length, value], [1, `'${answer}\\n'`]);
  }
});

test("a question of a cell that was interrupted does not keep the next cell from asking", async () => {
  const read = "String(await new Promise((done) => process.stdin.once('data', done)))";
  const { seen, watch } = firstOf("input_request");
  const running = kernel.execute(read, watch, { allow_stdin: true });
  await seen;
  await kernel.interrupt();
  await running;
  assert.equal((await asked(read, ["mine"])).value, "'mine\\n'");
});

test("where nobody can be asked, a cell that reads fails, and what it read with is closed", async () => {
  const create =
    "require('node:readline/promises').createInterface({ input: process.stdin, output: process.stdout })";
  const refused = /takes no questions.*allow_stdin/;
  await run(`const older = ${create}`);
  const { reply } = await run("await older.question('a? ')");
  assert.match(String(reply["evalue"]), refused);
  assert.match(String((await run("await older.question('b? ')")).reply["evalue"]), /closed/);
  const newer = `const newer = ${create}; const got = await newer.question("c? "); newer.close(); got`;
  const { questions, value } = await asked(newer, ["mine"]);
  assert.deepEqual([questions.length, value], [1, "'mine'"]);
});

test("where nobody can be asked, a program that looks out for it goes on", async () => {
  const code = `import { once } from "node:events";
const [{ name }] = await once(process.stdin.on("data", () => {}), "error");
name`;
  assert.equal((await run(code)).value, "'InputError'");
});

test("however many cells have read, one listener waits for their answers", async () => {
  const read = `{
  const rl = require("node:readline/promises").createInterface({ input: process.stdin });
  await rl.question("");
  rl.close();
}`;
  for (const answer of ["one", "two", "three"]) await asked(read, [answer]);
  const listeners = `process._getActiveHandles()
  .filter(({ constructor }) => constructor.name === "MessagePort")
  .map((port) => port.listenerCount("message"))
  .join()`;
  assert.equal((await run(listeners)).value, "'1,1'");
});

test("a wrong prompt is a clear error", async () => {
  const { reply } = await runCell(kernel, "input(5 as never)");
  assert.match(String(reply["evalue"]), /the prompt must be a string, got number/);
});

test("a question to a page that is closed ends its cell, and the kernel goes on", async () => {
  const page = new ZmqClient(kernel.connection);
  const headers = { session: "page", username: "", newId: () => "asker", now: () => new Date() };
  const content = { code: "input('?')", silent: false, allow_stdin: true };
  const ended = new Promise<unknown>((resolve) => {
    let error: unknown;
    kernel.onMessage = ({ message: { parent_header, content: said } }) => {
      if (!("msg_id" in parent_header) || parent_header.msg_id !== "asker") return;
      error ??= said["evalue"];
      if (said["execution_state"] === "idle") resolve(error);
    };
  });
  page.receive((channel) => {
    if (channel === "stdin") page.close();
  });
  page.send("shell", childOf(headers, null, "execute_request", content));
  assert.match(String(await ended), /closed or reloaded; run the cell again/);
  assert.equal((await run("1 + 1")).value, "2");
});
