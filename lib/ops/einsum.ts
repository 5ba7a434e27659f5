/** einsum: products and sums over axes named by letters, as a composition of contractions. */
import { ShapeError, show } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { atCall, graphOf, toNodes, type NodeLike } from "../graph/build.ts";
import { GraphError, type Node } from "../graph/node.ts";
import { squeeze } from "./axes.ts";
import { contract, diagonal } from "./contract.ts";
import { reduceSum, transpose } from "./structure.ts";

interface Operand {
  readonly node: Node;
  readonly letters: string;
}

/**
 * Products of the operands, summed over every letter that the result has not: `einsum("ij,jk->ik", a, b)` is a matrix product,
 * `einsum("ii", a)` a trace, `einsum("...ij,...jk", a, b)` a product of stacks. A letter stands for one size wherever it is; what the dots stand for broadcasts.
 */
export function einsum(equation: string, ...operands: readonly NodeLike[]): Node {
  return atCall(() => {
    const graph = graphOf("einsum", operands);
    return graph.inheriting(graph.here(), () =>
      graph.inScope("einsum", () => evaluate(equation, toNodes("einsum", [], operands))),
    );
  });
}

function evaluate(equation: string, nodes: readonly Node[]): Node {
  const { inputs, output, dots } = parse(equation, nodes);
  for (const [i, node] of nodes.entries()) checkRank(node, inputs[i]);
  const given = stretched(
    nodes.map((node, i) => ({ node, letters: inputs[i] })),
    dots,
  );
  const operands = given.map((operand, i) => {
    const kept = (letter: string): boolean =>
      output.includes(letter) ||
      given.some((other, j) => j !== i && other.letters.includes(letter));
    return reduced(operand, kept);
  });
  const [first, ...rest] = operands;
  const result = rest.reduce<Operand>((sum, next, i) => {
    const later = rest.slice(i + 1).map(({ letters }) => letters);
    return product(sum, next, output, later);
  }, first);
  if (result.letters === output) return result.node;
  const axes = output.split("").map((letter) => result.letters.indexOf(letter));
  return transpose(result.node, { axes });
}

function checkRank({ shape }: Node, letters: string): void {
  if (shape === null || shape.length === letters.length) return;
  throw new ShapeError(
    `einsum: an operand ${show(shape)} has ${shape.length} axes, "${letters}" names ${letters.length}; give every axis a letter`,
  );
}

/** What the dots stand for broadcasts: an axis of size 1 goes where another operand is wider. */
function stretched(operands: readonly Operand[], dots: string): readonly Operand[] {
  const sizeIn = ({ node, letters }: Operand, dot: string): number | null | undefined =>
    letters.includes(dot) ? node.shape?.[letters.indexOf(dot)] : undefined;
  const isWide = (dot: string): boolean =>
    operands.some((operand) => (sizeIn(operand, dot) ?? 1) !== 1);
  const wide = dots.split("").filter(isWide);
  return operands.map((operand) => {
    const gone = wide.filter((dot) => sizeIn(operand, dot) === 1);
    if (gone.length === 0) return operand;
    const { node, letters } = operand;
    const axis = gone.map((dot) => letters.indexOf(dot));
    const left = letters.split("").filter((letter) => !gone.includes(letter));
    return { node: squeeze(node, { axis }), letters: left.join("") };
  });
}

/** Without repeated letters, and summed over those that nothing else needs. */
function reduced({ node, letters }: Operand, kept: (letter: string) => boolean): Operand {
  const distinct = [...new Set(letters)].join("");
  const x = distinct === letters ? node : diagonal(node, { letters });
  const axis = distinct.split("").flatMap((letter, i) => (kept(letter) ? [] : [i]));
  if (axis.length === 0) return { node: x, letters: distinct };
  const left = distinct
    .split("")
    .filter((letter) => kept(letter))
    .join("");
  return { node: reduceSum(x, { axis }), letters: left };
}

function product(a: Operand, b: Operand, output: string, later: readonly string[]): Operand {
  const all = [...new Set(a.letters + b.letters)];
  const needed = (letter: string): boolean => [output, ...later].some((x) => x.includes(letter));
  const last = later.length === 0 && output.split("").every((letter) => all.includes(letter));
  const out = last ? output : all.filter((letter) => needed(letter)).join("");
  return { node: contract(a.node, b.node, { a: a.letters, b: b.letters, out }), letters: out };
}

interface Equation {
  readonly inputs: readonly string[];
  readonly output: string;
  /** The letters that stand for the dots. */
  readonly dots: string;
}

function parse(equation: string, nodes: readonly Node[]): Equation {
  if (typeof equation !== "string") {
    throw new GraphError(
      `einsum: the equation is ${describe(equation)}; wanted text: einsum("ij,jk->ik", a, b)`,
    );
  }
  const [left, right, ...more] = equation.replaceAll(" ", "").split("->");
  const inputs = left.split(",");
  const parts = [...inputs, right ?? ""];
  if (more.length > 0 || !parts.every((part) => /^[A-Za-z]*(\.{3})?[A-Za-z]*$/.test(part))) {
    throw new GraphError(
      `einsum: "${equation}" cannot be read; wanted letters for axes, as in "ij,jk->ik" or "...ij->...ji"`,
    );
  }
  if (inputs.length !== nodes.length) {
    throw new GraphError(
      `einsum: "${equation}" has ${inputs.length} operands, got ${nodes.length}; give one node per group of letters`,
    );
  }
  const { filled, dots } = fillDots(equation, inputs, nodes);
  const output = right?.replace("...", dots) ?? dots + implied(filled, dots);
  checkOutput(equation, filled, output);
  return { inputs: filled, output, dots };
}

/** Letters that stand once, in alphabetical order: the result if none is written. */
function implied(inputs: readonly string[], dots: string): string {
  const all = inputs.join("");
  return [...new Set(all)]
    .filter((letter) => !dots.includes(letter) && all.split(letter).length === 2)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join("");
}

/** Dots stand for all axes that have no letter; they get letters that the equation has not, counted from the right. */
function fillDots(
  equation: string,
  inputs: readonly string[],
  nodes: readonly Node[],
): { filled: readonly string[]; dots: string } {
  const free = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    .split("")
    .filter((letter) => !equation.includes(letter))
    .join("");
  const counts = inputs.map((input, i) => {
    if (!input.includes("...")) return 0;
    const { shape } = nodes[i];
    if (shape === null) {
      throw new GraphError(
        `einsum: "..." of operand ${i}, whose rank is not known when the graph is built; give its placeholder a shape`,
      );
    }
    return Math.max(0, shape.length - (input.length - 3));
  });
  const dots = free.slice(0, Math.max(...counts));
  const filled = inputs.map((input, i) =>
    input.replace("...", dots.slice(dots.length - counts[i])),
  );
  return { filled, dots };
}

function checkOutput(equation: string, inputs: readonly string[], output: string): void {
  const unknown = output
    .split("")
    .find((letter) => !inputs.some((input) => input.includes(letter)));
  if (unknown !== undefined) {
    throw new GraphError(`einsum: "${equation}": letter ${unknown} of the result is in no operand`);
  }
  if (new Set(output).size < output.length) {
    throw new GraphError(`einsum: "${equation}": the result names a letter twice; name each once`);
  }
}
