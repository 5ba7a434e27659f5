/** History over sessions, in a real file, and what happens where there can be none. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { History } from "../../../kernel/front/history.ts";
import { openDatabase } from "../../../kernel/front/store/database.ts";
import { openSqliteStore } from "../../../kernel/front/store/sqlite.ts";
import { MAX_CHARACTERS, MAX_ENTRIES } from "../../../kernel/front/store/store.ts";
import { removeFolder, temporaryFolder } from "../../../kernel/transport/folders.ts";

const folder = temporaryFolder("gradbook-history-");
after(() => removeFolder(folder));
let files = 0;
const newFile = (): string => join(folder, `${files++}`, "history.sqlite");

/** Node 20 has no SQLite of its own, and a package that is optional may be missing. */
const probe = openDatabase(":memory:");
probe?.close();
const skip = probe === null ? "this Node has no SQLite, and libsql is not installed" : false;

interface Opened {
  readonly history: History;
  readonly logged: string[];
  /** Runs cells: what each gives is its source in capitals. */
  readonly run: (...sources: string[]) => void;
}

function open(path: string): Opened {
  const logged: string[] = [];
  const history = new History({
    open: async () => openSqliteStore(path, new Date(0)),
    log: (sentence) => logged.push(sentence),
  });
  const run = (...sources: string[]): void => {
    for (const source of sources) {
      history.add({ line: history.nextLine(), source, output: source.toUpperCase() });
    }
  };
  return { history, logged, run };
}

async function session(path: string, ...sources: string[]): Promise<void> {
  const { history, run, logged } = open(path);
  run(...sources);
  await history.close();
  assert.deepEqual(logged, []);
}

const find = { n: null, unique: false, withOutput: false } as const;

test(
  "sessions are numbered: 0 is the current one, -1 the one before, a positive number itself",
  { skip },
  async () => {
    const path = newFile();
    await session(path, "a1", "a2", "a3");
    await session(path, "b1");
    const { history, run } = open(path);
    run("c1", "c2");
    assert.deepEqual(await history.range(0, 1, null, false), [
      [3, 1, "c1"],
      [3, 2, "c2"],
    ]);
    assert.deepEqual(await history.range(-1, 0, null, true), [[2, 1, ["b1", "B1"]]]);
    assert.deepEqual(await history.range(-2, 2, 3, false), [[1, 2, "a2"]]);
    assert.deepEqual(await history.range(1, 3, null, false), [[1, 3, "a3"]]);
    assert.deepEqual(await history.range(-7, 0, null, false), []);
    assert.deepEqual(await history.range(99, 0, null, false), []);
    await history.close();
  },
);

test(
  "a tail and a search go back over sessions, and see cells that are not written yet",
  { skip },
  async () => {
    const path = newFile();
    await session(path, "x = 1", "y = 2");
    const { history, run } = open(path);
    run("x = 1", "z[0]");
    assert.deepEqual(await history.tail(3, false), [
      [1, 2, "y = 2"],
      [2, 1, "x = 1"],
      [2, 2, "z[0]"],
    ]);
    assert.deepEqual(await history.tail(0, false), []);
    assert.equal((await history.search("x*", find)).length, 2);
    assert.deepEqual(await history.search("x*", { ...find, unique: true }), [[2, 1, "x = 1"]]);
    assert.deepEqual(await history.search("?[0]", find), [[2, 2, "z[0]"]]);
    assert.deepEqual(await history.search("* = ?", { ...find, n: 1, withOutput: true }), [
      [2, 1, ["x = 1", "X = 1"]],
    ]);
    assert.deepEqual(await history.search("", find), []);
    await history.close();
  },
);

test("a glob: any text, one character however long in UTF-16, and no other sign is special", async () => {
  const history = new History();
  const source = "f(🎈, 'a.b[c]\n')";
  history.add({ line: 1, source, output: null });
  for (const [pattern, isFound] of [
    ["*", true],
    ["f(?, *", true],
    ["f(??, *", false],
    ["*a.b[c]*", true],
    ["*a.b[abc]*", false],
    ["**'*'**", true],
    ["*'a?b*\n*)", true],
    ["f", false],
    ["*f", false],
  ] as const) {
    assert.equal((await history.search(pattern, find)).length, isFound ? 1 : 0, pattern);
  }
  const stars = `${"*a".repeat(50)}*b`;
  history.add({ line: 2, source: "a".repeat(20_000), output: null });
  assert.deepEqual(await history.search(stars, find), []);
});

