/** 100,000 printed lines: when the last one is here, whether all of them are, and in how many messages. */
import assert from "node:assert/strict";
import type { Received } from "../../kernel/run/client.ts";
import { type Result, Tally } from "../harness.ts";
import type { Peer } from "../peers.ts";
import { Conversation } from "./conversation.ts";

const ROUNDS = 3;
const LINES = 100_000;
/** A kernel that has said nothing for so long has lost what is missing. */
const SILENCE_MS = 3000;

interface Printed {
  readonly lastLineMs: number;
  readonly messages: number;
  /** How many lines came, each behind those before it. */
  readonly lines: number;
  /** How many of them came before idle. */
  readonly linesBeforeIdle: number;
}

export async function measureLines(peers: readonly Peer[]): Promise<Result[]> {
  const tally = new Tally<"lastLine" | "messages">();
  const faults = new Map<string, string>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const peer of peers.filter(({ name }) => !faults.get(name)?.includes("lost"))) {
      const printed = await print(peer);
      const fault = faultOf(printed);
      if (peer.name === "gradbook") assert.equal(fault, "", "every line, in order, before idle");
      if (fault !== "") faults.set(peer.name, fault);
      tally.add(peer.name, { lastLine: printed.lastLineMs, messages: printed.messages });
    }
  }
  const named = (figure: "lastLine" | "messages") =>
    tally.of(figure).map((measured) => {
      const fault = faults.get(measured.name);
      return fault === undefined ? measured : { ...measured, name: `${measured.name} (${fault})` };
    });
  return [
    {
      claim: "100,000 lines, request to last line",
      unit: "ms",
      measurements: named("lastLine"),
      goals: [{ against: "ipykernel", most: 1 }],
    },
    {
      claim: "100,000 lines, stream messages",
      unit: "messages",
      measurements: named("messages"),
      goals: [{ against: null, most: 200 }],
    },
  ];
}

function faultOf({ lines, linesBeforeIdle }: Printed): string {
  if (lines < LINES) return `${(LINES - lines).toLocaleString("en-US")} lines lost`;
  return linesBeforeIdle < LINES ? "not whole at idle" : "";
}

async function print(peer: Peer): Promise<Printed> {
  const talk = await Conversation.begin(peer);
  await talk.client.execute(peer.dialect.printLines(10));
  const reader = new LineReader();
  const from = performance.now();
  let linesBeforeIdle = 0;
  const ended = talk.client
    .execute(peer.dialect.printLines(LINES), (received) => reader.take(received))
    .then(() => {
      linesBeforeIdle = reader.lines;
    })
    .catch(() => {});
  await Promise.race([Promise.all([ended, reader.whole]), reader.silent()]);
  await talk.end();
  const { lastLineAt, messages, lines } = reader;
  return { lastLineMs: lastLineAt - from, messages, lines, linesBeforeIdle };
}

class LineReader {
  lines = 0;
  messages = 0;
  lastLineAt = performance.now();
  readonly whole: Promise<void>;
  #setWhole = (): void => {};
  #rest = "";
  #next = 0;

  constructor() {
    this.whole = new Promise((resolve) => {
      this.#setWhole = resolve;
    });
  }

  take({ message }: Received): void {
    if (message.header.msg_type !== "stream") return;
    this.messages++;
    this.lastLineAt = performance.now();
    const lines = (this.#rest + String(message.content["text"])).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const number = /^line (\d+)$/.exec(line)?.[1];
      if (number === undefined || Number(number) < this.#next) continue;
      this.#next = Number(number) + 1;
      this.lines++;
    }
    if (this.#next === LINES) this.#setWhole();
  }

  /** Resolves when nothing has come for a while. */
  async silent(): Promise<void> {
    let left = SILENCE_MS;
    while (left > 0) {
      const wait = left;
      await new Promise((resolve) => setTimeout(resolve, wait));
      left = SILENCE_MS - (performance.now() - this.lastLineAt);
    }
  }
}
