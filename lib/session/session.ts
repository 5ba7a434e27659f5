/** Session: runs parts of a graph, keeping a plan for each. */
import type { Backend, Buffer } from "../backend/backend.ts";
import { selectBackend, type BackendName } from "../backend/select.ts";
import { sameShape, ShapeError, show } from "../core/shape.ts";
import { describe, Tensor } from "../core/tensor.ts";
import { commonGraph } from "../graph/build.ts";
import type { Graph } from "../graph/graph.ts";
import { GraphError, label, type Node } from "../graph/node.ts";
import { readFeeds, type Fed, type Feeds } from "./feeds.ts";
import { fetchedNodes, inForm, intoList, type Fetch, type Fetched } from "./fetch.ts";
import { Plan } from "./plan.ts";

/** What `new Session()` takes. */
export interface SessionOptions {
  /** `"javascript"`, the default, or `"reference"`, which is slow and obviously right. */
  readonly backend?: BackendName;
  /** If given, the only graph whose nodes this session runs. */
  readonly graph?: Graph;
}

/** What a single run can be told. */
export interface RunOptions<F extends Fetch = Fetch> {
  /** Tensors, in the form of the fetch, that the results are written into. */
  readonly into?: Fetched<F>;
  /** Throw at the first node that makes a NaN, or an infinity out of finite numbers. */
  readonly checkNumerics?: boolean;
}

const keptPlans = 32;

/** Runs graphs. Plans are made once per set of fetches and feed shapes. */
export class Session {
  readonly #backend: Backend;
  readonly #graph: Graph | undefined;
  /** The most recently used plan first. */
  readonly #plans: Plan[] = [];

  constructor({ backend = "javascript", graph }: SessionOptions = {}) {
    this.#backend = selectBackend(backend);
    this.#graph = graph;
  }

  /** The name of the backend that computes. */
  get backend(): BackendName {
    return this.#backend.name as BackendName;
  }

  /**
   * Computes the fetched nodes from the fed values. Every read of a variable sees its value from before the run.
   * A run that throws has changed no variable.
   */
  run<const F extends Fetch>(fetch: F, feeds: Feeds = [], options: RunOptions<F> = {}): Fetched<F> {
    const nodes = fetchedNodes(fetch);
    const fed = readFeeds(feeds);
    const plan = this.#planFor(nodes, fed);
    const into = options.into === undefined ? undefined : intoList(fetch, options.into);
    const deliver = (buffers: readonly Buffer[]): readonly Tensor[] =>
      into === undefined ? buffers.map(copyOf) : writeInto(nodes, buffers, into);
    return inForm(fetch, plan.run(fed, deliver, options));
  }

  #planFor(nodes: readonly Node[], fed: Fed): Plan {
    const plans = this.#plans;
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i];
      if (!plan.matches(nodes, fed)) continue;
      if (i > 0) plans.unshift(...plans.splice(i, 1));
      return plan;
    }
    this.#checkGraph(nodes, fed);
    const plan = new Plan(nodes, fed, this.#backend);
    plans.unshift(plan);
    plans.length = Math.min(plans.length, keptPlans);
    return plan;
  }

  #checkGraph(nodes: readonly Node[], fed: Fed): void {
    const graph = commonGraph("run", [...nodes, ...fed.keys()]);
    if (this.#graph === undefined || graph === this.#graph || nodes.length === 0) return;
    throw new GraphError(
      `run: ${label(nodes[0])} (made at ${nodes[0].origin.place}) is not of this session's graph; make a new Session({ graph })`,
    );
  }
}

function copyOf(buffer: Buffer): Tensor {
  return new Tensor(buffer.data.slice(), buffer.shape);
}

function writeInto(
  nodes: readonly Node[],
  buffers: readonly Buffer[],
  into: readonly Tensor[],
): readonly Tensor[] {
  for (const [i, { shape, dtype }] of buffers.entries()) {
    const target: unknown = into[i];
    const fits =
      target instanceof Tensor && target.dtype === dtype && sameShape(target.shape, shape);
    if (fits) continue;
    const got =
      target instanceof Tensor ? `${target.dtype} ${show(target.shape)}` : describe(target);
    throw new ShapeError(
      `run: into for ${label(nodes[i])} is ${got}; wanted a Tensor, ${dtype} ${show(shape)}`,
    );
  }
  for (const [i, { data }] of buffers.entries()) into[i].data.set(data);
  return into;
}