test("the oldest entries go when there are too many, or too much of them", { skip }, async () => {
  const path = newFile();
  const { history } = open(path);
  const long = "x".repeat(90_000);
  for (let i = 1; i <= 200; i++) history.add({ line: i, source: `${i} ${long}`, output: null });
  await history.close();
  const later = open(path).history;
  const kept = await later.range(-1, 0, null, false);
  const characters = kept.reduce((sum, row) => sum + String(row[2]).length, 0);
  assert.ok(characters <= MAX_CHARACTERS && characters > MAX_CHARACTERS / 2, `${characters}`);
  assert.equal(kept.at(-1)?.[1], 200);
  for (let i = 1; i <= MAX_ENTRIES; i++) later.add({ line: i, source: "s", output: null });
  assert.equal((await later.tail(20_000, false)).length, MAX_ENTRIES);
  await later.close();
  const size = statSync(path).size;
  assert.ok(size < 2 * MAX_CHARACTERS, `${size} bytes`);
});

test("in memory the bounds are the same", async () => {
  const history = new History();
  const long = "x".repeat(90_000);
  for (let i = 1; i <= 200; i++) history.add({ line: i, source: long, output: null });
  assert.equal((await history.tail(1000, false)).length, Math.floor(MAX_CHARACTERS / 90_000));
  for (let i = 0; i < MAX_ENTRIES + 10; i++) history.add({ line: i, source: "s", output: null });
  assert.equal((await history.tail(20_000, false)).length, MAX_ENTRIES);
});

test("a very long input is left out, a very long output shortened, colours are dropped", async () => {
  const history = new History();
  history.add({ line: 1, source: "x".repeat(200_000), output: null });
  history.add({ line: 2, source: "y", output: `\u001b[33m${"1".repeat(50_000)}\u001b[39m` });
  const [row, ...others] = await history.tail(5, true);
  assert.deepEqual(others, []);
  assert.deepEqual(row, [1, 2, ["y", `${"1".repeat(4000)}…`]]);
});

const hopeless: [what: string, prepare: (path: string) => void, reason: RegExp][] = [
  ["a file that is no database", (path) => writeFileSync(path, "x".repeat(5000)), /not a database/],
  ["a folder", (path) => mkdirSync(path), /EISDIR|directory/],
  [
    "a file of a later version",
    (path) => {
      const database = openDatabase(path);
      database?.exec("PRAGMA user_version = 99");
      database?.close();
    },
    /later version/,
  ],
  [
    "a file with other tables in it",
    (path) => {
      const database = openDatabase(path);
      database?.exec("CREATE TABLE cells (other INTEGER)");
      database?.close();
    },
    /./,
  ],
];

for (const [what, prepare, reason] of hopeless) {
  test(`${what}: history is in memory, with one line in the log`, { skip }, async () => {
    const path = newFile();
    mkdirSync(join(path, ".."), { recursive: true });
    prepare(path);
    const { history, run, logged } = open(path);
    run("a", "b");
    assert.deepEqual(await history.tail(5, false), [
      [1, 1, "a"],
      [1, 2, "b"],
    ]);
    run("c");
    assert.equal((await history.range(0, 0, null, false)).length, 3);
    await history.close();
    assert.equal(logged.length, 1, logged.join("\n"));
    assert.match(logged[0] ?? "", reason);
  });
}

/** Root may write everywhere: it is somebody else, who owns these files, until the test is over. */
function withoutRoot(t: TestContext, ...paths: readonly string[]): void {
  if (process.getuid?.() !== 0) return;
  for (const path of paths) chownSync(path, NOBODY, NOBODY);
  process.seteuid?.(NOBODY);
  t.after(() => process.seteuid?.(0));
}

const NOBODY = 65_534;

test("a file that cannot be written", { skip }, async (t) => {
  const path = newFile();
  await session(path, "a");
  chmodSync(path, 0o400);
  withoutRoot(t, folder, dirname(path), path);
  const { history, run, logged } = open(path);
  run("b");
  assert.equal((await history.tail(5, false)).length, 1);
  assert.equal(logged.length, 1);
});

