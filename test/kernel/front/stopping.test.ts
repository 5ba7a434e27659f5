/** A stop comes to an end in whatever order the back, the inspector and the next interrupt speak. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { newShared } from "../../../kernel/channel.ts";
import { Stopping, type Terminate } from "../../../kernel/front/stopping.ts";

/** `hear` is the back: told of each question, it answers or does not. */
function stoppingOf(hear: (number: number) => void, terminate: Terminate): Stopping {
  return new Stopping({
    post: (message) => {
      assert.equal(message.type, "interrupt");
      hear(message.number);
    },
    shared: newShared(),
    terminate,
    findChild: () => () => false,
  });
}

test("an inspector that never answers is asked again", async () => {
  let terminations = 0;
  const stopping: Stopping = stoppingOf(
    (number) => {
      if (terminations === 2) stopping.acknowledged(number);
    },
    async (patienceMs) => {
      terminations++;
      await delay(patienceMs);
    },
  );
  assert.equal(await stopping.stop(), "stopped");
  assert.equal(stopping.over, null);
});

test("a stop is not over while a termination is on its way: it would hit the next cell", async () => {
  let terminated: (() => void) | null = null;
  let answers = 0;
  const stopping: Stopping = stoppingOf(
    (number) => {
      // The back was slow, and not in a loop: it answers before the termination has hit anything.
      if (terminated === null) return;
      stopping.acknowledged(number);
      if (++answers === 3) terminated();
    },
    () =>
      new Promise((resolve) => {
        terminated = resolve;
      }),
  );
  assert.equal(await stopping.stop(), "stopped");
  assert.equal(answers, 4);
});

test("a late answer to an earlier question does not end the next stop", async () => {
  const asked: number[] = [];
  const stopping: Stopping = stoppingOf(
    (number) => asked.push(number),
    () => delay(1),
  );
  const first = stopping.stop();
  stopping.acknowledged(1);
  await first;
  const second = stopping.stop();
  stopping.acknowledged(1);
  await delay(1);
  assert.notEqual(stopping.over, null);
  while (stopping.over !== null) {
    stopping.acknowledged(asked.at(-1) ?? 0);
    await delay(1);
  }
  assert.equal(await second, "stopped");
});
