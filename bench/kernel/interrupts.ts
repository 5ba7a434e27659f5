/** From an interrupt to the answer of the cell it stopped; the kernel must then still know what it knew. */
import { type Result, Tally } from "../harness.ts";
import type { Peer } from "../peers.ts";
import { Conversation, expiry } from "./conversation.ts";

const ROUNDS = 3;
/** How long a cell has to say that it started, and how long a stopped one has to answer. */
const STARTED_MS = 1000;
const PATIENCE_MS = 3000;

export async function measureInterrupts(peers: readonly Peer[]): Promise<Result[]> {
  const tally = new Tally<"worst">();
  const failed = new Set<string>();
  const cases = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const peer of peers.filter(({ name }) => !failed.has(name))) {
      const { worst, failure } = await interruptAll(peer, (name, took) => {
        if (peer === peers[0]) cases.set(name, Math.max(took, cases.get(name) ?? 0));
      });
      if (failure === null) tally.add(peer.name, { worst });
      else {
        if (peer === peers[0]) throw new Error(`${peer.name} was not stopped in: ${failure}`);
        failed.add(peer.name);
        console.log(`  interrupt: ${peer.name} fails at the ${failure}`);
      }
    }
  }
  for (const [name, took] of cases) console.log(`  interrupt: ${name} ${took.toFixed(1)} ms`);
  return [
    {
      claim: "interrupt to reply, worst of all cases, state kept",
      unit: "ms",
      measurements: tally.of("worst"),
      goals: [{ against: null, most: 100 }],
    },
  ];
}

async function interruptAll(
  peer: Peer,
  note: (name: string, took: number) => void,
): Promise<{ worst: number; failure: string | null }> {
  const talk = await Conversation.begin(peer);
  let worst = 0;
  let failure: string | null = null;
  try {
    await talk.ask({ code: peer.dialect.keep, answer: peer.dialect.kept.answer });
    for (const [name, code] of Object.entries(peer.dialect.hanging)) {
      failure = name;
      const took = await interruptOne(talk, code);
      note(name, took);
      worst = Math.max(worst, took);
    }
    failure = null;
  } catch {
    // The case that was tried last says it.
  }
  await talk.end();
  return { worst, failure };
}

async function interruptOne(talk: Conversation, code: string): Promise<number> {
  const { client, peer } = talk;
  let isStarted = (): void => {};
  const started = new Promise<void>((resolve) => {
    isStarted = resolve;
  });
  const ended = client.execute(code, ({ message }) => {
    if (message.header.msg_type === "stream") isStarted();
  });
  ended.catch(() => {});
  await Promise.race([started, expiry(STARTED_MS)]);
  const from = performance.now();
  const replied = peer.interrupt === "message" ? client.interrupt() : signal(talk);
  const stopped = Promise.all([ended, replied]);
  await Promise.race([stopped, patience()]);
  const took = performance.now() - from;
  await Promise.race([talk.ask(peer.dialect.kept), patience()]);
  return took;
}

async function signal({ client }: Conversation): Promise<void> {
  client.process.kill("SIGINT");
}

async function patience(): Promise<never> {
  await expiry(PATIENCE_MS);
  throw new Error("no answer");
}
