/** The drawing of a graph: nodes as boxes with text, edges as arrows. */
import type { Node } from "../graph/node.ts";
import { arialWidth } from "./arial.ts";
import type { Drawing, Edge, Place, Vertex } from "./layers.ts";
import { layered } from "./layers.ts";
import { CURVE_COLORS, FONT, FRAME, INK, tint } from "./look.ts";
import type { Annotations, Kind, Line } from "./nodetext.ts";
import { GRADIENT, kindOf, linesOf, VALUE, widthOf } from "./nodetext.ts";
import { documentOf, element, escaped, px } from "./svg.ts";

/** How the picture of a graph is drawn. */
export interface Look {
  readonly title?: string;
  /** Which way the edges go; downwards if the picture would else be wider than most notebooks. */
  readonly direction?: "right" | "down";
}

interface Style {
  readonly fill: string;
  readonly stroke: string;
  readonly rounding: number;
}

const BLUE = CURVE_COLORS[0];
const ORANGE = CURVE_COLORS[1];

const STYLES: Readonly<Record<Kind, Style>> = {
  placeholder: { fill: tint(BLUE, 0.12), stroke: BLUE, rounding: 18 },
  variable: { fill: tint(ORANGE, 0.16), stroke: ORANGE, rounding: 3 },
  constant: { fill: "#f1f4f7", stroke: FRAME, rounding: 3 },
  operation: { fill: "#ffffff", stroke: INK, rounding: 8 },
};

const EDGE = "#7b8794";
const LINE_HEIGHT = 17;
const MARGIN = 20;
const MANY_LAYERS = 8;
/** What a notebook beside a list of files has room for; JupyterLab does not shrink an SVG. */
const ROOM = 900;
// DejaVu Sans next to Arial: the widest of the fonts that usually stand in for it.
const WIDEST = 1.28;

function boxOf(lines: readonly Line[]): { width: number; height: number } {
  const widest = lines.reduce((most, line) => Math.max(most, widthOf(line)), 0);
  return { width: Math.max(56, widest + 26), height: lines.length * LINE_HEIGHT + 12 };
}

function drawNode(node: Node, lines: readonly Line[], x: number, y: number): string {
  const { fill, stroke, rounding } = STYLES[kindOf(node)];
  const { width, height } = boxOf(lines);
  const corner = { x: x - width / 2, y: y - height / 2, width, height, rx: rounding };
  const texts = lines.map((line, i) => {
    const { text, size, color, bold } = line;
    const baseline = y - height / 2 + 6 + LINE_HEIGHT * i + 13;
    const weight = bold === true ? "bold" : undefined;
    const style = {
      "font-size": size,
      fill: color,
      "font-weight": weight,
      "text-anchor": "middle",
      // Where no Arial is, the text would else cross the edges of a box that was made for it.
      textLength: widthOf(line),
      lengthAdjust: "spacingAndGlyphs",
    };
    return element("text", { x, y: baseline, ...style }, escaped(text));
  });
  const tip = element("title", {}, escaped(node.toString()));
  return element(
    "g",
    {},
    tip + element("rect", { ...corner, fill, stroke, "stroke-width": 1.5 }) + texts.join(""),
  );
}

/** A smooth path whose ends and bends all point along the direction of the edges. */
function pathThrough(
  places: readonly Place[],
  point: (along: number, across: number) => string,
): string {
  const [first, ...others] = places;
  if (first === undefined) return "";
  let path = `M${point(first.along, first.across)}`;
  let last = first;
  for (const next of others) {
    const middle = (last.along + next.along) / 2;
    path += `C${point(middle, last.across)} ${point(middle, next.across)} ${point(next.along, next.across)}`;
    last = next;
  }
  return path;
}

function edgePlaces(
  { from, to }: Edge,
  k: number,
  drawing: Drawing,
  vertices: readonly Vertex[],
): Place[] {
  const [start, end] = [drawing.centres[from], drawing.centres[to]];
  const out = { along: start.along + vertices[from].along / 2, across: start.across };
  const into = {
    along: end.along - vertices[to].along / 2 - 3,
    across: end.across + drawing.arrivals[k],
  };
  return [out, ...drawing.bends[k], into];
}

