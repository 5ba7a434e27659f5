/** Much output, and a question, as a person in JupyterLab sees them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { cellAt, runCell, waitForIdle } from "./jupyterlab.ts";
import { openNew, type Opened, pictures } from "./session.ts";

const CELLS = [
  "for (let i = 0; i < 100_000; i++) console.log(`line ${i}`);",
  'const name = input("Who is there? ");\n`Hello, ${name}!`',
  'import { execSync } from "node:child_process";\nexecSync("echo a child speaks", { stdio: "inherit" });',
];

let browser: Opened;

before(async () => {
  browser = await openNew("output", CELLS);
});
after(async () => browser.close());

const cell = (index: number): Locator => cellAt(browser.page, index);
const run = (index: number): Promise<void> => runCell(browser.page, index);

test("100,000 lines stand under their cell, from the first to the last", async () => {
  await run(0);
  await cell(0).locator(".jp-InputArea-prompt", { hasText: "[1]:" }).waitFor();
  await waitForIdle(browser.page);
  const text = (await cell(0).locator(".jp-OutputArea-output").allTextContents()).join("");
  await browser.page.screenshot({ path: join(pictures, "hundred-thousand-lines.png") });
  const lines = text.trimEnd().split("\n");
  assert.equal(lines.length, 100_000);
  assert.equal(lines[0], "line 0");
  assert.equal(lines.at(-1), "line 99999");
});

test("a question has a box to answer it in", async () => {
  await run(1);
  const box = cell(1).locator("input.jp-Stdin-input");
  await box.waitFor();
  await box.fill("Ada");
  await browser.page.screenshot({ path: join(pictures, "question.png") });
  await box.press("Enter");
  await cell(1).locator(".jp-OutputArea-output", { hasText: "'Hello, Ada!'" }).waitFor();
});

test("a child with inherited output speaks under its cell", async () => {
  await run(2);
  await cell(2).locator(".jp-OutputArea-output", { hasText: "a child speaks" }).waitFor();
});
