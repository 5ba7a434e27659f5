/** Readers that are quick, slow, and asleep. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Publisher, type Reader } from "../../../../kernel/transport/zmtp/publisher.ts";

const ALL = Buffer.from([1]);
const LARGE = 300 * 1024;

/** Keeps what it is sent until it reads. */
class FakeReader implements Reader {
  readonly got: string[] = [];
  #waiting: (() => void)[] = [];
  #unread = 0;
  readonly #isQuick: boolean;

  constructor({ isQuick }: { readonly isQuick: boolean }) {
    this.#isQuick = isQuick;
  }

  get backlog(): number {
    return this.#unread;
  }

  send(bytes: Buffer): void {
    this.got.push(bytes.toString("latin1", 0, 2).trim());
    if (!this.#isQuick) this.#unread += bytes.length;
  }

  async empty(): Promise<void> {
    if (this.#unread > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  read(): void {
    this.#unread = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

const TOPIC = Buffer.from("kernel.status");

function message(name: string, length = 10): Buffer {
  const bytes = Buffer.alloc(length, " ");
  bytes.write(name);
  return bytes;
}

test("a reader gets what it has subscribed to, as long as it wants it", () => {
  const publisher = new Publisher();
  const [every, some, none] = [1, 2, 3].map(() => new FakeReader({ isQuick: true }));
  assert.deepEqual(publisher.hear(every, ALL), Buffer.alloc(0));
  assert.deepEqual(publisher.hear(some, Buffer.from("\u0001kernel")), Buffer.from("kernel"));
  publisher.hear(none, Buffer.from("\u0001kernel.status.more"));
  publisher.put(TOPIC, message("a"));
  publisher.put(Buffer.from("other"), message("b"));
  assert.equal(publisher.hear(some, Buffer.from("\u0000kernel")), null);
  publisher.put(TOPIC, message("c"));
  publisher.forget(every);
  publisher.put(TOPIC, message("d"));
  assert.deepEqual([every.got, some.got, none.got], [["a", "b", "c"], ["a"], []]);
});

test("all wait for a slow reader, and everything arrives in order", async () => {
  const publisher = new Publisher();
  const quick = new FakeReader({ isQuick: true });
  const slow = new FakeReader({ isQuick: false });
  for (const reader of [quick, slow]) publisher.hear(reader, ALL);
  const names = Array.from({ length: 40 }, (_, index) => String(index));
  for (const name of names) publisher.put(TOPIC, message(name, LARGE));
  assert.deepEqual(slow.got, ["0"]);
  const room = publisher.room();
  assert.ok(room !== null, "whoever produces more has to wait");
  const emptied = publisher.empty();
  while (slow.got.length < names.length) {
    slow.read();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await emptied;
  await room;
  assert.deepEqual(slow.got, names);
  assert.deepEqual(quick.got, names);
  assert.equal(publisher.room(), null);
  assert.equal(publisher.takeLoss(), 0);
});

test("a reader that sleeps is left out after a while, is told of the loss, and comes back when it reads", async () => {
  const publisher = new Publisher(1);
  const quick = new FakeReader({ isQuick: true });
  const asleep = new FakeReader({ isQuick: false });
  for (const reader of [quick, asleep]) publisher.hear(reader, ALL);
  for (const name of ["a", "b", "c"]) publisher.put(TOPIC, message(name, LARGE));
  await publisher.empty();
  assert.deepEqual([quick.got, asleep.got], [["a", "b", "c"], ["a"]]);
  assert.equal(publisher.takeLoss(), 2 * LARGE);
  assert.equal(publisher.takeLoss(), 0);
  asleep.read();
  publisher.put(TOPIC, message("d"));
  assert.deepEqual([quick.got.at(-1), asleep.got], ["d", ["a", "d"]]);
});

test("a reader that leaves keeps nobody waiting", async () => {
  const publisher = new Publisher();
  const quick = new FakeReader({ isQuick: true });
  const leaving = new FakeReader({ isQuick: false });
  for (const reader of [quick, leaving]) publisher.hear(reader, ALL);
  for (const name of ["a", "b"]) publisher.put(TOPIC, message(name, LARGE));
  publisher.forget(leaving);
  leaving.read();
  await publisher.empty();
  assert.deepEqual(quick.got, ["a", "b"]);
});
