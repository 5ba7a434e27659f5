/** A long session: the time of `1+1` at its start and behind a thousand cells, and the memory it takes. */
import { median, type Result, Tally } from "../harness.ts";
import type { Peer } from "../peers.ts";
import { Conversation, expiry } from "./conversation.ts";

const ROUNDS = 5;
const TRIVIAL_CELLS = 300;
const CELLS = 1000;
/** All kernels live at once, and take turns of so many cells. */
const TURN = 50;
/** A kernel that needs longer for a turn answers no more: tslab's publisher now and then stops behind some 500 messages. */
const TURN_PATIENCE_MS = 15_000;
/** What a kernel begins when it is idle is over by then: ours starts the engine of its types. */
const QUIET_AFTER_MS = 3500;
const TRIVIAL = { code: "1+1", answer: "2" };

type Figure =
  | "p50"
  | "p95"
  | "lateP50"
  | "lateP95"
  | "ratio"
  | "memory"
  | "lateMemory"
  | "children";

export async function measureCells(peers: readonly Peer[]): Promise<Result[]> {
  const tally = new Tally<Figure>();
  for (let round = 0; round < ROUNDS; round++) {
    const taking = peers.filter(({ isSlow }) => round === 0 || isSlow !== true);
    const sessions: LongSession[] = [];
    for (const peer of taking) sessions.push(await LongSession.begin(peer));
    const turns = async (cells: number, take: (session: LongSession) => Promise<void>) => {
      for (let turn = 0; turn < cells / TURN; turn++) {
        for (const session of sessions) await session.unlessStuck(() => take(session));
      }
    };
    await expiry(QUIET_AFTER_MS);
    for (const session of sessions) session.weighEarly();
    await turns(TRIVIAL_CELLS, (session) => session.early());
    await turns(CELLS - TRIVIAL_CELLS, (session) => session.between());
    await expiry(QUIET_AFTER_MS);
    for (const session of sessions) session.weighLate();
    await turns(TRIVIAL_CELLS, (session) => session.late());
    for (const session of sessions) tally.add(session.name, await session.end());
  }
  return resultsOf(tally);
}

class LongSession {
  readonly name: string;
  readonly #talk: Conversation;
  readonly #early: number[] = [];
  readonly #late: number[] = [];
  #cells = 0;
  #isStuck = false;
  #memory = 0;
  #lateMemory = { own: 0, children: 0 };

  private constructor(talk: Conversation) {
    this.#talk = talk;
    this.name = talk.peer.name;
  }

  static async begin(peer: Peer): Promise<LongSession> {
    const session = new LongSession(await Conversation.begin(peer));
    await session.#talk.ask(TRIVIAL);
    return session;
  }

  async unlessStuck(take: () => Promise<void>): Promise<void> {
    if (this.#isStuck) return;
    const given = expiry(TURN_PATIENCE_MS).then(() => "stuck");
    this.#isStuck = (await Promise.race([take(), given])) === "stuck";
    if (this.#isStuck) console.log(`  ${this.name} stops answering in its first ${CELLS} cells`);
  }

  async early(): Promise<void> {
    this.#early.push(...(await this.#talk.ask(TRIVIAL, TURN)));
  }

  async between(): Promise<void> {
    const { dialect } = this.#talk.peer;
    for (let i = 0; i < TURN; i++) await this.#talk.ask(dialect.cell(this.#cells++));
  }

  weighEarly(): void {
    this.#memory = this.#talk.memory().own;
  }

  weighLate(): void {
    this.#lateMemory = this.#talk.memory();
  }

  async late(): Promise<void> {
    this.#late.push(...(await this.#talk.ask(TRIVIAL, TURN)));
  }

  async end(): Promise<Partial<Record<Figure, number>>> {
    await this.#talk.end();
    const p50 = median(this.#early);
    const early = { p50, p95: percentile(this.#early, 0.95), memory: this.#memory };
    if (this.#isStuck) return early;
    const lateP50 = median(this.#late);
    return {
      ...early,
      lateP50,
      lateP95: percentile(this.#late, 0.95),
      ratio: lateP50 / p50,
      lateMemory: this.#lateMemory.own,
      children: this.#lateMemory.children,
    };
  }
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1];
}

function resultsOf(tally: Tally<Figure>): Result[] {
  const quick = [
    { against: "ijavascript", most: 0.7 },
    { against: "deno", most: 0.6 },
  ];
  const row = (claim: string, unit: string, figure: Figure, goals: Result["goals"] = []) => ({
    claim,
    unit,
    measurements: tally.of(figure),
    goals,
  });
  const after = `behind ${CELLS} cells`;
  return [
    row(`cell 1+1, request to idle, p50 of the first ${TRIVIAL_CELLS}`, "ms", "p50", quick),
    row(`cell 1+1, request to idle, p95 of the first ${TRIVIAL_CELLS}`, "ms", "p95", quick),
    row(`cell 1+1, request to idle, p50 ${after}`, "ms", "lateP50"),
    row(`cell 1+1, request to idle, p95 ${after}`, "ms", "lateP95"),
    row(`cell 1+1, p50 ${after} as a share of the first`, "×", "ratio", [
      { against: null, most: 1.2 },
    ]),
    row("memory of the kernel's process behind its first cell", "MB", "memory", [
      { against: null, most: 120 },
    ]),
    row(`memory of the kernel's process ${after}`, "MB", "lateMemory", [
      { against: null, most: 160 },
    ]),
    row(`memory of the processes below it ${after}`, "MB", "children"),
  ];
}
