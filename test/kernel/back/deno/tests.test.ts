import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { makeTest } from "../../../../kernel/back/deno/tests.ts";
import { TestNotebook } from "../../notebook.ts";

/** Runs cells that may call `test` until there is a summary of LATE; returns what each has printed. */
async function printed(...cells: readonly string[]): Promise<string[]> {
  const notebook = new TestNotebook();
  const texts = cells.map(() => "");
  const { runs } = notebook;
  let ring = (): void => {};
  const rung = new Promise<void>((resolve) => (ring = resolve));
  const print = (_: string, text: string): void => {
    const plain = stripVTControlCharacters(text).replace(/\(\d+ms\)/g, "(ms)");
    texts[runs.speaker - 1] += plain;
    if (/later[^]*passed/.test(texts.join(""))) ring();
  };
  notebook.declare("test", makeTest({ runs, print, mainModule: "", traceback: () => [] }));
  for (const cell of cells) await notebook.run(cell);
  await rung;
  return texts;
}

const LATE = "setTimeout(() => { test('late', () => {}); test('later', () => {}) });";
const SUMMARY = "late ... ok (ms)\nlater ... ok (ms)\n\nok | 2 passed | 0 failed (ms)\n";

test("what a timer registers when its cell is over runs, and is printed under that cell", async () => {
  assert.deepEqual(await printed(LATE, "1"), [SUMMARY, ""]);
});

test("what the cell itself has registered ran before", async () => {
  const own = "own ... ok (ms)\n\nok | 1 passed | 0 failed (ms)\n";
  assert.deepEqual(await printed(`test('own', () => {}); ${LATE}`), [own + SUMMARY]);
});

test("what a cell that failed has registered does not run, what its timers register does", async () => {
  assert.deepEqual(await printed(`test('own', () => {}); ${LATE} throw new Error('no')`), [
    SUMMARY,
  ]);
});
