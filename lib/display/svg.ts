/** Words of SVG: escaping and short numbers. */
import type { Displayable, MimeBundle } from "../core/mime.ts";
import { DISPLAY } from "../core/mime.ts";
import { rasterizer } from "./raster.ts";

/** A value that displays itself at once, as vector graphics. */
export interface SvgPicture extends Displayable {
  [DISPLAY](): MimeBundle;
}

/** A picture whose parts are made when it is shown. */
export function svgPicture(svg: () => string, text: () => string): SvgPicture {
  return { [DISPLAY]: () => ({ "image/svg+xml": svg(), "text/plain": text() }) };
}

/** Vector graphics with a PNG beside them: a notebook that is not trusted yet shows no SVG in JupyterLab. */
export class Drawing implements Displayable {
  /** The picture as the text of an SVG image. */
  readonly svg: () => string;
  /** What is shown where no picture can be. */
  readonly text: () => string;

  constructor(svg: () => string, text: () => string) {
    this.svg = svg;
    this.text = text;
  }

  async [DISPLAY](): Promise<MimeBundle> {
    const svg = this.svg();
    const raster = await rasterizer.draw({ svg });
    const vector = { "image/svg+xml": svg, "text/plain": this.text() };
    return "png" in raster ? { ...vector, "image/png": raster.png } : vector;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text as XML content or attribute value; characters that XML forbids are dropped. */
export function escaped(text: string): string {
  // XML 1.0, section 2.2: control characters and lone surrogates are not allowed, even escaped.
  // oxlint-disable-next-line no-control-regex
  const allowed = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu, "");
  return allowed.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A coordinate to a tenth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** An element with its attributes; content is markup. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  content = "",
): string {
  let tag = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined)
      tag += ` ${key}="${typeof value === "number" ? px(value) : escaped(value)}"`;
  }
  return content === "" ? `${tag}/>` : `${tag}>${content}</${name}>`;
}

/** A whole SVG document on white. */
export function documentOf(width: number, height: number, font: string, content: string): string {
  const size = `width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}"`;
  // Where a page holds the picture itself, not as an image, it shrinks with a narrow window.
  const style = `font-family="${escaped(font)}" font-size="13" style="max-width:100%;height:auto"`;
  const paper = `<rect width="${px(width)}" height="${px(height)}" fill="#ffffff"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${style}>${paper}${content}</svg>`;
}
