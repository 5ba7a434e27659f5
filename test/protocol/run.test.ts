/** `gradbook run`: a notebook without Jupyter, and what can be wrong with it. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { removeFolder, temporaryFolder } from "../../kernel/transport/folders.ts";

const folder = temporaryFolder("gradbook-run-");
after(() => removeFolder(folder));
const cli = fileURLToPath(new URL("../../kernel/cli.js", import.meta.url));

interface Cell {
  readonly execution_count: number | null;
  readonly outputs: readonly Record<string, unknown>[];
}

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function notebook(name: string, sources: readonly string[], more: object = {}): string {
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    id: `c${i}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  return write(
    name,
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells, ...more }),
  );
}

function run(...args: string[]): { status: number | null; text: string } {
  const options = { encoding: "utf8", timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "run", ...args], options);
  return { status, text: stdout + stderr };
}

function cellsOf(path: string): readonly Cell[] {
  return (JSON.parse(readFileSync(path, "utf8")) as { cells: Cell[] }).cells;
}

test("outputs are written, late ones under their own cell, into a folder that is made", () => {
  const input = notebook("late.ipynb", [
    "setTimeout(() => console.log('late'), 20); 'now'",
    "await new Promise((r) => setTimeout(r, 200)); 6 * 7",
  ]);
  const output = join(folder, "new", "folder", "out.ipynb");
  const { status, text } = run(input, "--output", output);
  assert.equal(status, 0, text);
  assert.match(text, /2 cells in/);
  const [first, second] = cellsOf(output);
  assert.deepEqual(
    first?.outputs.map((entry) => entry["output_type"]),
    ["execute_result", "stream"],
  );
  assert.equal(second?.outputs.length, 1);
  assert.equal(second?.execution_count, 2);
});

test("a failing cell ends the run with exit code 1, and what was shown is written", () => {
  const input = notebook("bad.ipynb", ["1 + 1", "throw new Error('stop')", "3"]);
  const output = join(folder, "bad-out.ipynb");
  const { status, text } = run(input, "-o", output);
  assert.equal(status, 1);
  assert.match(text, /\[2\/3\] failed[^]*Error.*stop/);
  const cells = cellsOf(output);
  assert.equal(cells[1]?.outputs[0]?.["evalue"], "stop");
  assert.deepEqual(cells[2]?.outputs, []);
});

test("a kernel that is killed is the error of the cell that ran", () => {
  const input = notebook("killed.ipynb", ["1", "process.kill(process.pid, 'SIGKILL')", "3"]);
  const { status, text } = run(input, "--output", join(folder, "killed-out.ipynb"));
  assert.equal(status, 1);
  assert.match(text, /\[2\/3\] failed[^]*SIGKILL/);
});

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  test(`${signal} stops the running cell, and what was shown until then is written`, async () => {
    const input = notebook("stopped.ipynb", ["1 + 1", "console.log('began'); while (true);", "3"]);
    const child = spawn(process.execPath, [cli, "run", input, "--output", input]);
    let text = "";
    child.stdout.on("data", (part: Buffer) => (text += String(part)));
    child.stderr.on("data", (part: Buffer) => (text += String(part)));
    while (!text.includes("[1/3]")) await once(child.stdout, "data");
    child.kill(signal);
    const [status] = (await once(child, "exit")) as [number | null];
    assert.equal(status, code, text);
    assert.match(text, /\[2\/3\] stopped[^]*Stopped: 1 of 3 cells ran, 1 failed/);
    const [first, second, third] = cellsOf(input);
    assert.equal(first?.outputs.length, 1);
    assert.equal(second?.outputs.at(-1)?.["ename"], "Interrupted");
    assert.deepEqual(third?.outputs, []);
  });
}

test("a cell that takes longer than it may is stopped", () => {
  const input = notebook("slow.ipynb", ["await new Promise(() => {})", "2"]);
  const { status, text } = run(input, "--timeout", "0.3");
  assert.equal(status, 1);
  assert.match(text, /\[1\/2\] took too long/);
  assert.doesNotMatch(text, /\[2\/2\]/);
});

test("with errors allowed, and in cells tagged raises-exception, the run goes on", () => {
  const input = notebook("errors.ipynb", ["throw new Error('one')", "2"]);
  const { status, text } = run(input, "--allow-errors");
  assert.equal(status, 0, text);
  assert.match(text, /\[1\/2\] failed[^]*\[2\/2\] ok[^]*1 of 2 cells ran, 1 failed/);
  const cell = { cell_type: "code", metadata: { tags: ["raises-exception"] }, outputs: [] };
  const cells = [{ ...cell, execution_count: null, source: ["throw 1\n", "2"] }];
  const tagged = notebook("tagged.ipynb", [], { nbformat_minor: 0, cells });
  assert.equal(run(tagged, "-o", tagged).status, 0);
  assert.equal(cellsOf(tagged)[0]?.outputs[0]?.["output_type"], "error");
});

test("what is no code, is empty, or is to be skipped is kept as it is", () => {
  const old = [{ output_type: "stream", name: "stdout", text: ["old"] }];
  const code = { cell_type: "code", metadata: {}, execution_count: null, outputs: old };
  const cells = [
    { ...code, source: " \n" },
    { ...code, source: "throw 1", metadata: { tags: ["skip-execution"] } },
    { cell_type: "raw", metadata: { format: "text/html" }, source: ["<b>", "raw</b>"] },
    {
      cell_type: "markdown",
      metadata: {},
      source: "![a](attachment:a.png)",
      attachments: { "a.png": { "image/png": "aGk=" } },
    },
  ];
  const metadata = { title: "Mine", widgets: { "application/vnd.jupyter.widget-state+json": {} } };
  const input = notebook("kept.ipynb", [], { cells, metadata });
  const parse = (): { metadata: object } =>
    JSON.parse(readFileSync(input, "utf8")) as { metadata: object };
  const before = parse();
  assert.equal(run(input, "-o", input).status, 0);
  const { language_info, ...kept } = parse().metadata as { language_info: { name: string } };
  assert.equal(language_info.name, "typescript");
  assert.deepEqual({ ...parse(), metadata: kept }, before);
});

test("a question that nobody can answer is an error of its cell", () => {
  const { status, text } = run(notebook("asks.ipynb", ["input('Name? ')"]));
  assert.equal(status, 1);
  assert.match(text, /nobody can be asked/);
});

test("a byte order mark is no error", () => {
  const input = notebook("bom.ipynb", ["1"]);
  writeFileSync(input, `\uFEFF${readFileSync(input, "utf8")}`);
  assert.equal(run(input).status, 0);
});

const wrong: [title: string, args: () => string[], sentence: RegExp][] = [
  ["no file", () => [join(folder, "none.ipynb")], /there is no file/],
  ["a folder", () => [folder], /is a folder; name a notebook in it/],
  ["no JSON", () => [write("text.ipynb", "hello")], /is not JSON/],
  ["no notebook", () => [write("a.ipynb", "{}")], /is not a notebook of format 4/],
  [
    "another language",
    () => [
      write(
        "py.ipynb",
        JSON.stringify({
          nbformat: 4,
          metadata: { kernelspec: { language: "python" } },
          cells: [],
        }),
      ),
    ],
    /is written in python/,
  ],
  [
    "an output that is a folder",
    () => [notebook("o.ipynb", ["1"]), "--output", folder],
    /is a folder; name a file in it/,
  ],
  [
    "another language, told by its last kernel",
    () => [notebook("r.ipynb", [], { metadata: { language_info: { name: "R" } } })],
    /is written in R; this kernel runs TypeScript and JavaScript/,
  ],
  [
    "an older format",
    () => [write("old.ipynb", JSON.stringify({ nbformat: 3, worksheets: [] }))],
    /not a notebook of format 4 but of format 3; `jupyter nbconvert --to notebook`/,
  ],
  [
    "an option that is none",
    () => ["--outptu", "x"],
    /no option --outptu; did you mean --output\?/,
  ],
  ["an option without its value", () => ["a.ipynb", "--output"], /--output wants a value/],
  ["no time", () => ["a.ipynb", "--timeout", "soon"], /--timeout soon is not a number of seconds/],
  ["two notebooks", () => ["a.ipynb", "b.ipynb"], /name one notebook/],
];

for (const [title, args, sentence] of wrong) {
  test(`${title}: one sentence and a failing exit code`, () => {
    const { status, text } = run(...args());
    assert.notEqual(status, 0);
    assert.match(text, sentence);
    assert.doesNotMatch(text, /at .*node:/);
  });
}
