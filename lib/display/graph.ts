/** A computational graph as a picture: its nodes in layers, from what goes in to what comes out. */
import { show } from "../core/shape.ts";
import { Node, topologicalOrder } from "../graph/node.ts";
import { textOf } from "../graph/print.ts";
import type { Drawing, Edge, Place, Vertex } from "./layers.ts";
import { layered } from "./layers.ts";
import { CURVE_COLORS, FONT, FRAME, INK, SOFT_INK, tint } from "./look.ts";
import { described, flat } from "./numbers.ts";
import type { SvgPicture } from "./svg.ts";
import { documentOf, element, escaped, px, svgPicture } from "./svg.ts";

export interface GraphOptions {
  readonly title?: string;
  /** Which way the edges go; downwards if there are many layers. */
  readonly direction?: "right" | "down";
  /** What nodes are worth in some run. */
  readonly values?: ReadonlyMap<Node, unknown>;
  /** The gradient of the result with respect to nodes. */
  readonly gradients?: ReadonlyMap<Node, unknown>;
  /** The most nodes that are drawn. */
  readonly limit?: number;
}

type Kind = "placeholder" | "variable" | "constant" | "operation";

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

const VALUE = CURVE_COLORS[2];
const GRADIENT = CURVE_COLORS[3];
const EDGE = "#7b8794";
const LINE_HEIGHT = 17;
const MARGIN = 20;
const MANY_LAYERS = 8;

/** One line of text in a node's box. */
interface Line {
  readonly text: string;
  readonly size: number;
  readonly color: string;
  readonly bold?: true;
}

function kindOf(node: Node): Kind {
  const { name } = node.op;
  return name === "placeholder" || name === "variable" || name === "constant" ? name : "operation";
}

function short(value: number): string {
  const text = Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
  return text.replaceAll("-", "−");
}

/** A value in a few characters: all numbers of a small tensor, the first ones of a larger. */
export function inBrief(value: unknown, what: string): string {
  const { shape, data } = flat(value, what);
  if (data.length > 6) return `[${data.slice(0, 3).map(short).join(", ")}, …]`;
  const nest = (from: number, sizes: readonly number[]): string => {
    const [count, ...inner] = sizes;
    if (count === undefined) return short(data[from] ?? Number.NaN);
    const step = inner.reduce((a, b) => a * b, 1);
    return `[${Array.from({ length: count }, (_, i) => nest(from + i * step, inner)).join(", ")}]`;
  };
  return nest(0, shape);
}

/** Whether a node was named by its maker, not numbered after its op. */
function isNamed({ name, op }: Node): boolean {
  return (
    name !== op.name &&
    !(name.startsWith(`${op.name}_`) && /^\d+$/.test(name.slice(op.name.length + 1)))
  );
}

/** What a node is called, and what is said of it in small print. */
function namesOf(node: Node): { title: string; under: string } {
  const kind = kindOf(node);
  const shape = show(node.shape);
  if (kind === "operation") {
    return { title: isNamed(node) ? `${node.name} = ${node.op.name}` : node.op.name, under: shape };
  }
  if (kind === "constant" && "value" in node && !isNamed(node)) {
    return { title: inBrief(node.value, node.name), under: `constant ${shape}` };
  }
  return { title: node.name, under: `${kind} ${shape}` };
}

function linesOf(node: Node, { values, gradients }: GraphOptions): Line[] {
  const { title, under } = namesOf(node);
  const lines: Line[] = [
    { text: title, size: 14, color: INK, bold: true },
    { text: under, size: 11, color: SOFT_INK },
  ];
  if (values?.has(node) === true) {
    const text = `= ${inBrief(values.get(node), `the value of ${node.name}`)}`;
    lines.push({ text, size: 13, color: VALUE, bold: true });
  }
  if (gradients?.has(node) === true) {
    const text = `∂ ${inBrief(gradients.get(node), `the gradient of ${node.name}`)}`;
    lines.push({ text, size: 13, color: GRADIENT, bold: true });
  }
  return lines;
}

/** About how wide a text is in Arial: close enough for a box with padding. */
function widthOf({ text, size, bold }: Line): number {
  let units = 0;
  for (const character of text) {
    units += /[ijl.,:;|!'()[\] ft]/.test(character)
      ? 0.32
      : /[mwMW%@]/.test(character)
        ? 0.88
        : 0.58;
  }
  return units * size * (bold === true ? 1.06 : 1);
}

function boxOf(lines: readonly Line[]): { width: number; height: number } {
  const widest = lines.reduce((most, line) => Math.max(most, widthOf(line)), 0);
  return { width: Math.max(56, widest + 24), height: lines.length * LINE_HEIGHT + 12 };
}

function drawNode(node: Node, lines: readonly Line[], x: number, y: number): string {
  const { fill, stroke, rounding } = STYLES[kindOf(node)];
  const { width, height } = boxOf(lines);
  const corner = { x: x - width / 2, y: y - height / 2, width, height, rx: rounding };
  const texts = lines.map(({ text, size, color, bold }, i) => {
    const baseline = y - height / 2 + 6 + LINE_HEIGHT * i + 13;
    const weight = bold === true ? "bold" : undefined;
    const style = {
      "font-size": size,
      fill: color,
      "font-weight": weight,
      "text-anchor": "middle",
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

function legend({ values, gradients }: GraphOptions, y: number): string {
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

/** The nodes as the text of an SVG image. */
export function graphSvg(nodes: readonly Node[], options: GraphOptions): string {
  const edges = edgesOf(nodes);
  const right =
    (options.direction ?? (depth(nodes.length, edges) > MANY_LAYERS ? "down" : "right")) ===
    "right";
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
    return element("path", {
      d,
      fill: "none",
      stroke: EDGE,
      "stroke-width": 1.5,
      "marker-end": "url(#arrow)",
    });
  });
  const boxes = nodes.map((node, i) => {
    const { along, across } = drawing.centres[i];
    return drawNode(node, lines[i], ...position(along, across));
  });
  const [farX, farY] = position(drawing.along, drawing.across);
  const noted = options.values !== undefined || options.gradients !== undefined;
  const [width, height] = [
    Math.max(farX + MARGIN, noted ? 400 : 160),
    farY + MARGIN + (noted ? 26 : 0),
  ];
  const head = { x: MARGIN, y: 31, "font-size": 16, "font-weight": "bold", fill: INK };
  const title = options.title === undefined ? "" : element("text", head, escaped(options.title));
  const content = ARROW + title + paths.join("") + boxes.join("") + legend(options, height - 12);
  return documentOf(width, height, FONT, content);
}

/** The graph that leads to a node, or to several. */
export function graph(results: Node | readonly Node[], options: GraphOptions = {}): SvgPicture {
  const roots: readonly unknown[] = Array.isArray(results) ? results : [results];
  const wrong = roots.find((root) => !(root instanceof Node));
  if (wrong !== undefined || roots.length === 0) {
    throw new TypeError(
      `plot.graph: wanted a node or a list of nodes, got ${described(wrong ?? results)}`,
    );
  }
  const nodes = topologicalOrder(roots as readonly Node[]);
  const { limit = 150 } = options;
  if (nodes.length > limit) {
    const wayOut = `pass { limit: ${nodes.length} } to draw them all`;
    throw new RangeError(
      `plot.graph: ${nodes.length} nodes are too many to read (limit ${limit}); ${wayOut}`,
    );
  }
  return svgPicture(
    () => graphSvg(nodes, options),
    () => textOf(nodes),
  );
}
