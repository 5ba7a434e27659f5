/** The main job as a person sees it: part 04 of the course, run from the menu of a real JupyterLab in real Chromium. */
import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { root } from "../../kernel/install/lab.ts";
import { chooseMenu, moveOnto, prompts, waitForAllCells } from "./jupyterlab.ts";
import { open, type Opened, pictures } from "./session.ts";
import { readImage, seenCurves, svgSources, watchCurves, type MovingFrame } from "./pictures.ts";

const NOTEBOOK = "04-gradient-descent.ipynb";
const WHOLE_RUN = 180_000;
let browser: Opened;
let frames: readonly MovingFrame[];

function figures(): Promise<Locator[]> {
  return browser.page.locator(".jp-CodeCell .jp-RenderedPlotly").all();
}

before(async () => {
  // A copy, so that the committed notebook is never written.
  browser = await open("course", (folder) => {
    cpSync(join(root, "notebooks"), folder, { recursive: true });
    return NOTEBOOK;
  });
  const { page } = browser;
  // The committed notebook has outputs; what is asserted below must not be those.
  await page.locator(".jp-OutputArea-output").first().waitFor();
  await chooseMenu(page, "Edit", "Clear Outputs of All Cells");
  await page.locator(".jp-OutputArea-output").first().waitFor({ state: "detached" });
  await watchCurves(page);
  await chooseMenu(page, "Run", "Run All Cells");
  await waitForAllCells(page, WHOLE_RUN);
  frames = await seenCurves(page);
});

after(async () => {
  const { page, errors, server } = browser;
  for (const [index, cell] of (await page.locator(".jp-Notebook .jp-Cell").all()).entries()) {
    await cell.screenshot({ path: join(pictures, `cell-${String(index).padStart(2, "0")}.png`) });
  }
  await page.screenshot({ path: join(pictures, "notebook-end.png") });
  writeFileSync(join(pictures, "browser-errors.txt"), errors.join("\n"));
  writeFileSync(join(pictures, "jupyter-server.log"), server.log());
  await browser.close();
});

void test("every cell ran and none shows an error", async () => {
  // JupyterLab shows an error message as it shows stderr.
  const errors = browser.page.locator(
    '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]',
  );
  assert.deepEqual(await errors.allTextContents(), []);
  const numbers = await prompts(browser.page);
  assert.deepEqual(
    numbers.filter((text) => !/^\[\d+\]:$/.test(text)),
    [],
  );
});

void test("the printed losses go down", async () => {
  const printed = browser.page.locator(
    '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stdout"]',
  );
  const series = (await printed.allTextContents())
    .map((text) =>
      [...text.matchAll(/loss\D*?(\d[\d.]*(?:e[-+]?\d+)?)/gi)].map((match) => Number(match[1])),
    )
    .filter((losses) => losses.length >= 3);
  assert.ok(series.length > 0, "no output has three losses");
  for (const losses of series) {
    assert.ok(
      (losses.at(-1) ?? Infinity) < (losses[0] ?? -Infinity),
      `losses do not go down: ${losses.join(", ")}`,
    );
  }
});

void test("before any hover each figure is a picture with something on it", async () => {
  const all = await figures();
  assert.ok(all.length >= 3, `${all.length} figures`);
  for (const [index, figure] of all.entries()) {
    await figure.scrollIntoViewIfNeeded();
    const image = figure.locator("img.plot-img");
    await image.waitFor({ state: "visible" });
    const { width, height, ink } = await readImage(image);
    assert.ok(width >= 300 && height >= 200, `figure ${index} is ${width} × ${height}`);
    assert.ok(ink > 0.005, `figure ${index} is blank: ${ink}`);
    await figure.screenshot({ path: join(pictures, `figure-${index}-before-hover.png`) });
  }
});

void test("after a hover each figure is drawn from real SVG traces", async () => {
  for (const [index, figure] of (await figures()).entries()) {
    await figure.scrollIntoViewIfNeeded();
    await moveOnto(browser.page, figure);
    const traces = figure.locator(".main-svg .cartesianlayer .mlayer path[d]");
    await traces.first().waitFor({ state: "attached" });
    const lengths = await traces.evaluateAll((paths) =>
      paths.map((path) => path.getAttribute("d")?.length ?? 0),
    );
    assert.ok(
      lengths.some((length) => length > 10),
      `figure ${index} has no drawn path`,
    );
    await figure.locator("img.plot-img").waitFor({ state: "hidden" });
    await figure.screenshot({ path: join(pictures, `figure-${index}-after-hover.png`) });
  }
});

void test("the computational graph is drawn with its operations", async () => {
  const graphs = (await svgSources(browser.page)).filter((svg) => /matmul|multiply|add/.test(svg));
  assert.ok(graphs.length > 0, "no SVG names an operation");
  const picture = browser.page.locator(".jp-RenderedSVG img").first();
  await picture.scrollIntoViewIfNeeded();
  assert.ok((await readImage(picture)).ink > 0.005, "the first SVG is blank");
  await picture.screenshot({ path: join(pictures, "graph.png") });
});

void test("a loss curve is seen at two lengths while its cell runs", () => {
  const lengths = new Map<number, Set<number>>();
  for (const { cell, running, paths } of frames) {
    if (running) lengths.set(cell, (lengths.get(cell) ?? new Set()).add(paths.length));
  }
  const most = Math.max(0, ...[...lengths.values()].map((seen) => seen.size));
  assert.ok(most >= 2, `at most ${most} states of a picture were seen while its cell ran`);
});

void test("the page's own console stays without errors", () => {
  assert.deepEqual(browser.errors, []);
});
