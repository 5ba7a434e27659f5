/** A hundred thousand messages that are nearly right: every request is answered, nothing else happens. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Request, XSubscriber } from "zeromq";
import type { KernelClient, Received } from "../../kernel/run/client.ts";
import { addressOf, signatureOf } from "../../kernel/transport/connection.ts";
import { decode, encode } from "../../kernel/wire/codec.ts";
import { childOf, type HeaderSource } from "../../kernel/wire/message.ts";
import { checkedMessages, launchKernel } from "../schema/checked.ts";
import { runCell } from "./cells.ts";
import { type Fuzzed, fuzzed, noise, type Target } from "./fuzz/messages.ts";
import { randomFrom } from "./fuzz/random.ts";
import { residentMb } from "./process.ts";

const SEED = 20_261_124;
const MESSAGES = 100_000;
const BATCH = 1000;
/** At most so much more memory after it all than before; it is 130 to 190 MB, and no more after three times as many messages. */
const MAX_GROWTH_MB = 300;

interface Count {
  sent: number;
  /** Handled, or refused by the handler's own checker. */
  reached: number;
  error: number;
  aborted: number;
}

/** What a client sees: for each request type what was sent, and what came back. */
class Ledger {
  readonly counts = new Map<string, Count>();
  /** The replies to each id that was sent, and how many there have to be. */
  readonly #open = new Map<string, { type: string; wanted: number; got: number }>();
  readonly surplus: string[] = [];
  readonly subshells: string[] = [];
  dropped = 0;
  #barrier = "";
  #pass: () => void = () => {};

  /** Resolves when a request of this id has been answered. */
  async answer(id: string): Promise<void> {
    this.#barrier = id;
    await new Promise<void>((resolve) => {
      this.#pass = resolve;
    });
  }

  send(target: Target, { frames, channel }: Fuzzed): void {
    try {
      const { header } = decode(target.signature, frames);
      const { msg_id: id, msg_type: type } = header;
      if (!type.endsWith("_request")) return;
      const known = this.#open.get(`${channel} ${id}`) ?? { type, wanted: 0, got: 0 };
      known.wanted++;
      this.#open.set(`${channel} ${id}`, known);
      this.#count(type).sent++;
    } catch {
      this.dropped++;
    }
  }

