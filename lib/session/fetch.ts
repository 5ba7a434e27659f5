/** What a run fetches: a node, a tuple or a record of nodes; the result has the same form. */
import { describe } from "../core/describe.ts";
import type { Tensor } from "../core/tensor.ts";
import { GraphError, Node } from "../graph/node.ts";

/** A node, or several in an array or object. */
export type Fetch = Node | readonly Node[] | { readonly [name: string]: Node };

/** The tensors of a fetch, in its form. */
export type Fetched<F extends Fetch> = F extends Node
  ? Tensor
  : { -readonly [K in keyof F]: F[K] extends Node ? Tensor : F[K] };

/** The nodes of a fetch, in order; throws, naming the place, at anything that is no node. */
export function fetchedNodes(fetch: Fetch): readonly Node[] {
  if (fetch instanceof Node) return [fetch];
  if (typeof fetch !== "object" || fetch === null) throw notANode("the fetch", fetch);
  if (fetch instanceof Map || fetch instanceof Set) throw notANode("the fetch", fetch);
  const nodes: readonly unknown[] = Array.isArray(fetch) ? fetch : Object.values(fetch);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node instanceof Node) continue;
    // The fields of an optimizer or of a tensor are not what was meant.
    const isList = Array.isArray(fetch) || Object.getPrototypeOf(fetch) === Object.prototype;
    throw isList ? notANode(`fetch ${Object.keys(fetch)[i]}`, node) : notANode("the fetch", fetch);
  }
  return nodes as readonly Node[];
}

function notANode(what: string, value: unknown): GraphError {
  // Of what was fetched, only the outermost may be a list.
  const isNested = what !== "the fetch" && Array.isArray(value);
  const isCollection = value instanceof Map || value instanceof Set;
  const wanted = isNested
    ? "a node, for fetches do not nest; write one flat array"
    : `a node, or an array or object of nodes${isCollection ? ": [...it.values()]" : ""}`;
  return new GraphError(`run: ${what} is ${describe(value)}; wanted ${wanted}`);
}

/** Results, in the order of `fetchedNodes`, in the form of the fetch. */
export function inForm<F extends Fetch>(fetch: F, results: readonly Tensor[]): Fetched<F> {
  if (fetch instanceof Node) return results[0] as Fetched<F>;
  if (Array.isArray(fetch)) return results as unknown as Fetched<F>;
  const names = Object.keys(fetch);
  return Object.fromEntries(names.map((name, i) => [name, results[i]])) as Fetched<F>;
}

/** The tensors to write into, in the order of `fetchedNodes`. */
export function intoList(fetch: Fetch, into: unknown): readonly Tensor[] {
  if (fetch instanceof Node) return [into as Tensor];
  if (Array.isArray(fetch)) return into as readonly Tensor[];
  return Object.keys(fetch).map((name) => (into as Readonly<Record<string, Tensor>>)[name]);
}
