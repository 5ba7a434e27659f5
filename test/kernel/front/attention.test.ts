/** When the front waits for the end of a cell, and when it does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ENDED_FLAG, newShared } from "../../../kernel/channel.ts";
import { Attention } from "../../../kernel/front/attention.ts";

/** An attention, and what it has taken. */
function attend() {
  const shared = newShared();
  let taken = 0;
  const attention = new Attention(shared, () => {
    taken++;
  });
  const end = (): void => void Atomics.add(shared.flags, ENDED_FLAG, 1);
  /** A turn of the event loop in which a run is posted; what happens then happens before the front waits. */
  const turn = async (then: () => void): Promise<void> => {
    attention.await();
    then();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { end, turn, taken: () => taken };
}

test("the end of a cell is taken in the turn in which it was posted", async () => {
  const { turn, end, taken } = attend();
  await turn(end);
  assert.equal(taken(), 1);
});

test("the end of a cell that takes longer is left to the event loop, and nothing is waited for until it comes", async () => {
  const { turn, end, taken } = attend();
  await turn(() => {});
  assert.equal(taken(), 0);
  await turn(end);
  assert.equal(taken(), 0);
  await turn(end);
  assert.equal(taken(), 1);
});
