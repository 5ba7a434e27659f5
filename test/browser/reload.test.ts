/** What a person finds who reloads the page while a cell runs, or while one asks. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { root } from "../../kernel/install/lab.ts";
import { cellAt, runCell, waitForIdle } from "./jupyterlab.ts";
import { openNew, type Opened, pictures } from "./session.ts";

const CELLS = [
  `import { existsSync } from "node:fs";
const picture = display("step 0");
console.log("before");
while (!existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 20));
picture.update("step 1");
console.log("after");
const done = 42;`,
  'const name = input("Who is there? ");',
  "done",
];

let browser: Opened;

before(async () => {
  browser = await openNew("reload", CELLS);
  browser.page.on("dialog", (dialog) => void dialog.accept());
});
after(async () => browser.close());

const cell = (index: number): Locator => cellAt(browser.page, index);
const run = (index: number): Promise<void> => runCell(browser.page, index);

async function save(): Promise<void> {
  await browser.page.keyboard.press("Escape");
  const saved = browser.page.waitForResponse((response) => response.request().method() === "PUT");
  await browser.page.keyboard.press("Control+s");
  await saved;
}

async function reload(): Promise<void> {
  await browser.page.reload();
  await cell(0).waitFor();
}

function status(state: string): Locator {
  const text = `TypeScript (gradbook) | ${state}`;
  return browser.page.locator(".jp-StatusBar-TextItem", { hasText: text });
}

const outputs = async (index: number): Promise<string> =>
  (await cell(index).locator(".jp-OutputArea-output").allTextContents()).join("");

async function valueOfDone(): Promise<string> {
  await run(2);
  await cell(2).locator(".jp-OutputArea-output").waitFor();
  return (await outputs(2)).trim();
}

test("a cell runs on through a reload: the page says busy, keeps what was saved, and reads its variables", async () => {
  await run(0);
  await cell(0).locator(".jp-OutputArea-output", { hasText: "before" }).waitFor();
  await save();
  await reload();
  await status("Busy").waitFor();
  writeFileSync(join(root, ".cache", "browser-reload", "go"), "");
  await waitForIdle(browser.page);
  assert.equal(await outputs(0), "'step 0'before\n");
  assert.equal(await valueOfDone(), "42");
});

test("a question that the reload took away ends its cell by itself", async () => {
  await run(1);
  await cell(1).locator("input.jp-Stdin-input").waitFor();
  await reload();
  await waitForIdle(browser.page);
  await browser.page.screenshot({ path: join(pictures, "reloaded-question.png") });
  assert.equal(await valueOfDone(), "42");
  await run(1);
  const box = cell(1).locator("input.jp-Stdin-input");
  await box.fill("Ada");
  await box.press("Enter");
  await waitForIdle(browser.page);
});
