/** A session whose back is a script: whatever an interrupt comes upon, the cell gets its answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type CellId, newShared, type Outcome, type ToBack } from "../../../kernel/channel.ts";
import { BackSession } from "../../../kernel/front/back_session.ts";
import { PASSED } from "../../../kernel/front/checking.ts";
import type { Listener } from "../../../kernel/front/session.ts";
import { Stopping } from "../../../kernel/front/stopping.ts";

const nothing = (): void => {};
const listener: Listener = {
  stream: nothing,
  display: nothing,
  clear: nothing,
  comm: nothing,
  ask: async () => ({ text: "" }),
};

interface Scripted {
  readonly session: BackSession;
  readonly posted: ToBack[];
  /** Resolves when the back has been sent a cell. */
  readonly sent: Promise<CellId>;
}

/** `known` are the cells that the back says it has when it is interrupted. */
function scripted(known: (sent: CellId) => readonly CellId[] = () => []): Scripted {
  const posted: ToBack[] = [];
  let arrived: (cell: CellId) => void = nothing;
  const sent = new Promise<CellId>((resolve) => {
    arrived = resolve;
  });
  let last: CellId = 0;
  const post = (message: ToBack): void => {
    posted.push(message);
    if (message.type === "execute") {
      last = message.cell;
      arrived(last);
    }
    if (message.type !== "interrupt") return;
    const { number } = message;
    setImmediate(() => session.receive({ type: "interrupted", number, cells: known(last) }));
  };
  const stopping = new Stopping({
    post,
    shared: newShared(),
    terminate: async () => {},
    findChild: () => () => false,
  });
  const session = new BackSession({
    post,
    stopping,
    types: { add: nothing },
    introspection: {
      know: nothing,
      forget: nothing,
      complete: async () => ({ matches: [], start: 0, end: 0, types: [] }),
      inspect: async () => null,
    },
    checking: { check: async () => PASSED, choose: nothing, mode: "off" },
    answer: nothing,
    passed: nothing,
    drain: nothing,
    watch: nothing,
    log: nothing,
    notices: () => [],
  });
  return { session, posted, sent };
}

const nameOf = (outcome: Outcome): string => (outcome.status === "ok" ? "ok" : outcome.ename);

test("a cell that the back has lost to a termination ends when it is interrupted", async () => {
  const { session, sent } = scripted();
  session.receive({ type: "ready" });
  const running = session.execute("for (;;);", "Cell [1]", listener);
  await sent;
  await session.interrupt();
  assert.equal(nameOf(await running), "Interrupted");
});

test("a cell that the back is still ending is answered by the back", async () => {
  const { session, sent } = scripted((cell) => [cell]);
  session.receive({ type: "ready" });
  const running = session.execute("1", "Cell [1]", listener);
  const cell = await sent;
  await session.interrupt();
  session.receive({ type: "done", cell, outcome: { status: "ok", value: null } });
  assert.equal(nameOf(await running), "ok");
});

test("an interrupt that comes before the parsers are loaded stops the cell", async () => {
  const { session, posted } = scripted();
  session.receive({ type: "ready" });
  const running = session.execute("1", "Cell [1]", listener);
  await session.interrupt();
  assert.equal(nameOf(await running), "Interrupted");
  assert.ok(posted.every(({ type }) => type === "interrupt"));
});

test("a back that is starting is not interrupted, or it would never be ready", async () => {
  const { session, posted } = scripted();
  const running = session.execute("1", "Cell [1]", listener);
  await session.interrupt();
  assert.equal(nameOf(await running), "Interrupted");
  assert.deepEqual(posted, []);
});
