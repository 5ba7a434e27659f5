/** Checkpoints: the variables of a graph under their names, slots and steps of optimizers among them, and its random state. */
import { isFloat } from "../core/dtype.ts";
import type { RandomState } from "../core/random.ts";
import { checkOptions } from "../core/options.ts";
import { sameShape, show } from "../core/shape.ts";
import { describe } from "../core/describe.ts";
import { parseTensor, type Tensor } from "../core/tensor.ts";
import { defaultGraph, Graph } from "../graph/graph.ts";
import { GraphError, type Stream } from "../graph/node.ts";
import { Variable } from "../ops/state.ts";
import { readBytes, writeBytes, type Path } from "./files.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

/** Which variables are meant. */
export interface Of {
  /** All variables of this graph, by default of the current one. */
  readonly graph?: Graph;
  /** Exactly these. The random state is then left out. */
  readonly variables?: readonly Variable[];
}

/** What `loadVariables` takes. */
export interface LoadOptions extends Of {
  /** Load the names that file and graph have in common, and leave the others alone, and the random state. */
  readonly partial?: boolean;
}

const randomKey = "gradbook.random";

/** Writes variables under their names into a safetensors file, and the state of the graph's random numbers into its metadata. */
export function saveVariables(path: Path, options: Of = {}): void {
  const { variables, graph } = chosen("saveVariables", options, ["graph", "variables"]);
  if (variables.size === 0) {
    throw new GraphError(
      "io.saveVariables: there are no variables; make one with new Variable(…), or name the graph: { graph }",
    );
  }
  const tensors = Object.fromEntries(
    [...variables].map(([name, variable]): [string, Tensor] => [name, variable.value]),
  );
  const metadata = graph === undefined ? {} : { [randomKey]: JSON.stringify(stateOf(graph)) };
  writeBytes("io.saveVariables", path, encodeSafetensors({ tensors, metadata }));
}

/**
 * Gives variables the values that a safetensors file has under their names, and the graph's random numbers their state. Throws, and
 * changes nothing, if a name is missing on either side (unless `partial`), or a shape differs. Returns the names loaded.
 */
export function loadVariables(path: Path, options: LoadOptions = {}): string[] {
  const { variables, graph } = chosen("loadVariables", options, ["graph", "variables", "partial"]);
  const what = `io.loadVariables: ${String(path)}`;
  const { tensors, metadata } = decodeSafetensors(what, readBytes("io.loadVariables", path));
  if (options.partial !== true) checkNames(what, [...variables.keys()], Object.keys(tensors));
  const common = [...variables].filter(([name]) => Object.hasOwn(tensors, name));
  if (common.length === 0) {
    throw new GraphError(
      `${what} and the graph have no name in common: it has ${list(Object.keys(tensors))}, the graph ${list([...variables.keys()])}`,
    );
  }
  const values = common.map(([name, variable]) => fitting(what, variable, tensors[name]));
  const text = options.partial === true ? undefined : metadata[randomKey];
  if (graph !== undefined && text !== undefined) setState(graph, randomState(what, text, graph));
  for (const [i, [, variable]] of common.entries()) variable.value = values[i];
  return common.map(([name]) => name);
}

interface Chosen {
  readonly variables: ReadonlyMap<string, Variable>;
  /** If all of it is meant. */
  readonly graph: Graph | undefined;
}

function chosen(name: string, options: Of, known: readonly string[]): Chosen {
  const call = `io.${name}("model.safetensors", { graph })`;
  checkOptions(`io.${name}`, options, known, call);
  const { variables } = options;
  if (variables !== undefined) {
    const given: readonly unknown[] = Array.isArray(variables) ? variables : [variables];
    const other = given.find((each) => !(each instanceof Variable));
    if (other !== undefined) {
      throw new GraphError(
        `io.${name}: variables hold ${describe(other)}; wanted a list of variables: { variables: [W, b] }`,
      );
    }
    return { variables: byName(name, given as readonly Variable[]), graph: undefined };
  }
  const graph: unknown = options.graph ?? defaultGraph();
  if (!(graph instanceof Graph)) {
    throw new GraphError(`io.${name}: graph is ${describe(graph)}; write ${call}`);
  }
  const all = graph.nodes.filter((node) => node instanceof Variable);
  return { variables: byName(name, all), graph };
}

