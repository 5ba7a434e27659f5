/**
 * The conformance list (test/language) on our kernel and on others that run TypeScript: which rows hold, by construct.
 * `--kernel=name` plays it to one alone, `--verbose` says what the others showed; `--write` keeps what was
 * found and puts its tables into README.md and docs/language.md (npm run format aligns them).
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { removeFolder } from "../kernel/transport/folders.ts";
import { makeFolder, play } from "../test/language/play.ts";
import { type Row, titleOf } from "../test/language/row.ts";
import { tables } from "../test/language/tables.ts";
import { inRepository, machine, nodeMajor } from "./harness.ts";
import { Conversation } from "./kernel/conversation.ts";
import { type Conformance, KEPT, markdown, pagesOf } from "./language/page.ts";
import { kernels, type Peer } from "./peers.ts";

/** ipykernel speaks Python, and ijavascript no TypeScript. */
const CONTENDERS = ["gradbook, types on", "tslab", "deno"];
/** Deno now and then sends a value behind the idle; what tslab prints may come late. */
const BELATED_MS: Readonly<Record<string, number>> = { deno: 1000, tslab: 200 };
const PATIENCE_MS = 10_000;

/** By kernel, the rows that hold. */
type Results = ReadonlyMap<string, ReadonlySet<Row>>;

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split("=")[1];
const isVerbose = process.argv.includes("--verbose");
const only = option("kernel");

/** One kernel in a folder of its own: one that hangs or ends is started again for the next row. */
class Player {
  readonly #peer: Peer;
  readonly #folder = makeFolder();
  #conversation: Conversation | null = null;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /** Null where the row holds, else what was seen. */
  async play(row: Row): Promise<string | null> {
    const belatedMs = BELATED_MS[this.#peer.name] ?? 0;
    try {
      this.#conversation ??= await Conversation.begin(this.#peer, {
        notebook: join(this.#folder, "a.ipynb"),
        cwd: this.#folder,
      });
      const { client } = this.#conversation;
      const stage = { client, folder: this.#folder, belatedMs, patienceMs: PATIENCE_MS };
      return await play(row, stage);
    } catch (error) {
      await this.end();
      return error instanceof Error ? error.message : String(error);
    }
  }

  async end(): Promise<void> {
    const conversation = this.#conversation;
    this.#conversation = null;
    await conversation?.end();
  }

  async close(): Promise<void> {
    await this.end();
    removeFolder(this.#folder);
  }
}

async function heldBy(peer: Peer, rows: readonly Row[]): Promise<ReadonlySet<Row>> {
  const held = new Set<Row>();
  const from = performance.now();
  // What one construct did to a kernel is not to be another's loss.
  for (const group of groupedByConstruct(rows).values()) {
    const player = new Player(peer);
    for (const row of group) {
      const seen = await player.play(row);
      if (seen === null) held.add(row);
      else if (isVerbose || peer.name.startsWith("gradbook")) {
        console.log(`${peer.name}: ${titleOf(row)}\n    ${seen.slice(0, 400)}`);
      }
    }
    await player.close();
  }
  const seconds = ((performance.now() - from) / 1000).toFixed(0);
  console.log(`${peer.name}: ${held.size} of ${rows.length} rows hold (${seconds} s)`);
  return held;
}

function groupedByConstruct(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.construct, [...(groups.get(row.construct) ?? []), row]);
  return groups;
}

/** How many rows of each construct each kernel holds. */
function conformance(results: Results): Conformance[] {
  return Object.entries(tables).flatMap(([table, all]) =>
    [...groupedByConstruct(all)].map(([construct, group]) => {
      const held = [...results].map(([name, holding]): [string, number] => [
        name,
        group.filter((row) => holding.has(row)).length,
      ]);
      return { table, construct, rows: group.length, held: Object.fromEntries(held) };
    }),
  );
}

/** Keeps what was found, and puts it into the pages. */
function keep(found: readonly Conformance[]): void {
  writeFileSync(KEPT, `${JSON.stringify({ ...machine(), results: found }, undefined, 2)}\n`);
  for (const [file, text] of pagesOf(found)) writeFileSync(inRepository(file), text);
}

const rows = Object.values(tables).flat();
const wanted = CONTENDERS.filter((name) => only === undefined || name.split(",")[0] === only);
const peers = kernels().filter(({ name }) => wanted.includes(name));
if (peers.length === 0)
  throw new Error(`no kernel named ${only}; there are ${CONTENDERS.join(", ")}`);
// Nothing is timed: they may share the machine.
const held = await Promise.all(peers.map(async (peer) => heldBy(peer, rows)));
const results = new Map(
  peers.map(({ name }, i) => [name.split(",")[0] ?? name, held[i] ?? new Set<Row>()]),
);
const found = conformance(results);
console.log(
  `\nNode ${nodeMajor}\n\n${markdown(found, "construct")}\n\n${markdown(found, "table")}`,
);
if (process.argv.includes("--write") && only === undefined) keep(found);
process.exit();
