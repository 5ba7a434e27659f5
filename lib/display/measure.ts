/** Bounding boxes of SVG text in a page that has no layout: what Plotly asks a browser for. */
import type { Font } from "./font.ts";

/** The parts of a DOM element that measuring reads. */
export interface SvgElement {
  readonly tagName: string;
  readonly textContent: string | null;
  readonly parentElement: SvgElement | null;
  readonly children: Iterable<SvgElement>;
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly textContent: string | null }>;
  readonly style?: { readonly fontSize?: string; readonly fontWeight?: string };
  getAttribute(name: string): string | null;
}

/** A rectangle by its edges. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Fonts {
  readonly regular: Font;
  readonly bold: Font;
}

type Matrix = readonly [number, number, number, number, number, number];

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
const TEXT_NODE = 3;
// A typical glyph of a proportional font, for characters that only a fallback font has.
const UNKNOWN_ADVANCE = 0.6;
// Arial's ascent and descent, in units of the font size.
const ASCENT = 0.905;
const LINE = 1.117;

function multiply([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [
    a * g + c * h,
    b * g + d * h,
    a * i + c * j,
    b * i + d * j,
    a * k + c * l + e,
    b * k + d * l + f,
  ];
}

function transformStep(name: string, values: readonly number[]): Matrix {
  const [first = 0, second, third = 0] = values;
  if (name === "translate") return [1, 0, 0, 1, first, second ?? 0];
  if (name === "scale") return [first, 0, 0, second ?? first, 0, 0];
  if (name !== "rotate") return IDENTITY;
  const angle = (first * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const about: Matrix = [1, 0, 0, 1, second ?? 0, third];
  return multiply(multiply(about, [cos, sin, -sin, cos, 0, 0]), [
    1,
    0,
    0,
    1,
    -(second ?? 0),
    -third,
  ]);
}

function transformOf(element: SvgElement): Matrix {
  const steps = (element.getAttribute("transform") ?? "").matchAll(/(\w+)\s*\(([^)]*)\)/g);
  let matrix = IDENTITY;
  for (const [, name = "", list = ""] of steps) {
    const values = list.split(/[\s,]+/).filter((part) => part !== "");
    matrix = multiply(matrix, transformStep(name, values.map(Number)));
  }
  return matrix;
}

function transformed(box: Box, [a, b, c, d, e, f]: Matrix): Box {
  const corners = [box.left, box.right].flatMap((x) =>
    [box.top, box.bottom].map((y) => [a * x + c * y + e, b * x + d * y + f] as const),
  );
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  };
}

function union(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  return {
    left: Math.min(...boxes.map((box) => box.left)),
    top: Math.min(...boxes.map((box) => box.top)),
    right: Math.max(...boxes.map((box) => box.right)),
    bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

/** The nearest value of a style along the ancestors. */
function inherited(element: SvgElement, name: "fontSize" | "fontWeight"): string {
  for (let at: SvgElement | null = element; at !== null; at = at.parentElement) {
    const value = at.style?.[name];
    if (value !== undefined && value !== "" && !value.endsWith("%")) return value;
  }
  return "";
}

function advanceOf(text: string, font: Font): number {
  let sum = 0;
  for (const character of text) {
    sum += font.advance(character.codePointAt(0) ?? 0) ?? UNKNOWN_ADVANCE;
  }
  return sum;
}

/** The lines of one text element with their widths; Plotly puts each line of several into a `tspan.line`. */
function lineWidths(text: SvgElement, size: number, font: Font): readonly number[] {
  const lines = [...text.children].filter((child) => child.getAttribute("class") === "line");
  const whole = lines.length === 0 ? [text] : lines;
  return whole.map((line) => inlineWidth(line, size, font));
}

function inlineWidth(element: SvgElement, size: number, font: Font): number {
  let width = 0;
  for (const node of element.childNodes) {
    if (node.nodeType === TEXT_NODE) width += advanceOf(node.textContent ?? "", font) * size;
  }
  for (const child of element.children) {
    const own = child.style?.fontSize ?? "";
    const scale = own.endsWith("%") ? Number.parseFloat(own) / 100 : 1;
    width += inlineWidth(child, size * scale, font);
  }
  return width;
}

function textBox(text: SvgElement, fonts: Fonts): Box {
  const size = Number.parseFloat(inherited(text, "fontSize")) || 12;
  const weight = inherited(text, "fontWeight");
  const font = weight === "bold" || Number(weight) >= 600 ? fonts.bold : fonts.regular;
  const widths = lineWidths(text, size, font);
  const width = Math.max(...widths);
  const x = Number.parseFloat(text.getAttribute("x") ?? "0") || 0;
  const y = Number.parseFloat(text.getAttribute("y") ?? "0") || 0;
  const anchor = text.getAttribute("text-anchor");
  const left = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
  const top = y - ASCENT * size;
  return {
    left,
    top,
    right: left + width,
    bottom: top + size * (LINE + 1.3 * (widths.length - 1)),
  };
}

function rectBox(rect: SvgElement): Box {
  const [x, y, width, height] = ["x", "y", "width", "height"].map(
    (name) => Number.parseFloat(rect.getAttribute(name) ?? "0") || 0,
  ) as [number, number, number, number];
  return { left: x, top: y, right: x + width, bottom: y + height };
}

/** The box of an element in its own coordinates, as `getBBox` gives it; lines and curves are not measured. */
export function boxOf(element: SvgElement, fonts: Fonts): Box | undefined {
  if (element.tagName === "text") return textBox(element, fonts);
  if (element.tagName === "rect") return rectBox(element);
  const boxes = [...element.children].flatMap((child) => {
    const box = boxOf(child, fonts);
    return box === undefined ? [] : [transformed(box, transformOf(child))];
  });
  return union(boxes);
}

/** The box of an element on the page, as `getBoundingClientRect` gives it. */
export function boxOnPage(element: SvgElement, fonts: Fonts): Box | undefined {
  let box = boxOf(element, fonts);
  for (
    let at: SvgElement | null = element;
    box !== undefined && at !== null;
    at = at.parentElement
  ) {
    box = transformed(box, transformOf(at));
  }
  return box;
}