function byName(name: string, variables: readonly Variable[]): Map<string, Variable> {
  const named = new Map<string, Variable>();
  for (const variable of variables) {
    const other = named.get(variable.name);
    if (other !== undefined && other !== variable) {
      throw new GraphError(
        `io.${name}: two variables are called ${variable.name} (made at ${other.origin.place} and ${variable.origin.place}); save each graph by itself`,
      );
    }
    named.set(variable.name, variable);
  }
  return named;
}

function checkNames(what: string, own: readonly string[], stored: readonly string[]): void {
  const [ours, theirs] = [new Set(own), new Set(stored)];
  const missing = own.filter((name) => !theirs.has(name));
  const extra = stored.filter((name) => !ours.has(name));
  if (missing.length === 0 && extra.length === 0) return;
  const parts = [
    ...(missing.length > 0 ? [`it lacks ${list(missing)}`] : []),
    ...(extra.length > 0 ? [`it has ${list(extra)} that the graph has not`] : []),
  ];
  throw new GraphError(
    `${what} does not fit the graph: ${parts.join(", and ")}; build the graph as it was when saved, or load what both have: { partial: true }`,
  );
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** The stored value in the variable's type. */
function fitting(what: string, variable: Variable, stored: Tensor): Tensor {
  const { name, dtype, buffer } = variable;
  if (!sameShape(stored.shape, buffer.shape)) {
    throw new GraphError(
      `${what}: ${name} has the shape ${show(stored.shape)}, the variable ${show(buffer.shape)} (made at ${variable.origin.place}); build the graph as it was when saved`,
    );
  }
  if (stored.dtype !== dtype && !(isFloat(stored.dtype) && isFloat(dtype))) {
    throw new GraphError(
      `${what}: ${name} is ${stored.dtype}, the variable ${dtype} (made at ${variable.origin.place}); give the variable that dtype`,
    );
  }
  return parseTensor(what, stored, dtype);
}

/** Where the random numbers of a graph are: those for starting values, and those of each random node. */
interface GraphState extends RandomState {
  readonly streams: readonly Stream[];
}

function stateOf(graph: Graph): GraphState {
  return { ...graph.random.state, streams: graph.streams };
}

function setState(graph: Graph, { seed, counter, streams }: GraphState): void {
  graph.random.state = { seed, counter };
  for (const [i, stream] of graph.streams.entries()) Object.assign(stream, streams[i]);
}

/** The state in a file's metadata; throws unless it is one that the graph can take over. */
function randomState(what: string, text: string, graph: Graph): GraphState {
  const state = parsed(text);
  if (state === undefined) {
    throw new GraphError(
      `${what}: its random state is ${text}; wanted a seed, a counter and streams: save it anew`,
    );
  }
  const [stored, own] = [state.streams.length, graph.streams.length];
  if (stored === own) return state;
  throw new GraphError(
    `${what} has the state of ${stored} random nodes, the graph has ${own}; build the graph as it was when saved, or leave its random numbers alone: { partial: true }`,
  );
}

function parsed(text: string): GraphState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { seed, counter, streams } = Object(value) as Partial<GraphState>;
  if (!isWhole(seed) || !isCount(counter) || !Array.isArray(streams)) return undefined;
  const stored = (streams as readonly unknown[]).map((each) => Object(each) as Stream);
  const fits = stored.every(
    ({ seed: own, id, draws }) => isWhole(own) && isCount(id) && isCount(draws),
  );
  if (!fits) return undefined;
  return {
    seed,
    counter,
    streams: stored.map(({ seed: own, id, draws }) => ({ seed: own, id, draws })),
  };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isCount(value: unknown): value is number {
  return isWhole(value) && value >= 0;
}
