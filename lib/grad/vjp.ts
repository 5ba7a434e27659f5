/** The cotangents of one node's inputs: from its op, or from what a notebook registered. */
import type { Buffer } from "../backend/backend.ts";
import { isKnown, sameShape, ShapeError, show, sizeOf } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { makeNode } from "../graph/build.ts";
import { GraphError, label, Node, type OpSpec } from "../graph/node.ts";
import {
  flattenGradients,
  Operation,
  type NumericGradient,
  type SymbolicGradient,
} from "../graph/operation.ts";

/** One cotangent per input, null where none passes; nothing at all for an op without gradient. */
export function cotangentsOfInputs(
  node: Node,
  g: Node,
  wanted: readonly boolean[],
): readonly (Node | null)[] {
  if (node instanceof Operation) return registered(node, g);
  if (node.op.vjp === "none") return [];
  return node.op.vjp({ inputs: node.inputs, output: node, attrs: node.attrs, wanted }, g);
}

function registered(operation: Operation, g: Node): readonly (Node | null)[] {
  const registration = Operation.gradients.get(operation.op.name);
  switch (registration?.kind) {
    case undefined:
      return [];
    case "symbolic":
      return symbolic(operation, registration.gradient, g);
    case "numeric":
      return numeric(operation, registration.gradient, g);
    default:
      throw registration satisfies never;
  }
}

function symbolic(
  operation: Operation,
  gradient: SymbolicGradient,
  g: Node,
): readonly (Node | null)[] {
  const result: unknown = gradient(operation, g);
  const parts: readonly unknown[] = Array.isArray(result) ? result : [result];
  const good = parts.every((part) => part === null || part instanceof Node);
  if (!good || parts.length !== operation.inputs.length) {
    throw new GraphError(
      `${label(operation)}: its gradient returned ${good ? `${parts.length} nodes` : "something else than nodes"}; ` +
        `wanted one node or null per input, ${operation.inputs.length} (made at ${operation.origin.place})`,
    );
  }
  return parts.map((part, i) => {
    const x = operation.inputs[i];
    if (
      part === null ||
      (isKnown(part.shape) && isKnown(x.shape) && sameShape(part.shape, x.shape))
    )
      return part;
    return makeNode(checkedOp, [part, x], { attrs: { of: operation } });
  });
}

/** What a notebook's gradient returned, checked against the input's shape as soon as both are known. */
const checkedOp: OpSpec = {
  name: "gradient",
  shape: ([g, x], attrs) => {
    if (isKnown(g) && isKnown(x) && !sameShape(g, x)) {
      const { of } = attrs as { of: Node };
      throw new ShapeError(
        `${label(of)}: its gradient has shape ${show(g)}; wanted that of the input, ${show(x)}; sum over what was broadcast?`,
      );
    }
    return x!;
  },
  dtype: ([g]) => g,
  view: () => true,
  vjp: (_, g) => [g, null],
};

interface NumericAttrs {
  readonly of: Operation;
  readonly gradient: NumericGradient;
}

function numeric(operation: Operation, gradient: NumericGradient, g: Node): readonly Node[] {
  const attrs: NumericAttrs = { of: operation, gradient };
  const { inputs } = operation;
  const row = makeNode(numericOp, [g, operation, ...inputs], { attrs });
  return inputs.map((_, position) =>
    makeNode(partOp, [row, ...inputs], { attrs: { of: operation, position } }),
  );
}

function notAgain(attrs: object): never {
  const { of } = attrs as { of: Operation };
  throw new GraphError(
    `${label(of)}: its gradient is numeric and cannot be differentiated again (made at ${of.origin.place}); ` +
      `register it with RegisterGradient("${of.op.name}") as a function of nodes`,
  );
}

/** All gradients of one op in a row, so that the notebook's function is called once per run. */
const numericOp: OpSpec = {
  name: "numericGradient",
  shape: ([, , ...inputs]) => [
    inputs.every(isKnown) ? inputs.reduce((sum, x) => sum + sizeOf(x), 0) : null,
  ],
  dtype: ([g]) => g,
  kernel: (_, [g, output, ...inputs], out, attrs) => {
    const { of, gradient } = attrs as NumericAttrs;
    return () => {
      const values = inputs.map(toTensor);
      const result = gradient(toTensor(g), values, toTensor(output));
      let offset = 0;
      for (const part of flattenGradients(label(of), result, values)) {
        out.data.set(part.data, offset);
        offset += part.size;
      }
    };
  },
  vjp: ({ attrs }) => notAgain(attrs),
};

/** One input's share of the row. */
const partOp: OpSpec = {
  name: "gradientPart",
  shape: ([, ...inputs], attrs) => inputs[(attrs as { position: number }).position]!,
  dtype: ([row]) => row,
  kernel: (_, [row, ...inputs], out, attrs) => {
    const { position } = attrs as { position: number };
    const start = inputs.slice(0, position).reduce((sum, x) => sum + sizeOf(x.shape), 0);
    return () => out.data.set(row.data.subarray(start, start + sizeOf(out.shape)));
  },
  vjp: ({ attrs }) => notAgain(attrs),
};

function toTensor(buffer: Buffer): Tensor {
  return new Tensor(buffer.data.slice(), buffer.shape);
}
