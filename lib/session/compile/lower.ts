/** Tasks of a graph as instructions: each op's kernel tells which primitives it is made of. */
import { Traced, Tracer } from "../../backend/trace.ts";
import type { Instruction, Slot } from "../../backend/program.ts";
import type { Shape } from "../../core/shape.ts";
import { Constant, locate } from "../../graph/build.ts";
import { label, type Node } from "../../graph/node.ts";
import { Assign, Placeholder, Variable } from "../../ops/state.ts";
import { shapeOf, type Task } from "../tasks.ts";

/** A plan as instructions, with the slot of each node. */
export interface Lowered {
  readonly instructions: readonly Instruction[];
  readonly slots: readonly Slot[];
  readonly values: ReadonlyMap<Node, Traced>;
}

/** Traces every task, given the shapes of what is fed. */
export function lower(tasks: readonly Task[], fed: (placeholder: Placeholder) => Shape): Lowered {
  const tracer = new Tracer();
  const values = new Map<Node, Traced>();
  for (const task of tasks) {
    try {
      values.set(task.node, valueOf(tracer, task, values, fed));
    } catch (error) {
      throw locate(error, task.node.origin);
    }
  }
  return { instructions: tracer.instructions, slots: tracer.slots, values };
}

function valueOf(
  tracer: Tracer,
  task: Task,
  values: ReadonlyMap<Node, Traced>,
  fed: (placeholder: Placeholder) => Shape,
): Traced {
  const { node, op, attrs } = task;
  if (node instanceof Placeholder) return tracer.alloc(fed(node), node.dtype, node.name, "fed");
  if (node instanceof Variable) {
    return tracer.alloc(node.buffer.shape, node.dtype, node.name, "exchanged");
  }
  if (node instanceof Constant) {
    const made = tracer.alloc(node.shape as Shape, node.dtype, node.name, "constant");
    const { uniform } = node;
    if (uniform === undefined) made.slot.data = node.value.data;
    else made.slot.uniform = uniform;
    return made;
  }
  const inputs = task.inputs.map((x) => values.get(x)!);
  const shapes = inputs.map((x) => x.shape);
  const shape = shapeOf(task, shapes);
  if (op.view?.(shapes, attrs) === true) return new Traced(inputs[0].slot, shape);
  const origin = node instanceof Assign ? "exchanged" : "planned";
  const out = tracer.alloc(shape, node.dtype, node.name, origin);
  tracer.trace(
    { name: label(node), owner: node, stateful: op.stateful === true },
    (backend, buffers, to, shared) => op.kernel!(backend, buffers, to, attrs, shared),
    inputs,
    out,
  );
  return out;
}