  receive({ channel, message }: Received): void {
    const parent = message.parent_header;
    if (channel === "iopub" || !("msg_id" in parent)) return;
    if (parent.msg_id === this.#barrier) this.#pass();
    const open = this.#open.get(`${channel} ${parent.msg_id}`);
    // A barrier's own reply.
    if (open === undefined) return;
    open.got++;
    if (open.got > open.wanted) this.surplus.push(`${message.header.msg_type} ${parent.msg_id}`);
    const { status, ename, subshell_id } = message.content;
    const count = this.#count(open.type);
    if (status === "aborted") count.aborted++;
    else if (ename !== "Unsupported") count.reached++;
    if (status === "error") count.error++;
    if (message.header.msg_type === "create_subshell_reply" && typeof subshell_id === "string") {
      this.subshells.push(subshell_id);
    }
  }

  /** The types of requests without a reply. */
  get unanswered(): string[] {
    return [...this.#open.values()]
      .filter(({ wanted, got }) => got < wanted)
      .map(({ type }) => type);
  }

  #count(type: string): Count {
    const name = type.length > 30 || /[^ -~]/.test(type) ? "(odd)" : type;
    const count = this.counts.get(name) ?? { sent: 0, reached: 0, error: 0, aborted: 0 };
    this.counts.set(name, count);
    return count;
  }
}

const HEADERS: HeaderSource = {
  session: "barrier",
  username: "fuzz",
  newId: () => randomUUID(),
  now: () => new Date(),
};

let kernel: KernelClient;
const ledger = new Ledger();

before(async () => {
  kernel = await launchKernel({ log: "inherit" });
  kernel.onMessage = (received) => ledger.receive(received);
});
after(() => kernel.process.kill("SIGKILL"));

/** Everything sent before has been answered when these are: each channel, and the queue of cells. */
async function barrier(): Promise<void> {
  const message = childOf(HEADERS, null, "no_such_request", {});
  kernel.sendFrames("stdin", encode(signatureOf(kernel.connection), message));
  await Promise.all([
    kernel.request("kernel_info_request", {}, { untilIdle: false }),
    kernel.request("kernel_info_request", {}, { untilIdle: false, channel: "control" }),
    ledger.answer(message.header.msg_id),
  ]);
  for (;;) {
    // An interrupt on control may overtake, and abort, what was sent before it.
    const { content } = await kernel.execute("", undefined, { silent: true });
    if (content["status"] === "ok") return;
  }
}

test(`${MESSAGES} bent messages, seed ${SEED}`, async () => {
  const random = randomFrom(SEED);
  await runCell(
    kernel,
    "let kept = 41; comm.registerTarget('t', (c) => c.onMessage(({ data }) => c.send(data)))",
  );
  const created = await kernel.request("create_subshell_request", {}, { channel: "control" });
  ledger.subshells.push(String(created.content["subshell_id"]));
  const signature = signatureOf(kernel.connection);
  const target: Target = { signature, subshells: ledger.subshells };
  await barrier();
  const memory = residentMb(kernel.process.pid);
  const started = performance.now();
  let signed = 0;
  for (let sent = 0; sent < MESSAGES; sent += BATCH) {
    for (let i = 0; i < BATCH; i++) {
      const message = fuzzed(target, random);
      if (message.isSigned) signed++;
      ledger.send(target, message);
      kernel.sendFrames(message.channel, message.frames);
    }
    await barrier();
    if ((sent + BATCH) % (MESSAGES / 5) === 0)
      console.log(`${sent + BATCH}: ${residentMb(kernel.process.pid).toFixed(0)} MB`);
  }
  const seconds = (performance.now() - started) / 1000;
  const growth = residentMb(kernel.process.pid) - memory;
  console.table(Object.fromEntries([...ledger.counts].toSorted(([a], [b]) => (a < b ? -1 : 1))));
  console.log(
    `${signed} of ${MESSAGES} signed, ${ledger.dropped} dropped by the codec; ${checkedMessages()} messages checked`,
  );
  console.log(
    `${seconds.toFixed(1)} s; ${memory.toFixed(0)} MB before, ${growth.toFixed(0)} more after`,
  );
  assert.ok(signed >= 0.8 * MESSAGES, `${signed} were signed`);
  assert.deepEqual(ledger.unanswered, []);
  assert.deepEqual(ledger.surplus, []);
  assert.ok(growth < MAX_GROWTH_MB, `${growth.toFixed(0)} MB more`);
});

test("noise on the heartbeat comes back, noise on iopub is let be", async () => {
  const random = randomFrom(SEED + 1);
  const heart = new Request();
  heart.connect(addressOf(kernel.connection, kernel.connection.hb_port));
  const iopub = new XSubscriber({ linger: 0 });
  iopub.connect(addressOf(kernel.connection, kernel.connection.iopub_port));
  for (let i = 0; i < 2000; i++) {
    const frames = Array.from({ length: 1 + random.below(3) }, () => noise(random));
    await heart.send(frames);
    assert.deepEqual(await heart.receive(), frames);
    // Half of them are subscriptions, most to topics that nobody has.
    const first = Buffer.from([random.below(4)]);
    await iopub.send(random.chance(0.9) ? Buffer.concat([first, noise(random)]) : frames);
  }
  heart.close();
  iopub.close();
});

test("the kernel lives, answers on every channel, and has kept its state", async () => {
  await barrier();
  assert.equal(kernel.process.exitCode, null);
  assert.match(String((await runCell(kernel, "1 + kept")).value), /42/);
  const { content } = await kernel.request("kernel_info_request", {}, { channel: "control" });
  assert.equal(content["status"], "ok");
  await kernel.shutdown();
});
