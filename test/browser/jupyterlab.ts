/** A person's hands in JupyterLab: open a notebook, use the menus, wait until the kernel is idle. */
import {
  chromium,
  errors as failures,
  type BrowserContext,
  type Locator,
  type Page,
} from "playwright-core";
import { removeFolder, temporaryFolder } from "../../kernel/transport/folders.ts";
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
  const profile = temporaryFolder("gradbook-chromium-");
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
    removeFolder(profile);
  };
  return { page, errors, close };
}

/** A notebook of this kernel with the given cells, none of them run. */
export function newNotebook(sources: readonly string[]): object {
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    id: `cell-${i}`,
    source,
    metadata: {},
    outputs: [],
    execution_count: null,
  }));
  const kernelspec = { name: "gradbook", display_name: "gradbook", language: "typescript" };
  return { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells };
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

// Not hover(): it insists that what it moved onto stays there, and a figure's picture gives way to the drawing.
/** Moves the mouse from outside onto the middle of something that is in view. */
export async function moveOnto(page: Page, target: Locator): Promise<void> {
  const box = await target.boundingBox();
  if (box === null) throw new Error("There is nothing to move the mouse onto.");
  await page.mouse.move(0, 0);
  await page.mouse.move(box.x + Math.min(box.width, 400) / 2, box.y + box.height / 2, { steps: 3 });
}

// JupyterLab waits a second for a kernel's answer to Tab and shows nothing if it comes later, as on a busy machine.
/** Presses a key, again if need be, until what it opens is there. */
export async function pressUntil(page: Page, key: string, opened: Locator): Promise<void> {
  for (let left = 10; ; left--) {
    await page.keyboard.press(key);
    try {
      await opened.first().waitFor({ timeout: 5_000 });
      return;
    } catch (error) {
      if (!(error instanceof failures.TimeoutError) || left === 0) throw error;
    }
  }
}

/** What stands before each code cell: `[3]:` if it ran, `[*]:` while it waits or runs, `[ ]:` if it did not. */
export function prompts(page: Page): Promise<string[]> {
  return page.locator(".jp-CodeCell .jp-InputArea-prompt").allTextContents();
}

/** Said inside the page: some cell ran, none waits. After an error the cells behind it wait no more. */
function noCellWaits(): boolean {
  const cells = [...document.querySelectorAll(".jp-CodeCell .jp-InputArea-prompt")];
  const texts = cells.map((prompt) => prompt.textContent);
  return texts.some((text) => /^\[\d+\]:$/.test(text ?? "")) && !texts.includes("[*]:");
}

/** Waits until every cell that was asked to run has ended, and the kernel is idle. */
export async function waitForAllCells(page: Page, timeout: number): Promise<void> {
  await page.waitForFunction(noCellWaits, undefined, { timeout });
  await waitForIdle(page);
}

/** A code cell of the open notebook. */
export function cellAt(page: Page, index: number): Locator {
  return page.locator(".jp-CodeCell").nth(index);
}

/** Runs a cell as a person does, and does not wait for it. */
export async function runCell(page: Page, index: number): Promise<void> {
  await cellAt(page, index).locator(".cm-content").click();
  await page.keyboard.press("Control+Enter");
}
