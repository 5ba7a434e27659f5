/** What a person sees who presses Tab while a cell loops: completions, and a kernel that is still busy. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { chooseMenu, pressUntil, waitForIdle } from "./jupyterlab.ts";
import { openNew, type Opened, pictures } from "./session.ts";

const CELLS = ["const rows: any = [{ alpha: 1, beta: 2 }];", "while (true) {}", ""];

let browser: Opened;

before(async () => {
  browser = await openNew("busy", CELLS);
});
after(async () => browser.close());

function editor(index: number): Locator {
  return browser.page.locator(".jp-CodeCell .cm-content").nth(index);
}

function status(state: string): Locator {
  const text = `TypeScript (gradbook) | ${state}`;
  return browser.page.locator(".jp-StatusBar-TextItem", { hasText: text });
}

test("Tab during a loop shows completions, and the kernel stays busy", async () => {
  const { page } = browser;
  await editor(0).click();
  await page.keyboard.press("Shift+Enter");
  await page.locator(".jp-InputArea-prompt", { hasText: "[1]:" }).waitFor();
  await waitForIdle(page);
  await editor(1).click();
  await page.keyboard.press("Shift+Enter");
  await status("Busy").waitFor();
  await editor(2).click();
  await page.keyboard.type("rows[0].");
  await pressUntil(page, "Tab", page.locator(".jp-Completer-item"));
  const items = await page.locator(".jp-Completer-item .jp-Completer-match").allTextContents();
  await page.screenshot({ path: join(pictures, "completion-while-busy.png") });
  assert.deepEqual(items, ["alpha", "beta"]);
  await status("Busy").waitFor();
  const indicator = page.locator(".jp-Notebook-ExecutionIndicator").first();
  assert.equal(await indicator.getAttribute("data-status"), "busy");
});

test("the completion is written, and the loop stopped, state kept", async () => {
  const { page } = browser;
  await page.keyboard.press("Enter");
  await chooseMenu(page, "Kernel", "Interrupt Kernel");
  await waitForIdle(page);
  assert.equal(await editor(2).textContent(), "rows[0].alpha");
  await editor(2).click();
  await page.keyboard.press("Control+Enter");
  const result = page.locator(".jp-CodeCell").nth(2).locator(".jp-OutputArea-output");
  await result.waitFor();
  assert.equal((await result.textContent())?.trim(), "1");
});
