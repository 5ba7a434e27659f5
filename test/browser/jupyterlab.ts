/** A person's hands in JupyterLab: open a notebook, use the menus, wait until the kernel is idle. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import type { Server } from "../lab/server.ts";
import { ensureChromium } from "./chromium.ts";
import type { PageDocument } from "./dom.ts";

declare const document: PageDocument;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser window with a fresh profile. */
export interface Window {
  readonly page: Page;
  /** What the page wrote to the browser's console as errors, and what it threw. */
  readonly errors: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens Chromium with a profile of its own. */
export async function openWindow(): Promise<Window> {
  const profile = mkdtempSync(join(tmpdir(), "gradbook-chromium-"));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: await ensureChromium(),
    headless: true,
    args: FLAGS,
    viewport: { width: 1400, height: 1000 },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(60_000);
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => {
    errors.push(error.stack ?? error.message);
  });
  const close = async (): Promise<void> => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  return { page, errors, close };
}

/** Opens a notebook in JupyterLab and waits until its kernel is idle. */
export async function openNotebook(page: Page, server: Server, path: string): Promise<void> {
  await page.goto(`${server.url}lab/tree/${encodeURIComponent(path)}?token=${server.token}&reset`);
  await page.locator(".jp-NotebookPanel .jp-Notebook .jp-Cell").first().waitFor();
  await waitForIdle(page);
}

/** Chooses an entry of a menu of the menu bar. */
export async function chooseMenu(page: Page, menu: string, entry: string): Promise<void> {
  await page
    .locator("#jp-MainMenu .lm-MenuBar-itemLabel", { hasText: new RegExp(`^${menu}$`) })
    .click();
  await page.locator(".lm-Menu-itemLabel", { hasText: new RegExp(`^${entry}$`) }).click();
}

/** Waits until the status bar says that this kernel is connected and idle. */
export async function waitForIdle(page: Page): Promise<void> {
  await page
    .locator(".jp-StatusBar-TextItem", { hasText: "TypeScript (gradbook) | Idle" })
    .waitFor();
}

/** Said inside the page: every code cell has a number, which it gets when it has run. */
const everyCellRan = (): boolean => {
  const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputArea-prompt")].map(
    (prompt) => prompt.textContent,
  );
  return prompts.length > 0 && prompts.every((text) => /^\[\d+\]:$/.test(text ?? ""));
};

/** Waits until no code cell of the notebook waits or runs, and the kernel is idle. */
export async function waitForAllCells(page: Page, timeout: number): Promise<void> {
  await page.waitForFunction(everyCellRan, undefined, { timeout });
  await waitForIdle(page);
}
