/** The kernel rehearses: both threads' parts in one process, and what the reader would notice of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { Builtins } from "../../../kernel/back/builtins.ts";
import { Imports } from "../../../kernel/back/imports.ts";
import type { MagicRuntime } from "../../../kernel/back/magics.ts";
import { Rehearsal as BackRehearsal } from "../../../kernel/back/rehearsal.ts";
import type { FromBack, ToBack } from "../../../kernel/channel.ts";
import { Rehearsal } from "../../../kernel/front/rehearsal.ts";
import type { Connection } from "../../../kernel/transport/connection.ts";
import type { HeaderSource } from "../../../kernel/wire/message.ts";

const connection: Connection = {
  transport: "tcp",
  ip: "127.0.0.1",
  shell_port: 1,
  iopub_port: 2,
  stdin_port: 3,
  control_port: 4,
  hb_port: 5,
  key: "secret",
  signature_scheme: "hmac-sha256",
  kernel_name: "",
};

let ids = 0;
const headers: HeaderSource = {
  session: "session",
  username: "test",
  newId: () => String(ids++),
  now: () => new Date(),
};

function noMagic(): never {
  throw new Error("no rehearsed cell has a magic");
}

const NO_MAGICS: MagicRuntime = { magic: noMagic, begin: noMagic, loop: noMagic };

interface Rehearsed {
  readonly posted: readonly ToBack[];
  readonly said: readonly FromBack[];
  /** Whether the thorough compiler worked, each time that this was said, and behind how many cells. */
  readonly turbofan: readonly (readonly [number, boolean])[];
  /** Behind how many cells garbage was collected. */
  readonly collected: readonly number[];
}

async function rehearse(quietMs: (posted: number) => number): Promise<Rehearsed> {
  const posted: ToBack[] = [];
  const said: FromBack[] = [];
  const turbofan: [number, boolean][] = [];
  const collected: number[] = [];
  const builtins = new Builtins();
  const imports = new Imports(import.meta.dirname, new Map());
  const back = new BackRehearsal({ builtins, imports, magics: NO_MAGICS }, (message) => {
    said.push(message);
    if (message.type === "rehearsed") setImmediate(() => front.receive(message.message));
  });
  const post = (message: ToBack): void => {
    posted.push(message);
    if (message.type === "rehearse") setImmediate(() => back.receive(message.order));
    if (message.type === "rehearsed") back.end();
  };
  const front = new Rehearsal({
    headers,
    connection,
    post,
    quietMs: () => quietMs(posted.length),
    allowTurbofan: (isAllowed) => turbofan.push([posted.length, isAllowed]),
    collect: async () => void collected.push(posted.length),
  });
  await front.run();
  return { posted, said, turbofan, collected };
}

test("every rehearsed cell is run to its value, apart from the notebook's", async () => {
  const globals = Reflect.ownKeys(globalThis);
  const { posted, said } = await rehearse(() => Infinity);
  assert.deepEqual(posted.at(-1), { type: "rehearsed" });
  assert.ok(posted.slice(0, -1).every(({ type }) => type === "rehearse"));
  const wrapped = said.map((message) => (message.type === "rehearsed" ? message.message : message));
  assert.ok(said.every(({ type }) => type === "rehearsed"));
  const outcomes = wrapped.flatMap((message) => (message.type === "done" ? [message.outcome] : []));
  assert.equal(outcomes.length, posted.length - 1);
  for (const outcome of outcomes) assert.equal(outcome.status, "ok", JSON.stringify(outcome));
  const values = outcomes.slice(0, 4).map((outcome) => {
    const value = outcome.status === "ok" ? outcome.value?.data["text/plain"] : undefined;
    return stripVTControlCharacters(String(value));
  });
  assert.deepEqual(values, ["2", "[ 2, 4, 6 ]", "1", "3"]);
  assert.deepEqual(Reflect.ownKeys(globalThis), globals);
});

test("a reader who runs cells is not disturbed: it goes on when they rest", async () => {
  let asked = 0;
  const orders: number[] = [];
  const { posted, turbofan, collected } = await rehearse((count) => {
    orders.push(count);
    return asked++ === 1 ? 0 : Infinity;
  });
  assert.deepEqual(orders.slice(0, 4), [0, 4, 4, 8]);
  assert.ok(posted.length > 100);
  assert.deepEqual(turbofan.slice(0, 4), [
    [0, false],
    [4, true],
    [4, false],
    [8, false],
  ]);
  assert.deepEqual(turbofan.at(-1), [posted.length - 1, true]);
  assert.equal(collected.length, 1);
  assert.ok(collected.every((count) => count > 0 && count < posted.length - 1));
});
