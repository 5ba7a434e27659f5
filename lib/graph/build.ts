/** Making nodes: literals become constants, inputs must share a graph, shapes are checked on the user's line. */
import type { Dtype } from "../core/dtype.ts";
import { checkShape, ShapeError, show, type Shape } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { parseTensor, Tensor, type TensorLike } from "../core/tensor.ts";
import { firstCut } from "../core/whole.ts";
import { defaultGraph } from "./graph.ts";
import { GraphError, label, Node, type NodeGraph, type OpSpec } from "./node.ts";
import { Origin } from "./origin.ts";

/** What ops take: a node, or a value that becomes a constant. */
export type NodeLike = Node | TensorLike;

/** A node whose value is given when the graph is built. */
export class Constant extends Node {
  /** A single number need not be a tensor yet: most literals are one, and few are ever looked at. */
  #value: Tensor | number;

  /** A number is one of float64. */
  constructor(
    value: Tensor | number,
    graph: NodeGraph,
    name = "constant",
    origin: Origin = graph.here(),
  ) {
    const isNumber = typeof value === "number";
    const shape = isNumber ? scalar : value.shape;
    const dtype = isNumber ? "float64" : value.dtype;
    super({ graph, op: constantOp, inputs: noNodes, attrs: none, name, dtype, shape, origin });
    this.#value = value;
  }

  get value(): Tensor {
    const value = this.#value;
    if (typeof value !== "number") return value;
    return (this.#value = new Tensor(Float64Array.of(value), scalar));
  }

  /** The number that it is throughout, if there is one. */
  get uniform(): number | undefined {
    const value = this.#value;
    if (typeof value === "number") return value;
    const { data } = value;
    return data.length > 0 && data.every((x) => Object.is(x, data[0])) ? data[0] : undefined;
  }
}

/** What nodes without inputs have for an op: their value comes from elsewhere. */
export function sourceOp(name: string): OpSpec {
  const unused = (): never => {
    throw new GraphError(`${name}: has no inputs`);
  };
  return { name, shape: unused, dtype: unused, vjp: "none" };
}

const constantOp = sourceOp("constant");
const scalar: Shape = [];
const noNodes: readonly Node[] = [];
const none = {};

/** The types of literals, by input, where they are not those of the other inputs; "float" is the graph's. */
export type Literals = Readonly<Partial<Record<string, Dtype | "float">>>;

/** What `toNodes` need not be told. */
interface Making {
  readonly literals?: Literals | undefined;
  /** The line that constants belong to, by default the caller's. */
  readonly origin?: Origin;
}

/** Nodes for an op's arguments, all of one graph; anything but a node becomes a constant. */
export function toNodes(
  op: string,
  names: readonly string[],
  args: readonly unknown[],
  { literals = none, origin }: Making = none,
): readonly Node[] {
  const graph = graphOf(op, args);
  let dtype: Dtype | undefined;
  let literal = -1;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (!(arg instanceof Node)) literal = i;
    else if (dtype === undefined && arg.dtype !== "bool" && literals[names[i]] === undefined) {
      dtype = arg.dtype;
    }
  }
  if (literal < 0) return args as readonly Node[];
  dtype ??= graph.dtype;
  const nodes = args.slice() as Node[];
  for (let i = 0; i <= literal; i++) {
    const arg = args[i];
    if (arg instanceof Node) continue;
    const own = literals[names[i]];
    const wanted = own === "float" ? graph.dtype : (own ?? dtype);
    const value =
      typeof arg === "number" && wanted === "float64"
        ? arg
        : readLiteral(arg, wanted, { op, input: names[i] ?? i, isIndex: own === "int32" });
    nodes[i] = new Constant(value, graph, "constant", origin);
  }
  return nodes;
}

const besideInt32 =
  'a literal has the type of the nodes beside it: cast them first, cast(x, { dtype: "float64" })';

/** Where a literal stands. */
interface Literal {
  readonly op: string;
  readonly input: string | number;
  readonly isIndex: boolean;
}

function readLiteral(arg: unknown, dtype: Dtype, { op, input, isIndex }: Literal): Tensor {
  if (arg instanceof Promise) throw new GraphError(`${op}: ${input} is a Promise; await it first`);
  const isNumber = typeof arg === "number";
  const name = typeof input === "number" ? `input ${input}` : input;
  const what = isNumber ? op : `${op}: ${name}`;
  const value = parseLiteral(what, arg, dtype);
  if (dtype === "int32") {
    const way = isIndex ? "wanted indices or class numbers" : besideInt32;
    checkWhole(what, arg as TensorLike, value, way);
  }
  return isNumber ? value : copy(value);
}

