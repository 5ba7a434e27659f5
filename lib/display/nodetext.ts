/** What the picture of a graph says about a node: its name, its shape, its value and its gradient. */
import { show } from "../core/shape.ts";
import type { Node } from "../graph/node.ts";
import { arialWidth } from "./arial.ts";
import { CURVE_COLORS, INK, SOFT_INK } from "./look.ts";
import { flat } from "./numbers.ts";

/** Numbers to print on nodes. */
export interface Annotations {
  /** What nodes are worth in some run. */
  readonly values?: ReadonlyMap<Node, unknown> | undefined;
  /** The gradient of the result with respect to nodes. */
  readonly gradients?: ReadonlyMap<Node, unknown> | undefined;
}

export type Kind = "placeholder" | "variable" | "constant" | "operation";

export const VALUE = CURVE_COLORS[2];
export const GRADIENT = CURVE_COLORS[3];
/** One line of text in a node's box. */
export interface Line {
  readonly text: string;
  readonly size: number;
  readonly color: string;
  readonly bold?: true;
}

/** What a node is drawn as. */
export function kindOf(node: Node): Kind {
  const { name } = node.op;
  return name === "placeholder" || name === "variable" || name === "constant" ? name : "operation";
}

function short(value: number, digits: number): string {
  const text = Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : String(value);
  return text.replaceAll("-", "−");
}

/** A value in a few characters: all numbers of a small tensor, the first ones of a larger. */
export function inBrief(value: unknown, what: string): string {
  const { shape, data } = flat(value, what);
  if (data.length > 6)
    return `[${data
      .slice(0, 3)
      .map((x) => short(x, 3))
      .join(", ")}, …]`;
  const nest = (from: number, sizes: readonly number[]): string => {
    const [count, ...inner] = sizes;
    if (count === undefined) return short(data[from] ?? Number.NaN, shape.length === 0 ? 4 : 3);
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

/** Whether a node is called after its value. */
function saysValue(node: Node): node is Node & { readonly value: unknown } {
  return kindOf(node) === "constant" && "value" in node && !isNamed(node);
}

/** What a node is called, and what is said of it in small print. */
function namesOf(node: Node, { values }: Annotations): { title: string; under: string } {
  const kind = kindOf(node);
  // A run knows the shape even where the graph does not.
  const ran =
    values?.has(node) === true
      ? flat(values.get(node), `the value of ${node.name}`).shape
      : undefined;
  const shape = ran === undefined && node.shape === null ? "" : show(ran ?? node.shape);
  if (kind === "operation") {
    return { title: isNamed(node) ? `${node.name} = ${node.op.name}` : node.op.name, under: shape };
  }
  if (saysValue(node)) {
    return { title: inBrief(node.value, node.name), under: `constant ${shape}`.trim() };
  }
  return { title: node.name, under: `${kind} ${shape}`.trim() };
}

/** The lines of a node's box. */
export function linesOf(node: Node, options: Annotations): Line[] {
  const { values, gradients } = options;
  const { title, under } = namesOf(node, options);
  const lines: Line[] = [
    { text: title, size: 14, color: INK, bold: true },
    { text: under, size: 11, color: SOFT_INK },
  ];
  if (values?.has(node) === true && !saysValue(node)) {
    const text = `= ${inBrief(values.get(node), `the value of ${node.name}`)}`;
    lines.push({ text, size: 13, color: VALUE, bold: true });
  }
  if (gradients?.has(node) === true) {
    const text = `∂ ${inBrief(gradients.get(node), `the gradient of ${node.name}`)}`;
    lines.push({ text, size: 13, color: GRADIENT, bold: true });
  }
  return lines;
}

/** How wide a line is in Arial. */
export function widthOf({ text, size, bold }: Line): number {
  return arialWidth(text, size, bold === true ? "bold" : "regular");
}
