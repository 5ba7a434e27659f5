/** Session: runs parts of a graph, keeping a plan for each. */
import { backendNames, selectBackend, type BackendName } from "../backend/select.ts";
import { threadsHere } from "../backend/threads.ts";
import { toldHere } from "../backend/told.ts";
import type { Machine } from "../backend/wasm/machine.ts";
import { allocate } from "../core/dtype.ts";
import { checkOptions } from "../core/options.ts";
import { isKnown, sizeOf } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { Tensor } from "../core/tensor.ts";
import { graphOf } from "../graph/build.ts";
import { Graph } from "../graph/graph.ts";
import { GraphError, label, topologicalOrder, type Node } from "../graph/node.ts";
import { Placeholder } from "../ops/state.ts";
import type { Explanation } from "./explain.ts";
import type { Compiler } from "./compiler.ts";
import { readFeeds, type Fed, type Feeds } from "./feeds.ts";
import { fetchedNodes, inForm, intoList, type Fetch, type Fetched } from "./fetch.ts";
import { Habit } from "./habit.ts";
import { Plan, type Means } from "./plan.ts";

/** What a session can be told to compute with. */
export type SessionBackend = BackendName | "auto" | "wasm";

/** What `new Session()` takes. */
export interface SessionOptions {
  /**
   * By default `"auto"`: the first runs of a plan are interpreted, the next ones are WebAssembly. `"wasm"` compiles at
   * once; `"javascript"` never does; `"reference"` is slow and obviously right.
   */
  readonly backend?: SessionBackend;
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

const defaults: RunOptions<never> = {};

function checkRunOptions(options: unknown): void {
  const call = "session.run(fetch, feeds, { checkNumerics: true })";
  checkOptions("run", options, ["into", "checkNumerics"], call);
}

/** What a session may be told to compute with, the fastest first. */
const names: readonly SessionBackend[] = ["auto", "wasm", ...backendNames];

const keptPlans = 64;
/** How often a plan is interpreted before it is compiled. */
const patience = 3;

/** Runs graphs. Plans are made once per set of fetches and feed shapes. */
export class Session {
  readonly #name: SessionBackend;
  readonly #means: Means;
  readonly #graph: Graph | undefined;
  /** The most recently used plan first. */
  readonly #plans: Plan[] = [];
  readonly #habit = new Habit();

  constructor(options: SessionOptions = {}) {
    checkOptions("Session", options, ["backend", "graph"], 'new Session({ backend: "wasm" })');
    const { backend = "auto", graph } = options;
    if (graph !== undefined && !(graph instanceof Graph)) {
      throw new TypeError(
        `Session: graph is ${describe(graph)}; wanted a Graph: new Session({ graph: defaultGraph() })`,
      );
    }
    this.#name = backend;
    this.#means = meansOf(backend);
    this.#graph = graph;
  }

  /** What this session was told to compute with. */
  get backend(): SessionBackend {
    return this.#name;
  }

  /**
   * Computes the fetched nodes from the fed values. Every read of a variable sees its value from before the run.
   * A run that throws has changed no variable.
   */
  run<const F extends Fetch>(
    fetch: F,
    feeds: Feeds = [],
    options: RunOptions<F> = defaults,
  ): Fetched<F> {
    if (options !== defaults) checkRunOptions(options);
    const nodes = fetchedNodes(fetch);
    const fed = readFeeds(feeds);
    const plan = this.#planFor(nodes, fed);
    if (nodes.length > 0) {
      nodes[0].graph.endBatch();
      this.#habit.look(nodes[0].graph);
    }
    const into = options.into === undefined ? undefined : intoList(fetch, options.into);
    return inForm(fetch, plan.run(fed, into, options));
  }

  /** The plan that computes a fetch; feeds are needed where placeholders leave their shapes open. */
  explain(fetch: Fetch, feeds: Feeds = []): Explanation {
    const nodes = fetchedNodes(fetch);
    const fed = new Map(readFeeds(feeds));
    for (const node of topologicalOrder(nodes)) {
      if (!(node instanceof Placeholder) || fed.has(node) || !isKnown(node.shape)) continue;
      fed.set(node, new Tensor(allocate(node.dtype, sizeOf(node.shape)), node.shape));
    }
    return this.#planFor(nodes, fed).explain();
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
    const plan = new Plan(nodes, fed, this.#means);
    plans.unshift(plan);
    for (const old of plans.splice(keptPlans)) old.dispose();
    return plan;
  }

  #checkGraph(nodes: readonly Node[], fed: Fed): void {
    const graph = graphOf("run", [...nodes, ...fed.keys()]);
    if (this.#graph === undefined || graph === this.#graph || nodes.length === 0) return;
    throw new GraphError(
      `run: ${label(nodes[0])} (made at ${nodes[0].origin.place}) is not of this session's graph; make a new Session({ graph })`,
    );
  }
}

function meansOf(name: SessionBackend): Means {
  if (!names.includes(name)) {
    throw new TypeError(
      `Session: backend ${name as string} is unknown; use one of ${names.join(", ")}`,
    );
  }
  if (name !== "auto" && name !== "wasm") {
    return { backend: selectBackend(name), machine: undefined, patience };
  }
  const backend = selectBackend("javascript");
  // Memory is reserved when the first plan is compiled.
  let made: Machine | undefined;
  const machine = ({ Machine: Made }: Compiler): Machine =>
    (made ??= new Made(threadsHere(), toldHere()));
  return { backend, machine, patience: name === "wasm" ? 0 : patience };
}
