import assert from "node:assert/strict";
import { test } from "node:test";
import { Output } from "../../../kernel/back/output.ts";
import { type FromBack, newShared } from "../../../kernel/channel.ts";

function collect(): { output: Output; posted: FromBack[] } {
  const posted: FromBack[] = [];
  const post = (message: FromBack): void => void posted.push(message);
  return { output: new Output({ post, shared: newShared(), check: () => {} }), posted };
}

const text = (posted: readonly FromBack[]): string[] =>
  posted.map((message) => (message.type === "stream" ? message.text : message.type));

test("writes to one stream are merged, and a change of stream or cell begins a new message", () => {
  const { output, posted } = collect();
  // The first writes of a window are posted at once.
  for (let i = 0; i < 200; i++) output.write(1, "stdout", ".");
  posted.length = 0;
  for (const part of ["a", "b", "c"]) output.write(1, "stdout", part);
  output.write(1, "stderr", "d");
  output.write(2, "stderr", "e");
  output.flush();
  assert.deepEqual(text(posted), ["abc", "d", "e"]);
});

test("100,000 lines take a number of messages that is bounded by their size", () => {
  const { output, posted } = collect();
  for (let i = 0; i < 100_000; i++) output.write(1, "stdout", `line ${i}\n`);
  output.flush();
  assert.equal(text(posted).join("").split("\n").length, 100_001);
  assert.ok(posted.length < 5000, `${posted.length} messages`);
});

test("a message goes behind the text written before it", () => {
  const { output, posted } = collect();
  output.write(1, "stdout", "x");
  output.show({ type: "clear", cell: 1, wait: false });
  assert.deepEqual(text(posted), ["x", "clear"]);
});

test("what is still being made keeps its place", async () => {
  const { output, posted } = collect();
  let finish: (message: FromBack & { type: "clear" }) => void = () => {};
  const making = output.showLater(
    1,
    new Promise<FromBack & { type: "clear" }>((r) => (finish = r)),
  );
  output.write(1, "stdout", "after");
  output.flush();
  assert.deepEqual(text(posted), []);
  finish({ type: "clear", cell: 1, wait: true });
  await making;
  assert.deepEqual(text(posted), ["clear", "after"]);
});

test("what fails while being made gives up its place and holds nothing back", async () => {
  const { output, posted } = collect();
  const making = output.showLater(1, Promise.reject(new Error("no picture")));
  output.write(1, "stdout", "after");
  output.flush();
  await assert.rejects(making, /no picture/);
  assert.deepEqual(text(posted), ["after"]);
});

test("an interrupt lets go of what waits", () => {
  const { output, posted } = collect();
  void output.showLater(1, new Promise(() => {}));
  output.write(1, "stdout", "after");
  output.abandonPending();
  output.flush();
  assert.deepEqual(text(posted), ["after"]);
});
