/** What can be seen of the pictures in a notebook's outputs. */
import type { Locator, Page } from "playwright-core";
import type { PageCanvas, PageDocument, PageElement, PageObserver } from "./dom.ts";

declare const document: PageDocument;
declare const OffscreenCanvas: PageCanvas;
declare const MutationObserver: PageObserver;
declare const window: { movingCurves: MovingFrame[] };

/** How much there is on a picture. */
export interface Drawn {
  readonly width: number;
  readonly height: number;
  /** The share of pixels whose colour is not the top left corner's. */
  readonly ink: number;
}

/** Reads the pixels of an image element. */
export function readImage(image: Locator): Promise<Drawn> {
  return image.evaluate(async (node) => {
    const picture = node as unknown as PageElement;
    await picture.decode();
    const { naturalWidth: width, naturalHeight: height } = picture;
    const painter = new OffscreenCanvas(width, height).getContext("2d");
    painter.drawImage(picture, 0, 0);
    const pixels = new Uint32Array(painter.getImageData(0, 0, width, height).data.buffer);
    const ink = pixels.filter((pixel) => pixel !== pixels[0]).length / pixels.length;
    return { width, height, ink };
  });
}

/** The SVG source of each picture that JupyterLab shows for `image/svg+xml`. */
export async function svgSources(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll(".jp-RenderedSVG img")].map(({ src }) =>
      decodeURIComponent(src.slice(src.indexOf(",") + 1)),
    ),
  );
}

/** One state of an SVG output, seen at a moment of the run. */
export interface MovingFrame {
  /** Which code cell it is an output of. */
  readonly cell: number;
  /** Whether that cell was still running. */
  readonly running: boolean;
  /** The path data of all its lines. */
  readonly paths: string;
}

/** Begins to note every state of every SVG output, as the page shows it. */
export async function watchCurves(page: Page): Promise<void> {
  await page.evaluate(() => {
    const frames: MovingFrame[] = [];
    const note = (): void => {
      [...document.querySelectorAll(".jp-CodeCell")].forEach((element, cell) => {
        const running = element.querySelector(".jp-InputArea-prompt")?.textContent === "[*]:";
        for (const { src } of element.querySelectorAll(".jp-RenderedSVG img")) {
          const svg = decodeURIComponent(src.slice(src.indexOf(",") + 1));
          const paths = [...svg.matchAll(/ d="([^"]*)"/g)].map((match) => match[1]).join(" ");
          const known = frames.some(
            (frame) => frame.cell === cell && frame.paths === paths && frame.running === running,
          );
          if (!known) frames.push({ cell, running, paths });
        }
      });
    };
    window.movingCurves = frames;
    new MutationObserver(note).observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
    });
  });
}

/** All states noted since watchCurves. */
export function seenCurves(page: Page): Promise<MovingFrame[]> {
  return page.evaluate(() => window.movingCurves);
}
