/** Where each node stands in a list of nodes of one graph: numbers in pages, for a map from nodes is slow. */
import type { Node } from "./node.ts";

/** How many nodes a page holds: few nodes far apart take as little memory as many close together. */
const PAGE = 256;

/** The places of the nodes of a list, from 0 on. */
export class Places {
  readonly #nodes: readonly Node[];
  /** By a node's id: its place plus 1. */
  readonly #pages: (Int32Array | undefined)[] = [];

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
    for (let i = 0; i < nodes.length; i++) {
      const { id } = nodes[i];
      const page = (this.#pages[Math.floor(id / PAGE)] ??= new Int32Array(PAGE));
      page[id % PAGE] = i + 1;
    }
  }

  /** The place of a node, −1 if it is not in the list. */
  of(node: Node): number {
    const { id } = node;
    const page = this.#pages[Math.floor(id / PAGE)];
    const place = page === undefined ? -1 : page[id % PAGE] - 1;
    // Another graph has nodes of the same numbers.
    return place >= 0 && this.#nodes[place] === node ? place : -1;
  }
}
