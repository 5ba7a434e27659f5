/** The graph as a plan sees it: what is needed, in order, with compositions replaced by their shortcuts. */
import { topologicalOrder, type Node, type OpSpec } from "../graph/node.ts";

/** One node and how it is computed, which need not be the way it was written. */
export interface Task {
  readonly node: Node;
  readonly op: OpSpec;
  readonly inputs: readonly Node[];
  readonly attrs: object;
}

/** What computes the fetches, inputs before consumers. */
export function tasksOf(fetches: readonly Node[]): Task[] {
  return topologicalOrder(fetches, (node) => taskOf(node).inputs).map(taskOf);
}

// log(softmax(z)), however it came about, is computed from z: softmax may underflow to 0, its logarithm need not.
function taskOf(node: Node): Task {
  const { op, inputs, attrs } = node;
  const inner = inputs[0];
  const shortcut = inputs.length === 1 ? inner.op.through?.[op.name] : undefined;
  if (shortcut === undefined) return { node, op, inputs, attrs };
  return { node, op: shortcut.op, inputs: inner.inputs, attrs: inner.attrs };
}
