/** Every notebook of the course, run by a real kernel: nothing fails, and the outputs are those that are committed. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../kernel/install/lab.ts";
import { DISPLAY_NAME, KERNEL_NAME } from "../../kernel/install/kernelspec.ts";
import { type Cell, type Output, readNotebook } from "../../kernel/run/notebook.ts";
import { runNotebook } from "../../kernel/run/run.ts";
import { differences } from "./compare.ts";

const folder = join(root, "notebooks");
const notebooks = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
const MEGABYTE = 2 ** 20;
/** Folders that only a particular machine has. */
const MACHINE = /(?<![\w.:/])\/(?:home|root|Users|tmp|work|mnt)\/\w|\b[A-Z]:\\\w/;

function codeCells(path: string): readonly Cell[] {
  return readNotebook(path).cells.filter((cell) => cell.cell_type === "code");
}

function outputsOf(cell: Cell): readonly Output[] {
  return cell.json["outputs"] as readonly Output[];
}

/** All that a cell shows, without the bytes of its pictures. */
function shownText(cell: Cell): string {
  return JSON.stringify(outputsOf(cell), (key, value: unknown) =>
    key === "image/png" ? "present" : value,
  );
}

void test("there are notebooks", () => {
  assert.ok(notebooks.length > 0, `no notebook in ${folder}`);
});

for (const name of notebooks) {
  void describe(name, () => {
    const committed = join(folder, name);
    let scratch: string;
    let fresh: string;
    let isFine: boolean;
    let report: readonly string[];

    before(async () => {
      scratch = mkdtempSync(join(tmpdir(), "gradbook-notebooks-"));
      fresh = join(scratch, name);
      const lines: string[] = [];
      report = lines;
      isFine = await runNotebook({
        notebook: committed,
        output: fresh,
        report: (line) => lines.push(line),
      });
    });

    after(() => rmSync(scratch, { recursive: true, force: true }));

    void test("runs without an error", () => {
      assert.ok(isFine, report.join("\n"));
      const errors = codeCells(fresh).flatMap((cell) =>
        outputsOf(cell).filter(
          ({ output_type, name: stream }) => output_type === "error" || stream === "stderr",
        ),
      );
      assert.deepEqual(errors, []);
    });

    void test("gives the outputs that are committed", () => {
      const now = codeCells(fresh);
      const found = codeCells(committed).flatMap((cell, i) =>
        differences(outputsOf(cell), now[i]?.json["outputs"], `cell ${String(cell.json["id"])}`),
      );
      assert.deepEqual(
        found.slice(0, 10),
        [],
        `${found.length} differences; run it again and look`,
      );
    });

    void test("is committed as executed once, from top to bottom", () => {
      const counts = codeCells(committed).map((cell) => cell.json["execution_count"]);
      assert.deepEqual(
        counts,
        counts.map((_, i) => i + 1),
      );
    });

    void test("names this kernel", () => {
      const metadata = readNotebook(committed).json["metadata"] as Record<string, unknown>;
      assert.deepEqual(metadata["kernelspec"], {
        display_name: DISPLAY_NAME,
        language: "typescript",
        name: KERNEL_NAME,
      });
    });

    void test("is smaller than a megabyte", () => {
      assert.ok(statSync(committed).size < MEGABYTE, `${statSync(committed).size} bytes`);
    });

    void test("shows no path of the machine it was run on", () => {
      for (const text of codeCells(committed).map(shownText)) {
        assert.doesNotMatch(text, MACHINE);
        for (const path of [root, homedir(), tmpdir()]) assert.ok(!text.includes(`${path}/`), path);
      }
    });
  });
}

const table = "loss 0.12345\n  x   2.8e-11  agrees";
const figure = { data: [{ type: "scatter", x: [1, 2.5] }] };

void test("what no run repeats is no difference", () => {
  const picture = (bytes: string): object => ({ "image/png": bytes.repeat(1001) });
  assert.deepEqual(differences(picture("a"), picture("b"), "cell"), []);
  assert.deepEqual(differences(table, "loss 0.12346\n  x  3.1e-9  agrees", "cell"), []);
  assert.deepEqual(differences(0.1 + 0.2, 0.3, "cell"), []);
});

void test("any other change of an output is a difference", () => {
  const changes: readonly [string, unknown, unknown][] = [
    ["a printed number", table, table.replace("0.12345", "0.12355")],
    ["a printed word", table, table.replace("agrees", "differs")],
    ["a whole number", "step 10", "step 11"],
    ["an error that grows", table, table.replace("2.8e-11", "2.8e-5")],
    ["a missing picture", { "image/png": "a".repeat(1001) }, {}],
    ["an empty picture", { "image/png": "a".repeat(1001) }, { "image/png": "" }],
    ["a mime type more", { "text/plain": "1" }, { "text/plain": "1", "text/html": "1" }],
    ["one output fewer", [table, table], [table]],
    ["one trace more", figure, { data: [...figure.data, ...figure.data] }],
    ["another coordinate", figure, { data: [{ type: "scatter", x: [1, 2.6] }] }],
    ["a gap in a curve", figure, { data: [{ type: "scatter", x: [1, null] }] }],
  ];
  for (const [what, committed, fresh] of changes) {
    assert.equal(differences(committed, fresh, "cell").length > 0, true, what);
  }
});
