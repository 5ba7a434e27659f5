/**
 * The conformance list (test/language) on our kernel and on others that run TypeScript: which rows hold, by construct.
 * `--kernel=name` plays it to one alone, `--verbose` says what the others showed; `--write` puts the tables into
 * README.md and docs/language.md.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, play } from "../test/language/play.ts";
import { type Row, titleOf } from "../test/language/row.ts";
import { tables } from "../test/language/tables.ts";
import { inRepository, nodeMajor } from "./harness.ts";
import { Conversation } from "./kernel/conversation.ts";
import { kernels, type Peer } from "./peers.ts";

/** ipykernel speaks Python, and ijavascript no TypeScript. */
const CONTENDERS = ["gradbook", "tslab", "deno"];
/** Deno now and then sends a value behind the idle. */
const BELATED_MS = 1000;
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
    const belatedMs = this.#peer.name === "gradbook" ? 0 : BELATED_MS;
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
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
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
      else if (isVerbose || peer.name === "gradbook") {
        console.log(`${peer.name}: ${titleOf(row)}\n    ${seen.slice(0, 400)}`);
      }
    }
    await player.close();
  }
  const seconds = ((performance.now() - from) / 1000).toFixed(0);
  console.log(`${peer.name}: ${held.size} of ${rows.length} rows hold (${seconds} s)`);
  return held;
}

/** A line for each group of rows, with all of them first. */
function markdown(groups: ReadonlyMap<string, readonly Row[]>, results: Results): string {
  const names = [...results.keys()];
  const held = (name: string, rows: readonly Row[]): string => {
    const count = rows.filter((row) => results.get(name)?.has(row)).length;
    return count === rows.length ? `${count}` : `${count} of ${rows.length}`;
  };
  const lines = [...groups].map(([group, rows]) => [
    group,
    ...names.map((name) => held(name, rows)),
  ]);
  const all = [...groups.values()].flat();
  const table = [
    ["rows that hold", ...names],
    ["---", ...names.map(() => "---")],
    ["**all**", ...names.map((name) => held(name, all))],
    ...lines,
  ];
  return table.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function groupedByConstruct(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.construct, [...(groups.get(row.construct) ?? []), row]);
  return groups;
}

/** Puts a table between its marks. */
function write(name: string, table: string): void {
  const file = inRepository(name);
  const text = readFileSync(file, "utf8");
  const [begin, end] = ["<!-- language -->", "<!-- /language -->"];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`${name} has no place for the table: ${begin} … ${end}`);
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`);
  console.log(`written into ${name}`);
}

const rows = Object.values(tables).flat();
const wanted = only === undefined ? CONTENDERS : [only];
const peers = kernels().filter(({ name }) => wanted.includes(name));
if (peers.length === 0)
  throw new Error(`no kernel named ${only}; there are ${CONTENDERS.join(", ")}`);
const results = new Map<string, ReadonlySet<Row>>();
for (const peer of peers) results.set(peer.name, await heldBy(peer, rows));
const byTable = markdown(new Map(Object.entries(tables)), results);
const byConstruct = markdown(groupedByConstruct(rows), results);
console.log(`\nNode ${nodeMajor}\n\n${byConstruct}\n\n${byTable}`);
if (process.argv.includes("--write")) {
  write("README.md", byTable);
  write("docs/language.md", byConstruct);
}
process.exit();
