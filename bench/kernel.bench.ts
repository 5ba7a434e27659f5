/**
 * The kernel beside tslab, ipykernel and Deno's kernel: from process start to its first answer, the time of a
 * trivial cell, and 100,000 printed lines. Every result is checked before it counts.
 */
import assert from "node:assert/strict";
import { KernelClient, type Received } from "../kernel/run/client.ts";
import { type Contender, interleave, keep, median, type Measurement, report } from "./harness.ts";
import { freePorts, kernels, type Peer } from "./peers.ts";

const LINES = 100_000;
const CELLS = 100;
/** tslab loses what comes later and Deno needs many seconds: both are given this long to be whole. */
const LINES_PATIENCE_MS = 20_000;

type Command = NonNullable<Peer["command"]>;
type Launched = Peer & { readonly command: Command };

async function launch(peer: Launched): Promise<KernelClient> {
  return KernelClient.launch({ command: peer.command, log: "ignore", ports: await freePorts() });
}

async function end(client: KernelClient): Promise<void> {
  client.process.kill("SIGKILL");
  await new Promise((resolve) => client.process.once("exit", resolve));
  client.close();
}

async function startup(peer: Launched): Promise<number> {
  const from = performance.now();
  const client = await launch(peer);
  const took = performance.now() - from;
  await end(client);
  return took;
}

/** The median of many cells in one kernel, from request to idle, after some that warm it up. */
async function trivialCell(peer: Launched): Promise<number> {
  const client = await launch(peer);
  const times: number[] = [];
  for (let i = 0; i < CELLS + 20; i++) {
    const shown: unknown[] = [];
    const from = performance.now();
    await client.execute("1+1", ({ message }) => {
      // tslab prints its values.
      const { data, text } = message.content;
      if (message.header.msg_type !== "execute_input") shown.push(data ?? text);
    });
    if (i >= 20) times.push(performance.now() - from);
    // Deno now and then sends the value behind its idle.
    if (peer.name !== "deno") assert.match(JSON.stringify(shown), /2/, peer.name);
  }
  await end(client);
  return median(times);
}

interface Printed {
  readonly took: number;
  readonly isWhole: boolean;
}

async function printLines(peer: Launched): Promise<Printed> {
  const client = await launch(peer);
  await client.execute(peer.printLines(10));
  let text = "";
  const collect = ({ message }: Received): void => {
    if (message.header.msg_type === "stream") text += String(message.content["text"]);
  };
  const from = performance.now();
  const patience = new Promise((resolve) => setTimeout(resolve, LINES_PATIENCE_MS).unref());
  await Promise.race([client.execute(peer.printLines(LINES), collect), patience]);
  const took = performance.now() - from;
  await end(client);
  const lines = text.split("\n").slice(0, -1);
  const isWhole = lines.length === LINES && lines.every((line, i) => line === `line ${i}`);
  return { took, isWhole };
}

async function measureLines(peers: readonly Launched[], rounds: number): Promise<Measurement[]> {
  const losses = new Map<string, number>();
  const contenders = peers.map((peer): Contender => ({
    name: peer.name,
    round: async () => {
      const { took, isWhole } = await printLines(peer);
      if (peer.name === "gradbook") assert.ok(isWhole, "every line, in order, before idle");
      if (!isWhole) losses.set(peer.name, (losses.get(peer.name) ?? 0) + 1);
      return took;
    },
  }));
  const measured = await interleave(contenders, rounds);
  for (const [name, count] of losses)
    console.log(`  ${name} not whole at idle in ${count} of ${rounds} rounds`);
  return measured.map((m) =>
    losses.has(m.name) ? { ...m, name: `${m.name} (not whole at idle)` } : m,
  );
}

const peers = kernels().filter((peer): peer is Launched => peer.command !== null);
const each = (round: (peer: Launched) => Promise<number>): Contender[] =>
  peers.map((peer) => ({ name: peer.name, round: async () => round(peer) }));

const results = [
  {
    claim: "process start to kernel_info_reply",
    unit: "ms",
    measurements: await interleave(each(startup), 9),
  },
  {
    claim: "cell 1+1, request to idle",
    unit: "ms",
    measurements: await interleave(each(trivialCell), 5),
  },
  {
    claim: "100,000 lines, request to idle",
    unit: "ms",
    measurements: await measureLines(peers, 3),
  },
];
for (const result of results) report(result);
keep("kernel", results);
