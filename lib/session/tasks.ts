/** The graph as a plan sees it: what is needed, in order, with compositions replaced by their shortcuts. */
import { fits, isKnown, ShapeError, show, sizeOf, type Shape } from "../core/shape.ts";
import { Constant } from "../graph/build.ts";
import { label, topologicalOrder, type Node, type OpSpec, type Shortcut } from "../graph/node.ts";
import { Operation } from "../graph/operation.ts";
import { Assign, Placeholder, Variable } from "../ops/state.ts";

/** One node and how it is computed, which need not be the way it was written. */
export interface Task {
  readonly node: Node;
  readonly op: OpSpec;
  readonly inputs: readonly Node[];
  readonly attrs: object;
}

/** The nodes that compute the fetches, inputs before consumers. */
export function nodesOf(fetches: readonly Node[]): readonly Node[] {
  return topologicalOrder(fetches, inputsOf);
}

/** What computes the fetches, inputs before consumers. */
export function tasksOf(fetches: readonly Node[]): Task[] {
  return nodesOf(fetches).map(taskOf);
}

/** The nodes that a node is computed from. */
export function inputsOf(node: Node): readonly Node[] {
  return shortcutOf(node) === undefined ? node.inputs : node.inputs[0].inputs;
}

// log(softmax(z)), however it came about, is computed from z: softmax may underflow to 0, its logarithm need not.
function shortcutOf({ op, inputs }: Node): Shortcut | undefined {
  return inputs.length === 1 ? inputs[0].op.through?.[op.name] : undefined;
}

/** How a node is computed. */
export function taskOf(node: Node): Task {
  const { op, inputs, attrs } = node;
  const shortcut = shortcutOf(node);
  if (shortcut === undefined) return { node, op, inputs, attrs };
  const [inner] = inputs;
  return { node, op: shortcut.op, inputs: inner.inputs, attrs: inner.attrs };
}

/** What goes into a computation from outside, and comes out. */
export interface Ends {
  readonly placeholders: readonly Placeholder[];
  readonly variables: readonly Variable[];
  readonly assigns: readonly Assign[];
  /** How many numbers variables and constants hold. Single numbers are no work, however many there are. */
  readonly size: number;
}

/** Where the computation of nodes begins and ends. */
export function endsOf(nodes: readonly Node[]): Ends {
  const placeholders: Placeholder[] = [];
  const variables: Variable[] = [];
  const assigns: Assign[] = [];
  let size = 0;
  for (const node of nodes) {
    if (node instanceof Constant) {
      if (node.shape!.length > 0) size += sizeOf(node.shape as Shape);
    } else if (node instanceof Placeholder) placeholders.push(node);
    else if (node instanceof Assign) assigns.push(node);
    else if (node instanceof Variable) {
      variables.push(node);
      size += sizeOf(node.buffer.shape);
    }
  }
  return { placeholders, variables, assigns, size };
}

/** The shape that a task's rule gives; throws if it is not what the node was declared with. */
export function shapeOf({ node, op, inputs, attrs }: Task, shapes: readonly Shape[]): Shape {
  // The rule has been asked when the node was made, if all shapes were known then.
  if (op === node.op && isKnown(node.shape) && allKnown(inputs)) return node.shape;
  const shape = op.shape(shapes, attrs);
  if (isKnown(shape) && fits(shape, node.shape)) return shape;
  throw new ShapeError(`${label(node)}: came out ${show(shape)}; wanted ${show(node.shape)}`);
}

function allKnown(nodes: readonly Node[]): boolean {
  for (let i = 0; i < nodes.length; i++) if (!isKnown(nodes[i].shape)) return false;
  return true;
}

/** Whether every shape of a plan is known before it runs: an op of a notebook decides on its own when it runs. */
export function canLower(nodes: readonly Node[]): boolean {
  return !nodes.some((node) => node instanceof Operation);
}
