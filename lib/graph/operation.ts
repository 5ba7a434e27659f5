/** Operation and RegisterGradient: the door for ops written in a notebook. */
import { sizeOf, type PartialShape, type Shape } from "../core/shape.ts";
import { parseTensor, Tensor, type TensorLike } from "../core/tensor.ts";
import { graphOf, toNodes, type NodeLike } from "./build.ts";
import { GraphError, label, Node, type OpSpec } from "./node.ts";

/** What a notebook's op computes with: a number for a scalar, else a `Tensor`. */
export type Value = number | Tensor;

/** Builds the gradients of an op's inputs, one node (or null) per input, or the node alone if there is one input. */
export type SymbolicGradient = (op: Operation, grad: Node) => Node | readonly (Node | null)[];

/** Computes the gradients of an op's inputs in each run. */
export type NumericGradient = (
  grad: Tensor,
  inputs: readonly Tensor[],
  output: Tensor,
) => TensorLike | readonly (TensorLike | null)[];

/** A gradient as it was registered. */
export type Registration =
  | { readonly kind: "symbolic"; readonly gradient: SymbolicGradient }
  | { readonly kind: "numeric"; readonly gradient: NumericGradient };

/**
 * Base class of ops written in a notebook: `class Square extends Operation { compute(x) { … } }`, then `new Square(x)`.
 * The inputs are given one by one, or as one array.
 */
export abstract class Operation extends Node {
  /** Gradients by class name; a class defined again finds those of its predecessor. */
  static readonly gradients = new Map<string, Registration>();

  constructor(...inputs: readonly (NodeLike | readonly NodeLike[])[]) {
    const [first] = inputs;
    const listed =
      inputs.length === 1 && Array.isArray(first) && first.some((x) => x instanceof Node);
    const args = (listed ? first : inputs) as readonly NodeLike[];
    if (new.target === Operation) throw baseClass();
    const { name } = new.target;
    const graph = graphOf(name, args);
    const origin = graph.here(name);
    const nodes = graph.inheriting(origin, () => toNodes(name, [], args));
    const op = computedOp(name);
    super({ graph, op, inputs: nodes, attrs: {}, name, dtype: graph.dtype, shape: null, origin });
  }

  /** The op's value, given those of its inputs: a number, nested arrays or a `Tensor`. */
  abstract compute(...inputs: never[]): TensorLike;
}

function baseClass(): GraphError {
  return new GraphError(
    "Operation: is the base class of ops; write class Square extends Operation { compute(x) { … } }, then new Square(x)",
  );
}

function computedOp(name: string): OpSpec {
  const shape = (): PartialShape => null;
  return { name, shape, dtype: (dtypes) => dtypes[0] ?? "float64", vjp: "none" };
}

/** Runs an op's `compute`; throws, naming the op, if what it returns cannot be read as a tensor. */
export function compute(operation: Operation, inputs: readonly Tensor[]): Tensor {
  if (typeof operation.compute !== "function") {
    const { name } = operation.op;
    throw new GraphError(
      `${label(operation)}: class ${name} has no method compute; write class ${name} extends Operation { compute(x) { … } }`,
    );
  }
  const values = inputs.map((x): Value => (x.rank === 0 ? x.item() : x));
  const result = operation.compute(...(values as never[]));
  return parseTensor(`${label(operation)}: the result of compute`, result, operation.dtype);
}

/** What `RegisterGradient(name)` returns: takes a function, or decorates a static method or a class with a static `gradient`. */
type Registrar<F> = (target: F | GradientClass<F>, context?: DecoratorContext) => void;

type GradientClass<F> = (abstract new (...args: never[]) => unknown) & { readonly gradient: F };

/** Registers the gradient of the op class called `name`; registering again replaces it. */
export function RegisterGradient(name: string): Registrar<SymbolicGradient>;
export function RegisterGradient(
  name: string,
  options: { readonly numeric: true },
): Registrar<NumericGradient>;
export function RegisterGradient(
  name: string,
  { numeric = false }: { readonly numeric?: boolean } = {},
): Registrar<SymbolicGradient> | Registrar<NumericGradient> {
  checkName(name);
  return (target: unknown, context?: DecoratorContext): void => {
    const gradient = gradientOf(name, target, context);
    const registration = numeric
      ? { kind: "numeric", gradient: gradient as NumericGradient }
      : { kind: "symbolic", gradient: gradient as SymbolicGradient };
    Operation.gradients.set(name, registration as Registration);
  };
}

function checkName(name: unknown): void {
  if (typeof name !== "string" || name === "") {
    throw new GraphError(
      `RegisterGradient: wants the name of an op class, as RegisterGradient("Square")`,
    );
  }
  // Every built-in op is a method of Node (ops/methods.ts), so its prototype knows their names.
  if (name in Node.prototype) {
    throw new GraphError(
      `RegisterGradient: ${name} is built in and has its gradient; give your op class a name of its own`,
    );
  }
}

function gradientOf(name: string, target: unknown, context?: DecoratorContext): unknown {
  const isClass = context?.kind === "class" || /^class\b/.test(String(target));
  const isStatic = context === undefined || context.kind === "class" || context.static;
  const gradient = isClass ? (target as { gradient?: unknown }).gradient : target;
  if (typeof gradient !== "function" || !isStatic) {
    throw new GraphError(
      `RegisterGradient("${name}"): wants a function (op, grad) => …, a static method, or a class with a static method gradient`,
    );
  }
  return isClass ? gradient.bind(target) : gradient;
}

/** Gradients as a numeric function returned them, one per input, each of its input's size, in one row. */
export function flattenGradients(
  op: string,
  result: TensorLike | readonly (TensorLike | null)[],
  inputs: readonly Tensor[],
): Tensor[] {
  return perInput(op, result, inputs).map((part, i) => {
    const { shape, dtype } = inputs[i];
    if (part === null) return parseTensor(op, { data: Array(sizeOf(shape)).fill(0), shape }, dtype);
    const read = parseTensor(`${op}: gradient ${i}`, part, dtype);
    checkGradientShape(op, i, read.shape, shape);
    return read;
  });
}

function perInput(
  op: string,
  result: TensorLike | readonly (TensorLike | null)[],
  inputs: readonly Tensor[],
): readonly (TensorLike | null)[] {
  const wrapped =
    Array.isArray(result) &&
    result.length === 1 &&
    (result[0] instanceof Tensor || result[0] === null);
  if (inputs.length === 1 && !wrapped && !isRowOfScalar(result, inputs[0]))
    return [result as TensorLike];
  if (Array.isArray(result) && result.length === inputs.length) return result;
  throw new GraphError(
    `${op}: its numeric gradient returned ${Array.isArray(result) ? result.length : 1} values; wanted one per input, ${inputs.length}`,
  );
}

function isRowOfScalar(result: unknown, x: Tensor): boolean {
  return x.rank === 0 && Array.isArray(result);
}

function checkGradientShape(op: string, i: number, got: Shape, wanted: Shape): void {
  if (got.length === wanted.length && got.every((size, axis) => size === wanted[axis])) return;
  throw new GraphError(
    `${op}: its numeric gradient for input ${i} has shape [${got.join(", ")}]; wanted that of the input, [${wanted.join(", ")}]`,
  );
}
