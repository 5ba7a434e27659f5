/** What a model's loss and metrics are over many batches, the last of which may be smaller. */
import { joinRows } from "../core/rows.ts";
import { describe } from "../core/describe.ts";
import { Tensor } from "../core/tensor.ts";
import { GraphError, label, Node } from "../graph/node.ts";
import type { NoAttrs } from "../graph/op.ts";

/** A scalar node, averaged over the rows; or a function of all rows of some nodes: `[metrics.accuracy, p, c]`. */
export type Metric =
  | Node
  | readonly [of: (...values: never[]) => number, ...nodes: readonly Node[]];

/** Metrics by name. */
export type Metrics = Readonly<Record<string, Metric>>;

/** What there is without any. */
export type NoMetrics = NoAttrs;

/** Throws unless each metric is a node, or a function with nodes. */
export function checkMetrics(what: string, metrics: Metrics): void {
  for (const [name, metric] of Object.entries(metrics)) {
    if (["loss", "validation"].includes(name)) {
      throw new GraphError(
        `${what}: a metric is called ${name}, as the history of the loss is; choose another name`,
      );
    }
    if (metric instanceof Node || isFunctionOfNodes(metric)) continue;
    throw new GraphError(
      `${what}: metric ${name} is ${describe(metric)}; wanted a scalar node, or a function with its nodes: [metrics.accuracy, p, labels]`,
    );
  }
}

function isFunctionOfNodes(metric: unknown): boolean {
  if (!Array.isArray(metric) || metric.length < 2) return false;
  const [of, ...nodes] = metric as readonly unknown[];
  return typeof of === "function" && nodes.every((node) => node instanceof Node);
}

/** One metric, and what the batches so far gave. */
interface Entry {
  readonly name: string;
  readonly nodes: readonly Node[];
  /** Of all rows; a scalar node has none, and is averaged. */
  readonly of: ((...values: readonly Tensor[]) => number) | undefined;
  /** Of each node, what each batch gave. */
  readonly parts: readonly Tensor[][];
  sum: number;
}

/** Adds up what batches give. */
export class Tally {
  /** What each batch has to fetch, in order. */
  readonly nodes: readonly Node[];
  readonly #what: string;
  readonly #entries: readonly Entry[];
  #rows = 0;

  /** `what` begins the messages of errors. */
  constructor(what: string, loss: Node | undefined, metrics: Metrics) {
    this.#what = what;
    const named = Object.entries(metrics).map(([name, metric]) => entryOf(name, metric));
    this.#entries = loss === undefined ? named : [entryOf("loss", loss), ...named];
    this.nodes = this.#entries.flatMap(({ nodes }) => nodes);
  }

  /** Takes in what `nodes` gave for a batch of `rows`. */
  add(values: readonly Tensor[], rows: number): void {
    this.#rows += rows;
    let next = 0;
    for (const entry of this.#entries) {
      for (const [i, node] of entry.nodes.entries()) {
        const value = values[next++];
        if (entry.of === undefined)
          entry.sum += scalarOf(this.#what, entry.name, node, value) * rows;
        else entry.parts[i].push(rowsOf(this.#what, entry.name, node, value));
      }
    }
  }

  /** The loss and the metrics of all rows so far. */
  result(): Record<string, number> {
    return Object.fromEntries(
      this.#entries.map(({ name, of, parts, sum }) => [
        name,
        of === undefined ? sum / this.#rows : of(...parts.map(joinRows)),
      ]),
    );
  }
}

function entryOf(name: string, metric: Metric): Entry {
  if (metric instanceof Node) return { name, nodes: [metric], of: undefined, parts: [], sum: 0 };
  const [of, ...nodes] = metric;
  const parts = nodes.map((): Tensor[] => []);
  return { name, nodes, of: of as (...values: readonly Tensor[]) => number, parts, sum: 0 };
}

function scalarOf(caller: string, name: string, node: Node, value: Tensor): number {
  if (value.size === 1) return value.item();
  const what = name === "loss" ? "the loss" : `metric ${name}`;
  throw new GraphError(
    `${caller}: ${what}, ${label(node)}, came out with shape [${value.shape.join(", ")}] (made at ${node.origin.place}); wanted a scalar: reduceMean it`,
  );
}

function rowsOf(caller: string, name: string, node: Node, value: Tensor): Tensor {
  if (value.rank > 0) return value;
  throw new GraphError(
    `${caller}: metric ${name} takes ${label(node)}, a scalar; wanted a node with one row an example, or the scalar alone as metric`,
  );
}
