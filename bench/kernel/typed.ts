/** Cells with types in a notebook that grows, the kernels taking turns. */
import { median, type Result, Tally } from "../harness.ts";
import type { Question } from "../dialects.ts";
import type { Peer } from "../peers.ts";
import { Conversation, expiry } from "./conversation.ts";

const SIZES = [0, 300, 1000] as const;
/** At each size so many of each kind of cell are measured, in turns of so many. */
const CELLS = 40;
const TURN = 10;
const QUIET_AFTER_MS = 3500;
/** tslab now and then does not say that a cell is over: then it is started anew, so often. */
const PATIENCE_MS = 8000;
const STARTS = 6;
const TRIVIAL: Question = { code: "1+1", answer: "2" };

type Kind = "typed" | "trivial" | "completion" | "engine";
type Figure = `${Kind}${number}`;

export async function measureTyped(peers: readonly Peer[]): Promise<Result[]> {
  const tally = new Tally<Figure>();
  const sessions: Session[] = [];
  for (const peer of peers) sessions.push(await Session.begin(peer));
  const inTurns = async (take: (session: Session) => Promise<void>): Promise<void> => {
    for (let turn = 0; turn < CELLS / TURN; turn++) {
      for (const session of sessions) await take(session);
    }
  };
  await expiry(QUIET_AFTER_MS);
  for (const size of SIZES) {
    for (const session of sessions) await session.growTo(size);
    await expiry(QUIET_AFTER_MS);
    await inTurns(async (session) => session.typed(size));
    await inTurns(async (session) => session.trivial(size));
    await inTurns(async (session) => session.complete(size));
    for (const session of sessions) session.weigh(size);
  }
  for (const session of sessions) tally.add(session.name, await session.end());
  return resultsOf(tally);
}

class Session {
  readonly name: string;
  #talk: Conversation;
  readonly #times = new Map<Figure, number[]>();
  #cells = 0;
  #typed = 0;
  #starts = 1;
  /** Whether it got stuck too often to be measured any further. */
  #isGone = false;

  private constructor(talk: Conversation) {
    this.#talk = talk;
    this.name = talk.peer.name;
  }

  static async begin(peer: Peer): Promise<Session> {
    const session = new Session(await Conversation.begin(peer));
    await session.#patiently(async () => void (await session.#talk.ask(TRIVIAL)));
    return session;
  }

  async growTo(size: number): Promise<void> {
    const { dialect } = this.#talk.peer;
    while (this.#cells < size && !this.#isGone) {
      await this.#patiently(async () => {
        await this.#talk.ask(dialect.cell(this.#cells));
        this.#cells++;
      });
    }
  }

  async typed(size: number): Promise<void> {
    await this.#patiently(async () => {
      for (let i = 0; i < TURN; i++)
        this.#note(`typed${size}`, await this.#talk.ask(typedCell(this.#typed++)));
    });
  }

  async trivial(size: number): Promise<void> {
    await this.#patiently(async () =>
      this.#note(`trivial${size}`, await this.#talk.ask(TRIVIAL, TURN)),
    );
  }

  /** A list with the declarations and the documentation of what is in it, as far as the kernel gives them. */
  async complete(size: number): Promise<void> {
    const code = `const shown = "text";\nshown.toU`;
    await this.#patiently(async () => {
      for (let i = 0; i < TURN; i++) {
        const from = performance.now();
        const reply = await this.#talk.client.request(
          "complete_request",
          { code, cursor_pos: code.length },
          { untilIdle: false },
        );
        this.#note(`completion${size}`, [performance.now() - from]);
        const matches = reply.content["matches"] as readonly string[] | undefined;
        if (this.name === "gradbook" && matches?.includes("toUpperCase") !== true) {
          throw new Error(`gradbook does not complete toUpperCase but ${matches?.join()}`);
        }
      }
    });
  }

  weigh(size: number): void {
    if (this.#isGone) return;
    const { own, children } = this.#talk.memory();
    // tslab checks in its own process, or in one below it.
    this.#note(`engine${size}`, [this.name.startsWith("gradbook") ? children : own + children]);
  }

  async end(): Promise<Partial<Record<Figure, number>>> {
    if (!this.#isGone) await this.#talk.end();
    return Object.fromEntries([...this.#times].map(([figure, times]) => [figure, median(times)]));
  }

  /** Does a step, or starts the kernel anew where it does not get to the end of it. */
  async #patiently(step: () => Promise<void>): Promise<void> {
    if (this.#isGone) return;
    const done = step().then(() => "done");
    const outcome = await Promise.race([done, expiry(PATIENCE_MS).then(() => "stuck")]);
    if (outcome === "done") return;
    done.catch(() => "it is killed, and its request rejected");
    await this.#startAnew();
  }

  async #startAnew(): Promise<void> {
    const { peer } = this.#talk;
    this.#isGone = ++this.#starts > STARTS;
    console.log(
      `  ${peer.name} is stuck ${this.#isGone ? "once more, and left" : "and started anew"}`,
    );
    await this.#talk.end();
    if (this.#isGone) return;
    const talk = await Conversation.begin(peer).catch(() => null);
    if (talk === null) return this.#startAnew();
    this.#talk = talk;
    const wanted = this.#cells;
    this.#cells = 0;
    await this.growTo(wanted);
  }

  #note(figure: Figure, times: readonly number[]): void {
    this.#times.set(figure, [...(this.#times.get(figure) ?? []), ...times]);
  }
}

/** A small function with types of its own, over a name that every notebook has. */
function typedCell(i: number): Question {
  return {
    code: `\
interface Row${i} { readonly id: number; readonly name: string }
function total${i}(rows: readonly Row${i}[], scale = 1): number {
  return rows.map((row) => row.id * scale).reduce((sum, id) => sum + id, 0);
}
total${i}([{ id: ${i}, name: "a" }])`,
    answer: String(i),
  };
}

function resultsOf(tally: Tally<Figure>): Result[] {
  const most: Readonly<Record<number, number>> = { 0: 8, 300: 18, 1000: 25 };
  const rows = SIZES.flatMap((size): Result[] => [
    {
      claim: `new typed function, p50 behind ${size} cells`,
      unit: "ms",
      measurements: ownFirst(tally.of(`typed${size}`)),
      goals: [{ against: null, most: most[size] ?? 0 }],
    },
    {
      claim: `cell 1+1, p50 behind ${size} cells; ours with types and without`,
      unit: "ms",
      measurements: ownFirst(tally.of(`trivial${size}`)),
    },
  ]);
  const largest = SIZES[SIZES.length - 1];
  return [
    ...rows,
    {
      claim: `completion with declarations, p50 behind ${largest} cells`,
      unit: "ms",
      measurements: ownFirst(tally.of(`completion${largest}`)),
      goals: [{ against: null, most: 10 }],
    },
    {
      claim: `memory of what knows types behind ${largest} cells (of the others all there is)`,
      unit: "MB",
      measurements: ownFirst(tally.of(`engine${largest}`)),
      goals: [{ against: null, most: 250 }],
    },
  ];
}

/** Goals are those of the first: here the one that checks. */
function ownFirst(measurements: Result["measurements"]): Result["measurements"] {
  return measurements.toSorted(
    (a, b) => Number(b.name === "gradbook, types on") - Number(a.name === "gradbook, types on"),
  );
}
