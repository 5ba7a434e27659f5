/** `gradbook run`: a notebook without Jupyter, and what can be wrong with it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const folder = mkdtempSync(join(tmpdir(), "gradbook-run-"));
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

function notebook(name: string, sources: readonly string[]): string {
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    id: `c${i}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  return write(name, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
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
