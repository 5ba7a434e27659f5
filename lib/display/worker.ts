/** The worker thread that turns figures and SVG into PNG; loads Plotly when the first figure arrives. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parentPort } from "node:worker_threads";
import type { Fonts } from "./measure.ts";
import { readFont } from "./font.ts";
import type { Page, StaticFigure } from "./page.ts";
import { openPage } from "./page.ts";
import { encodePng } from "./png.ts";

/** What is drawn: a Plotly figure, or vector graphics that are there already. */
export type Subject = { readonly figure: StaticFigure } | { readonly svg: string };

/** One request to the worker. */
export interface RasterRequest {
  readonly id: number;
  readonly subject: Subject;
}

/** The worker's answer: the picture in base64, or the message of the error for which there is none. */
export type RasterReply =
  | { readonly id: number; readonly png: string }
  | { readonly id: number; readonly reason: string };

interface Studio {
  readonly fonts: Fonts;
  readonly fontFiles: string[];
  readonly Resvg: typeof import("@resvg/resvg-js").Resvg;
}

async function openStudio(): Promise<Studio> {
  const require = createRequire(import.meta.url);
  const fontFiles = ["400Regular/Arimo_400Regular", "700Bold/Arimo_700Bold"].map((name) =>
    require.resolve(`@expo-google-fonts/arimo/${name}.ttf`),
  );
  const [regular, bold] = fontFiles.map((file) => readFont(readFileSync(file))) as [
    Fonts["regular"],
    Fonts["bold"],
  ];
  const fonts = { regular, bold };
  const { Resvg } = await import("@resvg/resvg-js");
  return { fonts, fontFiles, Resvg };
}

/** Whether a text in the SVG has a character for which our own font has no glyph (∇, emoji, other scripts). */
function needsSystemFonts(svg: string, fonts: Fonts): boolean {
  for (const character of svg) {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0x7e && fonts.regular.advance(code) === undefined) return true;
  }
  return false;
}

function paint(svg: string, { fonts, fontFiles, Resvg }: Studio): string {
  // Reading the system's fonts costs up to a second on some machines, and makes pictures differ between machines.
  const loadSystemFonts = needsSystemFonts(svg, fonts);
  const font = { fontFiles, loadSystemFonts, defaultFontFamily: "Arimo", sansSerifFamily: "Arimo" };
  const image = new Resvg(svg, { font, background: "#ffffff" }).render();
  return encodePng(image.pixels, image.width).toString("base64");
}

let studio: Promise<Studio> | undefined;
let page: Promise<Page> | undefined;

/** What makes the SVG of a subject, when all that it takes is open. */
async function drawingOf(subject: Subject, { fonts }: Studio): Promise<() => Promise<string>> {
  if ("svg" in subject) return async () => subject.svg;
  page ??= openPage(fonts);
  const { draw } = await page;
  return () => draw(subject.figure);
}

async function answer({ id, subject }: RasterRequest): Promise<RasterReply> {
  // A thread that cannot open what it draws with ends by that: the next figure finds a new one.
  studio ??= openStudio();
  const open = await studio;
  const draw = await drawingOf(subject, open);
  try {
    return { id, png: paint(await draw(), open) };
  } catch (error) {
    return { id, reason: error instanceof Error ? error.message : String(error) };
  }
}

// One after the other: Plotly's drawing of two figures must not interleave in one page.
let last: Promise<unknown> = Promise.resolve();

parentPort?.on("message", (request: RasterRequest) => {
  last = last.then(async () => parentPort?.postMessage(await answer(request)));
});