/** Throws at a number that int32 has cut: an index of 0.5 is a mistake, not the index 0. */
function checkWhole(what: string, given: TensorLike, read: Tensor, way: string): void {
  const cut = firstCut(given, read);
  if (cut === undefined) return;
  throw new GraphError(`${what}: ${cut} is no whole number of int32; ${way}`);
}

function parseLiteral(what: string, value: unknown, dtype: Dtype): Tensor {
  try {
    return parseTensor(what, value, dtype);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    if (Array.isArray(value) && value.flat(Infinity).some((x) => x instanceof Node)) {
      throw new TypeError(
        `${what}: got an array with nodes in it; wanted one node: stack([a, b])`,
        {
          cause: error,
        },
      );
    }
    throw new TypeError(error.message.replace("wanted a", "wanted a node, a"), {
      cause: error,
    });
  }
}

/** A graph is not to change when the array it was built from does. */
export function copy(value: Tensor): Tensor {
  return value.reshape(value.shape);
}

/** The graph of the nodes among the arguments, or the default one; throws if they are of different graphs. */
export function graphOf(what: string, args: readonly unknown[]): NodeGraph {
  let first: Node | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (!(arg instanceof Node)) continue;
    if (first === undefined) first = arg;
    else if (arg.graph !== first.graph) throw ofTwoGraphs(what, first, arg);
  }
  return first?.graph ?? defaultGraph();
}

/** The line that whatever is made of these arguments belongs to, if it is made for a call that began before. */
export function inheritedBy(args: readonly unknown[]): Origin | undefined {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg instanceof Node) return arg.graph.inherited;
  }
  return defaultGraph().inherited;
}

function ofTwoGraphs(what: string, first: Node, other: Node): GraphError {
  return new GraphError(
    `${what}: ${label(first)} (made at ${first.origin.place}) and ${label(other)} (made at ${other.origin.place}) ` +
      `belong to different graphs; make both after the same new Graph().asDefault()`,
  );
}

/** Makes a node of `op`; throws, naming the caller's line, if shapes or types do not fit. */
export function makeNode(
  op: OpSpec,
  inputs: readonly Node[],
  { attrs, name = op.name }: { attrs: object; name?: string },
  origin: Origin = graphOf(op.name, inputs).here(),
): Node {
  const graph = inputs.length === 0 ? defaultGraph() : inputs[0].graph;
  try {
    const dtypes = inputs.map((x) => x.dtype);
    const shapes = inputs.map((x) => x.shape);
    const dtype = op.dtype(dtypes, attrs);
    const ruled = op.shape(shapes, attrs);
    // An input's shape has been checked.
    const shape = ruled === shapes[0] ? ruled : checkShape(op.name, ruled);
    return new Node({ graph, op, inputs, attrs, name, dtype, shape, origin });
  } catch (error) {
    throw locate(error, origin);
  }
}

/** Adds to the message of an error that `check` throws where the node in question was made. */
export function locating<T>(origin: Origin, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw locate(error, origin);
  }
}

/** Adds to the message of an error that `make` throws the line that called for it. */
export function atCall<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw called(error);
  }
}

/** The error with the line of the call in its message, if it is one of ours. */
export function called(error: unknown): unknown {
  // What cannot be read as a tensor is a TypeError, and says first what it was to be.
  const unread = error instanceof TypeError && /^\w+(?: \S+)?: |^dtype /.test(error.message);
  if (!unread) return locate(error, new Origin());
  if (error.message.includes("made at ")) return error;
  return new TypeError(`${error.message} (made at ${new Origin().place})`, { cause: error });
}

/** The error with the place in its message; left alone if it has one, or is not one of ours. */
export function locate(error: unknown, origin: Origin): unknown {
  const ours = error instanceof ShapeError || error instanceof GraphError;
  if (!ours || error.message.includes("made at ")) return error;
  const Kind = error instanceof ShapeError ? ShapeError : GraphError;
  return new Kind(`${error.message} (made at ${origin.place})`);
}

/** Throws unless `value` is a node; for functions that take no literals. */
export function checkNode(what: string, value: unknown): Node {
  if (value instanceof Node) return value;
  throw new GraphError(`${what}: got ${describe(value)}; wanted a node`);
}

/** A node's name with its shape, for messages. */
export function labelWithShape(node: Node): string {
  return `${label(node)} ${show(node.shape)}`;
}