test("a folder below a file", { skip }, async () => {
  const file = newFile();
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "");
  const { history, run, logged } = open(join(file, "x", "history.sqlite"));
  run("a");
  assert.deepEqual(await history.tail(5, false), [[1, 1, "a"]]);
  assert.equal(logged.length, 1);
});

test("a store that fails half-way: what this session wrote is still there", { skip }, async () => {
  const path = newFile();
  const { history, run, logged } = open(path);
  run("a");
  assert.equal((await history.tail(5, false)).length, 1);
  const other = openDatabase(path);
  other?.exec(
    "CREATE TRIGGER full BEFORE INSERT ON cells BEGIN SELECT RAISE(ABORT, 'disk full'); END",
  );
  other?.close();
  run("b");
  assert.deepEqual(await history.tail(5, false), [
    [1, 1, "a"],
    [1, 2, "b"],
  ]);
  run("c");
  assert.equal((await history.range(0, 0, null, false)).length, 3);
  assert.match(logged.join("\n"), /^history is kept in memory only: .*disk full$/);
  await history.close();
});

test(
  "a file that is locked for a moment is written later, and nothing is lost or said",
  { skip },
  async () => {
    const path = newFile();
    const { history, run, logged } = open(path);
    run("a");
    await history.tail(1, false);
    const other = openDatabase(path);
    other?.exec("BEGIN IMMEDIATE");
    run("b");
    assert.equal((await history.tail(5, false)).length, 2);
    other?.exec("COMMIT");
    other?.close();
    await history.close();
    assert.deepEqual(logged, []);
    assert.deepEqual(await open(path).history.range(1, 0, null, false), [
      [1, 1, "a"],
      [1, 2, "b"],
    ]);
  },
);

test("a file that stays locked is given up, with one line in the log", { skip }, async () => {
  const path = newFile();
  await session(path, "old");
  const other = openDatabase(path);
  other?.exec("BEGIN IMMEDIATE");
  const { history, run, logged } = open(path);
  run("a");
  for (let i = 0; i < 12; i++) assert.equal((await history.tail(1, false)).length, 1);
  assert.equal(logged.length, 1);
  assert.match(logged[0] ?? "", /locked/);
  other?.exec("COMMIT");
  other?.close();
  await history.close();
});

test("what was typed is for its user alone", { skip }, async (t) => {
  if (process.platform === "win32") return t.skip("Windows has other permissions");
  const path = newFile();
  await session(path, "a");
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

const WRITER = `
  const { History } = await import(process.argv[1]);
  const { openSqliteStore } = await import(process.argv[2]);
  const logged = [];
  const history = new History({
    open: async () => openSqliteStore(process.argv[3], new Date()),
    log: (sentence) => logged.push(sentence),
  });
  for (let i = 1; i <= 100; i++) {
    history.add({ line: history.nextLine(), source: "cell " + i, output: null });
    if (i % 5 === 0) await history.tail(1, false);
  }
  await history.close();
  if (logged.length > 0) throw new Error(logged.join());
`;
const module = (path: string): string =>
  fileURLToPath(new URL(`../../../kernel/front/${path}`, import.meta.url));
const writer = (path: string): string[] => [
  "--input-type=module",
  "-e",
  WRITER,
  module("history.js"),
  module("store/sqlite.js"),
  path,
];

test(
  "several processes write at once: every cell of each arrives, under its own session",
  { skip },
  async () => {
    const path = newFile();
    const writers = Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, writer(path), { stdio: "inherit" });
      return new Promise((resolve) => child.once("exit", resolve));
    });
    assert.deepEqual(await Promise.all(writers), [0, 0, 0, 0]);
    const { history } = open(path);
    const rows = await history.tail(1000, false);
    assert.equal(rows.length, 400);
    for (let number = 1; number <= 4; number++) {
      const lines = rows.filter(([of]) => of === number).map(([, line]) => line);
      assert.deepEqual(
        lines,
        Array.from({ length: 100 }, (_, i) => i + 1),
      );
    }
    await history.close();
  },
);

test("SQLite says nothing on stderr, not even that it is experimental", { skip }, () => {
  const { status, stderr } = spawnSync(process.execPath, writer(newFile()), { encoding: "utf8" });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
});
