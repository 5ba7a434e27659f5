/** One kernel process that is measured, and what is asked of it. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { KernelClient, type LaunchOptions, type Received } from "../../kernel/run/client.ts";
import { PORTS, type PortName } from "../../kernel/transport/connection.ts";
import type { Question } from "../dialects.ts";
import { inRepository } from "../harness.ts";
import type { Peer } from "../peers.ts";
import { familyOf } from "./memory.ts";

/** How long an answer may be behind its idle: Deno now and then sends a value so. */
const BELATED_MS = 2000;

export class Conversation {
  readonly peer: Peer;
  readonly client: KernelClient;
  /** When its process was started, and when its last cell was over. */
  readonly startedAt: number;
  idleAt = 0;

  private constructor(peer: Peer, client: KernelClient, startedAt: number) {
    this.peer = peer;
    this.client = client;
    this.startedAt = startedAt;
  }

  static async begin(
    peer: Peer,
    place: Pick<LaunchOptions, "notebook" | "cwd"> = {},
  ): Promise<Conversation> {
    const ports = await freePorts();
    const from = performance.now();
    const client = await KernelClient.launch({
      ...place,
      command: peer.command,
      log: "ignore",
      ports,
      // Written as every notebook's is, but a thousand cells of a benchmark are nobody's history.
      history: inRepository(".cache", "bench-history.sqlite"),
    });
    return new Conversation(peer, client, from);
  }

  /** Runs a cell as often as is said, and returns the times from request to idle; every answer is checked. */
  async ask({ code, answer }: Question, times = 1): Promise<number[]> {
    const took: number[] = [];
    let answers = 0;
    let setAnswered = (): void => {};
    const answered = new Promise<void>((resolve) => {
      setAnswered = resolve;
    });
    const count = ({ message }: Received): void => {
      // tslab prints its values.
      const { data, text } = message.content;
      const shown = JSON.stringify(data ?? text) ?? "";
      if (message.header.msg_type === "execute_input" || !shown.includes(answer)) return;
      if (++answers === times) setAnswered();
    };
    for (let i = 0; i < times; i++) {
      const from = performance.now();
      await this.client.execute(code, count);
      this.idleAt = performance.now();
      took.push(this.idleAt - from);
    }
    if (answers < times) await Promise.race([answered, expiry(BELATED_MS)]);
    assert.equal(answers, times, `${this.peer.name}: ${code} did not show ${answer} every time`);
    return took;
  }

  /** Resident memory of the kernel's process, and of all processes below it. */
  memory(): { own: number; children: number } {
    const [own, ...children] = familyOf(this.client.process.pid!);
    const sum = children.reduce((total, { megabytes }) => total + megabytes, 0);
    return { own: own?.megabytes ?? 0, children: sum };
  }

  async end(): Promise<void> {
    const { process: child } = this.client;
    const [, ...children] = familyOf(child.pid!);
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
    }
    for (const { pid } of children) killIfAlive(pid);
    this.client.close();
  }
}

/** Resolves after so many milliseconds. */
export async function expiry(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It went with its parent.
  }
}

/** Ports that are free now: for kernels that cannot choose their own. */
async function freePorts(): Promise<Record<PortName, number>> {
  const ports: [PortName, number][] = [];
  const servers = PORTS.map((name) => ({ name, server: createServer() }));
  for (const { name, server } of servers) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    ports.push([name, port]);
  }
  await Promise.all(servers.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(ports) as Record<PortName, number>;
}
