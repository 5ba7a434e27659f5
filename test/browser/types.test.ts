/** Types as a person in JupyterLab meets them: a refused cell, a list behind Tab, help behind Shift-Tab, magics. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { cellAt, runCell, pressUntil } from "./jupyterlab.ts";
import { openNew, type Opened, pictures } from "./session.ts";

const CELLS = [
  'interface Sample { readonly x: number; readonly label?: string }\nconst samples: Sample[] = [{ x: 1, label: "one" }];\nsamples.length',
  "const first = samples[0];\nfirst.label.length;\nfrist.x",
  "samples[0].",
  "!echo the shell speaks\n%who",
  "placeholder({ shape: [null, 2] }).matmul(placeholder({ shape: [3, 4] }))",
];

let browser: Opened;

before(async () => {
  browser = await openNew("types", CELLS);
});
after(async () => browser.close());

const cell = (index: number): Locator => cellAt(browser.page, index);

async function run(index: number): Promise<void> {
  await runCell(browser.page, index);
  await cell(index)
    .locator(".jp-InputArea-prompt", { hasText: /\[\d+\]:/ })
    .waitFor();
}

test("a cell with mistakes does not run, and its report says the way out", async () => {
  await run(0);
  await cell(0).locator(".jp-OutputArea-output", { hasText: "1" }).waitFor();
  await run(1);
  const report = cell(1).locator(".jp-OutputArea-output", { hasText: "TypeScriptError" });
  await report.waitFor();
  const text = (await report.textContent()) ?? "";
  assert.match(text, /'first\.label' is possibly 'undefined'/);
  assert.match(text, /Cannot find name 'frist'/);
  assert.match(text, /Did you mean 'first'/);
  await browser.page.screenshot({ path: join(pictures, "type-error.png") });
});

test("Tab behind a dot lists the members of the type", async () => {
  await cell(2).locator(".cm-content").click();
  await browser.page.keyboard.press("Control+End");
  const item = browser.page.locator(".jp-Completer-item", { hasText: "label" });
  await pressUntil(browser.page, "Tab", item);
  await browser.page.screenshot({ path: join(pictures, "members.png") });
  await item.click();
  await cell(2).locator(".cm-content", { hasText: "samples[0].label" }).waitFor();
});

test("Shift-Tab shows the declaration of a name", async () => {
  await cell(4).locator(".cm-content").click();
  await browser.page.keyboard.press("Control+Home");
  await browser.page.keyboard.press("ArrowRight");
  const tooltip = browser.page.locator(".jp-Tooltip", { hasText: "placeholder" });
  await pressUntil(browser.page, "Shift+Tab", tooltip);
  await browser.page.screenshot({ path: join(pictures, "inspection.png") });
  await browser.page.keyboard.press("Escape");
});

test("magics run among code", async () => {
  await run(3);
  await cell(3).locator(".jp-OutputArea-output", { hasText: "the shell speaks" }).waitFor();
  await cell(3).locator(".jp-OutputArea-output", { hasText: "samples" }).waitFor();
});

test("shapes that do not fit are refused before the cell runs", async () => {
  await run(4);
  await cell(4)
    .locator(".jp-OutputArea-output", { hasText: "inner sizes 2 and 3 differ" })
    .waitFor();
  await browser.page.screenshot({ path: join(pictures, "shape-error.png") });
});
