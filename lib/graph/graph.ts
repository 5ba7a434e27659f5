/** Graph: the nodes of one computation, and the current default that new nodes go to. */
import { checkDtype, isFloat, type Dtype } from "../core/dtype.ts";
import { checkOptions } from "../core/options.ts";
import { describe } from "../core/describe.ts";
import { checkSeed, random, type Random } from "../core/random.ts";
import { Names, numbered, type Name } from "./names.ts";
import type { Node, NodeGraph, Stream } from "./node.ts";
import { Origin } from "./origin.ts";
import { dotOf, textOf } from "./print.ts";

/** What `new Graph()` takes. */
export interface GraphOptions {
  /** The type of literals and of variables that do not say otherwise; `float64` by default. */
  readonly dtype?: Dtype;
  /** Seeds `graph.random`; 0 by default. */
  readonly seed?: number;
}

let current: Graph | undefined;

/** A computational graph. It knows its nodes without keeping them: what nobody can reach any more is forgotten. */
export class Graph implements NodeGraph {
  readonly dtype: Dtype;
  readonly seed: number;
  /** A stream of random tensors for initial values, decided by `seed`. */
  readonly random: Random;
  /** The streams of its random nodes, in the order they were made; `draws` is all that changes about one. */
  readonly streams: readonly Stream[] = [];
  /** What was made between two runs is kept, or forgotten, together: a reference for each node is too slow. */
  #batches: WeakRef<Node[]>[] = [];
  #batch: Node[] | undefined;
  #made = 0;
  /** How many references there may be before those to nodes that are gone are thrown away. */
  #limit = 256;
  readonly #names = new Names();
  /** The line of the call that is being carried out, if that is one of those that make several nodes. */
  inherited: Origin | undefined;

  constructor(options: GraphOptions = {}) {
    checkOptions("Graph", options, ["dtype", "seed"], 'new Graph({ dtype: "float32", seed: 1 })');
    const { dtype = "float64", seed = 0 } = options;
    if (!isFloat(checkDtype(dtype))) {
      throw new TypeError(
        `Graph: dtype is ${dtype}; wanted float64 or float32: new Graph({ dtype: "float32" }); single nodes may be ${dtype}`,
      );
    }
    this.dtype = dtype;
    this.seed = seed;
    this.random = random(seed);
  }

  /** Makes this the graph that new placeholders, variables and constants go to. */
  asDefault(): this {
    makeCurrent(this);
    return this;
  }

  /** Every node, inputs before consumers. */
  get nodes(): readonly Node[] {
    return this.#batches.flatMap((one) => one.deref() ?? []);
  }

  /** How many nodes have been made, those that are gone included. */
  get made(): number {
    return this.#made;
  }

  /** Adds a node, whose position is the number of those made before; called by `Node` alone. */
  register(node: Node): readonly Node[] {
    this.#batch ??= this.#begin();
    this.#batch.push(node);
    this.#made += 1;
    return this.#batch;
  }

  #begin(): Node[] {
    if (this.#batches.length >= this.#limit) {
      this.#batches = this.#batches.filter((one) => one.deref() !== undefined);
      this.#limit = 256 + 2 * this.#batches.length;
    }
    const batch: Node[] = [];
    this.#batches.push(new WeakRef(batch));
    return batch;
  }

  /** Says that a run begins: what is made from now on is another batch. */
  endBatch(): void {
    this.#batch = undefined;
  }

  /** A new stream of random numbers: the graph's next, or the one that `seed` decides. */
  stream(seed?: number): Stream {
    const id = seed === undefined ? this.streams.length + 1 : 0;
    const made: Stream = { seed: checkSeed(seed ?? this.seed), id, draws: 0 };
    (this.streams as Stream[]).push(made);
    return made;
  }

  /** `base` within the current name scope, to be numbered. */
  named(base: string): Name {
    return this.#names.named(base);
  }

  /** `base` within the current name scope, numbered if it is taken. */
  uniqueName(base: string): string {
    const name = this.named(base);
    return numbered(name.base, name.take());
  }

  /** Runs `build`; the nodes it makes have names that begin with `name/`. */
  inScope<T>(name: string, build: () => T): T {
    const outer = this.#names.scope;
    this.#names.scope = `${outer}${name}/`;
    try {
      return build();
    } finally {
      this.#names.scope = outer;
    }
  }

  /** Runs `build`; the nodes it makes are said to come from `origin`. */
  inheriting<T>(origin: Origin, build: () => T): T {
    const outer = this.inherited;
    this.inherited = origin;
    try {
      return build();
    } finally {
      this.inherited = outer;
    }
  }

  /** The place a node made now belongs to: the caller's line, or that of the node it is made for. */
  here(className?: string): Origin {
    return this.inherited ?? new Origin(undefined, className);
  }

  /** One line per node. */
  toString(): string {
    return textOf(this.nodes);
  }

  /** The graph in the DOT language of Graphviz. */
  toDot(): string {
    return dotOf(this.nodes);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function makeCurrent(graph: Graph): void {
  current = graph;
}

/** The graph that new nodes go to; there always is one. */
export function defaultGraph(): Graph {
  current ??= new Graph();
  return current;
}

/** Runs `build`; the nodes it makes in the default graph have names that begin with `name/`. */
export function nameScope<T>(name: string, build: () => T): T {
  if (typeof name !== "string" || typeof build !== "function") {
    const [what, got] = typeof name === "string" ? ["build", build] : ["the name", name];
    throw new TypeError(
      `nameScope: ${what} is ${describe(got)}; write nameScope("layer1", () => …)`,
    );
  }
  return defaultGraph().inScope(name, build);
}