function legend({ values, gradients }: Annotations, y: number): string {
  const parts = [
    ...(values === undefined ? [] : [{ text: "= value", color: VALUE }]),
    ...(gradients === undefined
      ? []
      : [{ text: "∂ gradient of the result with respect to the node", color: GRADIENT }]),
  ];
  let x = MARGIN;
  return parts
    .map(({ text, color }) => {
      const at = x;
      x += widthOf({ text, size: 12, color }) + 24;
      return element("text", { x: at, y, "font-size": 12, fill: color }, escaped(text));
    })
    .join("");
}

const ARROW =
  `<defs><marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">` +
  `<path d="M0,0.5L7,4L0,7.5Z" fill="${EDGE}"/></marker></defs>`;

function edgesOf(nodes: readonly Node[]): Edge[] {
  const index = new Map(nodes.map((node, i) => [node, i]));
  return nodes.flatMap((node, to) =>
    node.inputs.map((input, port) => ({
      from: index.get(input)!,
      to,
      port,
      ports: node.inputs.length,
    })),
  );
}

function depth(count: number, edges: readonly Edge[]): number {
  const layer = Array<number>(count).fill(1);
  for (const { from, to } of edges) layer[to] = Math.max(layer[to], layer[from] + 1);
  return layer.reduce((a, b) => Math.max(a, b), 0);
}

function headline(title: string | undefined): string {
  const style = { "font-size": 16, "font-weight": "bold", fill: INK };
  return title === undefined ? "" : element("text", { x: MARGIN, y: 31, ...style }, escaped(title));
}

interface Laid {
  readonly width: number;
  readonly height: number;
  readonly content: string;
}

/** How large the picture is: its title and its legend are on it too. */
function sizeOf(
  { title, values, gradients }: Annotations & Look,
  [farX, farY]: readonly [number, number],
): { width: number; height: number } {
  const noted = values !== undefined || gradients !== undefined;
  const titled = title === undefined ? 0 : WIDEST * arialWidth(title, 16, "bold");
  const width = Math.max(farX, titled + MARGIN, noted ? 380 : 140) + MARGIN;
  return { width, height: farY + MARGIN + (noted ? 26 : 0) };
}

/** The nodes in layers, from left to right or from top to bottom. */
function laidOut(
  nodes: readonly Node[],
  edges: readonly Edge[],
  options: Annotations & Look,
  right: boolean,
): Laid {
  const lines = nodes.map((node) => linesOf(node, options));
  const vertices = lines
    .map(boxOf)
    .map(({ width, height }): Vertex =>
      right ? { along: width, across: height } : { along: height, across: width },
    );
  const drawing = layered(vertices, edges, right ? 52 : 40);
  const top = options.title === undefined ? MARGIN : MARGIN + 34;
  const position = (along: number, across: number): [number, number] =>
    right ? [MARGIN + along, top + across] : [MARGIN + across, top + along];
  const point = (along: number, across: number): string =>
    position(along, across).map(px).join(",");
  const paths = edges.map((edge, k) => {
    const d = pathThrough(edgePlaces(edge, k, drawing, vertices), point);
    const style = { fill: "none", stroke: EDGE, "stroke-width": 1.5 };
    return element("path", { d, ...style, "marker-end": "url(#arrow)" });
  });
  const boxes = nodes.map((node, i) => {
    const { along, across } = drawing.centres[i];
    return drawNode(node, lines[i], ...position(along, across));
  });
  const size = sizeOf(options, position(drawing.along, drawing.across));
  return { ...size, content: paths.join("") + boxes.join("") };
}

/** In the direction that was asked for, else to the right if that is narrow enough to be seen as a whole. */
function bestLaid(nodes: readonly Node[], options: Annotations & Look): Laid {
  const edges = edgesOf(nodes);
  const laid = (right: boolean): Laid => laidOut(nodes, edges, options, right);
  if (options.direction !== undefined) return laid(options.direction === "right");
  if (depth(nodes.length, edges) > MANY_LAYERS) return laid(false);
  const right = laid(true);
  if (right.width <= ROOM) return right;
  const down = laid(false);
  return down.width < right.width ? down : right;
}

/** The nodes as the text of an SVG image. */
export function graphSvg(nodes: readonly Node[], options: Annotations & Look): string {
  const { width, height, content } = bestLaid(nodes, options);
  const notes = headline(options.title) + legend(options, height - 12);
  return documentOf(width, height, FONT, ARROW + content + notes);
}
