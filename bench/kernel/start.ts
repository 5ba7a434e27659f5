/** From the start of the process to its first answer, and to the end of a first cell sent as soon as that is there. */
import { type Result, Tally } from "../harness.ts";
import type { Peer } from "../peers.ts";
import { Conversation, expiry } from "./conversation.ts";

const ROUNDS = 9;
/** tslab now and then never says that it is there, or that its first cell is over. */
const PATIENCE_MS = 10_000;
const [NODE_MAJOR] = process.versions.node.split(".");

export async function measureStart(peers: readonly Peer[]): Promise<Result[]> {
  const tally = new Tally<"answer" | "cell">();
  for (let round = 0; round < ROUNDS; round++) {
    for (const peer of peers) tally.add(peer.name, await start(peer));
  }
  return [
    {
      claim: "process start to kernel_info_reply",
      unit: "ms",
      measurements: tally.of("answer"),
      goals: [{ against: "deno", most: NODE_MAJOR === "20" ? 1.5 : 1 }],
    },
    {
      claim: "process start to idle of a first cell, ours with a preloaded name",
      unit: "ms",
      measurements: tally.of("cell"),
      goals: [{ against: "deno", most: 1.8 }],
    },
  ];
}

async function start(peer: Peer): Promise<Partial<Record<"answer" | "cell", number>>> {
  const talk = await Conversation.begin(peer).catch(() => null);
  if (talk === null) {
    console.log(`  ${peer.name} does not answer its start`);
    return {};
  }
  const asked = talk.ask(peer.first).then(() => "over");
  const outcome = await Promise.race([asked, expiry(PATIENCE_MS).then(() => "stuck")]);
  const answer = talk.client.answeredAt - talk.startedAt;
  if (outcome === "over") {
    await talk.end();
    return { answer, cell: talk.idleAt - talk.startedAt };
  }
  console.log(`  ${peer.name} does not end its first cell`);
  asked.catch(() => "it is killed, and its request rejected");
  await talk.end();
  return { answer };
}

/** The first cell of all, checked: what a reader waits for who opens a notebook and runs it. */
export async function measureFirstChecked(peers: readonly Peer[]): Promise<Result> {
  const tally = new Tally<"cell">();
  const checking = peers.filter(({ name }) => name !== "gradbook");
  for (let round = 0; round < ROUNDS; round++) {
    for (const peer of checking) {
      const { answer: _, ...cell } = await start(peer);
      tally.add(peer.name, cell);
    }
  }
  return {
    claim: "process start to idle of a first cell, ours checked and with a preloaded name",
    unit: "ms",
    measurements: tally.of("cell"),
    goals: [{ against: null, most: 500 }],
  };
}
