/** The numbers on the picture of a graph, computed in one run. */
import type { Tensor } from "../core/tensor.ts";
import { computeGradients } from "../grad/gradients.ts";
import type { Node } from "../graph/node.ts";
import { Assign } from "../ops/state.ts";
import type { Feeds } from "../session/feeds.ts";
import { Session } from "../session/session.ts";
import type { Annotations } from "./nodetext.ts";

/** Where the numbers on the nodes come from: maps that are at hand, or a run. */
export interface AnnotationSource {
  /** What nodes are worth; if not given, computed as soon as a session, feeds or `gradients: true` are. */
  readonly values?: ReadonlyMap<Node, unknown>;
  /** The gradient of the result with respect to nodes; with `true`, computed for all that it reaches. */
  readonly gradients?: ReadonlyMap<Node, unknown> | true;
  /** Runs the nodes; else a new one does. */
  readonly session?: Session;
  readonly feeds?: Feeds;
}

/** The nodes that can be run without changing a variable: a picture only looks. */
function withoutEffect(nodes: readonly Node[]): Node[] {
  const changing = new Set<Node>();
  for (const node of nodes) {
    if (node instanceof Assign || node.inputs.some((x) => changing.has(x))) changing.add(node);
  }
  return nodes.filter((node) => !changing.has(node));
}

/** The numbers to print on nodes, given inputs before consumers; they are those of now, whenever they are shown. */
export function annotated(
  nodes: readonly Node[],
  roots: readonly Node[],
  { values, gradients, session, feeds }: AnnotationSource,
): Required<Annotations> {
  const wanted = gradients === true || session !== undefined || feeds !== undefined;
  const shown = values === undefined && wanted ? withoutEffect(nodes) : [];
  const derived = gradients === true ? [...computeGradients(onlyOne(roots))] : [];
  const fetches = [...shown, ...derived.map(([, gradient]) => gradient)];
  const found = fetches.length === 0 ? [] : (session ?? new Session()).run(fetches, feeds ?? []);
  const mapped = (of: readonly Node[], from: number): ReadonlyMap<Node, Tensor> =>
    new Map(of.map((node, i) => [node, found[from + i]]));
  const reached = derived.map(([node]) => node);
  const slopes = gradients === true ? mapped(reached, shown.length) : gradients;
  const worth = values ?? (wanted ? mapped(shown, 0) : undefined);
  return { values: worth, gradients: slopes };
}

function onlyOne(roots: readonly Node[]): Node {
  const [root, ...others] = roots;
  if (others.length === 0) return root;
  throw new TypeError(
    `plot.graph: gradients: true wants one result to differentiate, got ${roots.length}`,
  );
}
