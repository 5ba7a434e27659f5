/** What all optimizers share: finding the variables, their gradients, and one node that updates them all. */
import { s } from "../core/scalar.ts";
import { checkNode, makeNode } from "../graph/build.ts";
import { GraphError, label, topologicalOrder, type Node, type OpSpec } from "../graph/node.ts";
import { computeGradients, gradientsReaching } from "../grad/gradients.ts";
import { updatesOf } from "../ops/normalize.ts";
import { type Assign, Variable } from "../ops/state.ts";
import { inGraph } from "./formula.ts";

/** A variable to move, and the gradient that says where. */
export interface Target {
  readonly variable: Variable;
  readonly gradient: Node;
}

/** How the variables move, the assignments to them before all others. */
export type Update = (targets: readonly Target[]) => readonly Assign[];

/** A node that updates `variables`, or all trainable ones a gradient of `loss` reaches; throws, saying why, if there are none. */
export function minimizeWith(
  loss: Node,
  variables: readonly Variable[] | undefined,
  scope: string,
  update: Update,
): Node {
  checkNode("minimize: the loss", loss);
  const requested = variables ?? trainable(loss);
  if (requested.length === 0) throw nothingToTrain(loss);
  // Variables that no gradient reaches are left out, unlike those that were asked for.
  const find = variables === undefined ? gradientsReaching : computeGradients;
  const gradients: ReadonlyMap<Node, Node> = find(loss, requested);
  // Asked for by name, the first of them fails with the op that is in its way.
  if (gradients.size === 0) computeGradients(loss, requested.slice(0, 1));
  const { graph } = loss;
  return graph.inheriting(graph.here(), () => {
    const targets = requested.flatMap((variable) => {
      const gradient = gradients.get(variable);
      return gradient === undefined ? [] : [{ variable, gradient }];
    });
    const updates = graph.inScope(scope, () => inGraph(graph, () => update(targets)));
    return makeNode(minimizeOp, [...updates, ...updatesOf(loss)], {
      attrs: { count: targets.length },
    });
  });
}

function trainable(loss: Node): Variable[] {
  return topologicalOrder([loss]).filter(
    (node): node is Variable => node instanceof Variable && node.trainable,
  );
}

function nothingToTrain(loss: Node): GraphError {
  return new GraphError(
    `minimize: no trainable variable is reached by a gradient of ${label(loss)} (made at ${loss.origin.place}); ` +
      `build the loss from a new Variable(…)`,
  );
}

/** Runs every update; its own value is how many variables it trains. */
const minimizeOp: OpSpec = {
  name: "minimize",
  shape: () => [],
  dtype: () => "int32",
  kernel: (backend, _, out, attrs) =>
    backend.map(s.add((attrs as { count: number }).count, 0), [], out),
  vjp: "none",
};
