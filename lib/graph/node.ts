/** Node: one value of a computation, described by an op and the nodes it is computed from. */
import type { Backend, Buffer, Shared, Step } from "../backend/backend.ts";
import type { Dtype } from "../core/dtype.ts";
import { Mistake } from "../core/mistake.ts";
import { show, type PartialShape, type Shape } from "../core/shape.ts";
import { numbered, type Name } from "./names.ts";
import type { Origin } from "./origin.ts";

/** What a vjp may look at: the nodes that went in and the one that came out. */
export interface Call<Inputs = readonly Node[], Attrs = object> {
  readonly inputs: Inputs;
  readonly output: Node;
  readonly attrs: Attrs;
  /** Whether anybody asks for the cotangent of an input; what is given for another is thrown away. */
  readonly wanted: readonly boolean[];
}

/** How a composition of two ops is computed better than one after the other. */
export interface Shortcut {
  /** Computes the outer op's output from the inner op's inputs. */
  readonly op: OpSpec;
  /** The part of the inner op's gradient that came through the outer op with `g`. */
  vjp(inner: Call, g: Node): readonly (Node | null)[];
}

/** An op as nodes, plans and gradients see it, whatever its inputs and attributes. */
export interface OpSpec {
  readonly name: string;
  /** The output's shape, as far as those of the inputs are known; throws a `ShapeError` if they do not fit. */
  shape(shapes: readonly PartialShape[], attrs: object): PartialShape;
  dtype(dtypes: readonly Dtype[], attrs: object): Dtype;
  /** Binds the computation to its buffers; absent where a value comes from outside or from `compute`. */
  kernel?(
    backend: Backend,
    inputs: readonly Buffer[],
    out: Buffer,
    attrs: object,
    shared: Shared,
  ): Step;
  /** Whether, at these shapes, the output is the first input's memory. */
  view?(shapes: readonly Shape[], attrs: object): boolean;
  /** The cotangents of the inputs, as nodes, given that of the output. */
  readonly vjp: "none" | ((call: Call, g: Node) => readonly (Node | null)[]);
  /** Set where two equal nodes may have two values, or act twice: such a node is never folded or merged. */
  readonly stateful?: true;
  /** By the outer op's name: a composition that is computed in one. */
  readonly through?: Readonly<Record<string, Shortcut>>;
}

/** Where a random node's numbers come from. The same seed, id and count of draws give the same numbers everywhere. */
export interface Stream {
  readonly seed: number;
  readonly id: number;
  /** How many runs have drawn from it. */
  draws: number;
}

/** What a node asks of the graph it belongs to. */
export interface NodeGraph {
  readonly dtype: Dtype;
  readonly seed: number;
  readonly nodes: readonly Node[];
  readonly made: number;
  named(base: string): Name;
  uniqueName(base: string): string;
  register(node: Node): readonly Node[];
  endBatch(): void;
  readonly inherited: Origin | undefined;
  here(className?: string): Origin;
  stream(seed?: number): Stream;
  inheriting<T>(origin: Origin, build: () => T): T;
  inScope<T>(name: string, build: () => T): T;
  toDot(): string;
}

/** What a node is made from. */
export interface NodeInit {
  readonly graph: NodeGraph;
  readonly op: OpSpec;
  readonly inputs: readonly Node[];
  readonly attrs: object;
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: PartialShape;
  readonly origin: Origin;
}

/** A mistake in how a graph is built, differentiated or run; the message says where, and the way out. */
export class GraphError extends Mistake {
  static {
    // On the prototype, so that a stack begins with this name, and an error shows no field of it.
    this.prototype.name = "GraphError";
  }
}

/** A node of a graph. It never holds a value: values belong to a run. */
export class Node {
  readonly graph: NodeGraph;
  readonly op: OpSpec;
  readonly inputs: readonly Node[];
  readonly attrs: object;
  readonly dtype: Dtype;
  /** As far as it is known before a run. */
  readonly shape: PartialShape;
  /** The line that made this node. */
  readonly origin: Origin;
  /** Position in its graph; inputs always come before their consumers. */
  readonly id: number;
  /** The nodes that were made between the same two runs, which are kept as long as one of them is. */
  readonly batch: readonly Node[];
  readonly #name: Name;
  readonly #number: number;

  constructor(init: NodeInit) {
    this.graph = init.graph;
    this.op = init.op;
    this.inputs = init.inputs;
    this.attrs = init.attrs;
    this.dtype = init.dtype;
    this.shape = init.shape;
    this.origin = init.origin;
    this.id = init.graph.made;
    this.batch = init.graph.register(this);
    this.#name = init.graph.named(init.name);
    this.#number = this.#name.take();
  }

  /** Unique in its graph. */
  get name(): string {
    return numbered(this.#name.base, this.#number);
  }

  /**
   * The nodes computed from this one, in the order they were made. They are looked for: a node that knew them would
   * keep them all, a variable everything that was ever built on it.
   */
  get consumers(): readonly Node[] {
    return this.graph.nodes.filter((node) => node.inputs.includes(this));
  }

  /** `z = matmul(X, W): float64 [100, 2]` */
  toString(): string {
    const inputs = this.inputs.map((x) => x.name).join(", ");
    return `${this.name} = ${this.op.name}(${inputs}): ${this.dtype} ${show(this.shape)}`;
  }

  /** Text where text is wanted; arithmetic throws, for a node has no number: `M * 2` would be NaN without a word. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint !== "number") return this.toString();
    throw new GraphError(
      `${label(this)} (made at ${this.origin.place}) is a node, not a number; write multiply(x, 2) for x * 2, and session.run(x) for its value`,
    );
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** A node as messages name it: its op, and its name where that says more. */
export function label(node: Node): string {
  return node.name === node.op.name ? node.name : `${node.op.name} "${node.name}"`;
}

/** How many nodes a page of `Pages` holds. */
const PAGE = 256;

/** Nodes of one graph by their positions, in pages: few nodes far apart take as little memory as many close together. */
class Pages {
  readonly #pages: (Node | undefined)[][] = [];

  add(node: Node): void {
    const { id } = node;
    const page = (this.#pages[Math.floor(id / PAGE)] ??= Array<undefined>(PAGE).fill(undefined));
    page[id % PAGE] = node;
  }

  /** Looks at all, the last first. What is added meanwhile comes too, if it stands further ahead. */
  fromLast(look: (node: Node) => void): void {
    for (let number = this.#pages.length - 1; number >= 0; number--) {
      const page = this.#pages[number];
      if (page === undefined) continue;
      for (let i = PAGE - 1; i >= 0; i--) {
        const node = page[i];
        if (node !== undefined) look(node);
      }
    }
  }
}

/** The nodes that the given ones are computed from, themselves included, inputs before consumers. */
export function topologicalOrder(
  roots: Iterable<Node>,
  inputsOf: (node: Node) => readonly Node[] = (node) => node.inputs,
): Node[] {
  const byGraph = new Map<NodeGraph, Pages>();
  for (const root of roots) {
    let pages = byGraph.get(root.graph);
    if (pages === undefined) byGraph.set(root.graph, (pages = new Pages()));
    pages.add(root);
  }
  const order: Node[] = [];
  for (const pages of byGraph.values()) {
    // Inputs stand ahead of their consumers: from the last one on, whatever is found comes later.
    pages.fromLast((node) => {
      order.push(node);
      const inputs = inputsOf(node);
      for (let i = 0; i < inputs.length; i++) pages.add(inputs[i]);
    });
  }
  return order.toReversed();
}
