/** Why no gradient reaches a node: the op that passes none back, and the path it stands on. */
import { GraphError, label, topologicalOrder, type Node } from "../graph/node.ts";
import { Operation } from "../graph/operation.ts";

/** The error for a requested node that no gradient reaches. */
export function explainMissing(
  caller: string,
  y: Node,
  x: Node,
  reached: { has(node: Node): boolean },
): GraphError {
  const path = pathBetween(y, x, reached);
  const head = `${caller}: no gradient of ${label(y)} reaches ${label(x)} (made at ${x.origin.place})`;
  if (path === undefined) {
    return new GraphError(
      `${head}: ${label(y)} is not computed from it; request nodes that lead to it`,
    );
  }
  const block = path.findLast((node) => reached.has(node)) ?? y;
  const way = `path ${shorten(path.map((node) => node.name)).join(" ← ")}`;
  return new GraphError(`${head}: ${reason(block)}; ${way}`);
}

function reason(block: Node): string {
  const where = `${label(block)} (made at ${block.origin.place})`;
  if (block instanceof Operation && !Operation.gradients.has(block.op.name)) {
    const { name } = block.op;
    return `the op ${where} has no gradient registered; add RegisterGradient("${name}")((op, grad) => …)`;
  }
  return `the op ${where} passes none back; take it out of the path, or do not request this node`;
}

/** From y down to x, along nodes that a gradient reached for as long as there are any. */
function pathBetween(y: Node, x: Node, reached: { has(node: Node): boolean }): Node[] | undefined {
  const leading = new Set<Node>();
  for (const node of topologicalOrder([y])) {
    if (node === x || node.inputs.some((input) => leading.has(input))) leading.add(node);
  }
  if (!leading.has(y)) return undefined;
  const path = [y];
  for (let node = y; node !== x; path.push(node)) {
    const inputs = node.inputs.filter((input) => leading.has(input));
    node = inputs.find((input) => reached.has(input)) ?? inputs[0];
  }
  return path;
}

function shorten(names: readonly string[]): readonly string[] {
  return names.length <= 12 ? names : [...names.slice(0, 6), "…", ...names.slice(-5)];
}
