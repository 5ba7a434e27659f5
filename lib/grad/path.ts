/** What a backward sweep knows of each node on its way: the numbers of nodes are places in plain arrays. */
import { topologicalOrder, type Node } from "../graph/node.ts";

/** What a consumer passes back to one of its inputs. */
export interface Contribution {
  readonly g: Node;
  /** Set where consumer and input are an op and the inner op of one of its shortcuts: the consumer's own cotangent. */
  readonly through?: { readonly consumer: string; readonly g: Node };
}

/** The nodes that y is computed from. */
export class Path {
  readonly #order: readonly Node[];
  /** By a node's id less the first one's: its place in the order plus 1, where a gradient may matter to it. */
  readonly #places: Int32Array;
  readonly #first: number;
  readonly #contributions: (Contribution[] | undefined)[];
  readonly #gradients: (Node | undefined)[];

  /** All of them matter, or those alone that are computed from one of `xs`. */
  constructor(y: Node, xs: readonly Node[] | undefined) {
    const order = topologicalOrder([y]);
    this.#order = order;
    this.#first = order[0].id;
    this.#places = new Int32Array(y.id - this.#first + 1);
    this.#contributions = Array<undefined>(order.length).fill(undefined);
    this.#gradients = Array<undefined>(order.length).fill(undefined);
    const wanted = xs && new Set(xs);
    for (const [i, node] of order.entries()) {
      const matters =
        wanted === undefined || wanted.has(node) || node.inputs.some((x) => this.leadsTo(x));
      if (matters) this.#places[node.id - this.#first] = i + 1;
    }
  }

  /** Those that matter, the last first. */
  *fromLast(): Generator<Node> {
    for (let i = this.#order.length - 1; i >= 0; i--) {
      if (this.leadsTo(this.#order[i])) yield this.#order[i];
    }
  }

  /** Whether a gradient may matter to a node. */
  leadsTo(node: Node): boolean {
    return this.#placeOf(node) >= 0;
  }

  pass(x: Node, contribution: Contribution): void {
    const place = this.#placeOf(x);
    const list = this.#contributions[place];
    if (list === undefined) this.#contributions[place] = [contribution];
    else list.push(contribution);
  }

  contributionsTo(node: Node): readonly Contribution[] | undefined {
    return this.#contributions[this.#placeOf(node)];
  }

  settle(node: Node, g: Node): void {
    this.#gradients[this.#placeOf(node)] = g;
  }

  has(node: Node): boolean {
    return this.gradientOf(node) !== undefined;
  }

  gradientOf(node: Node): Node | undefined {
    const place = this.#placeOf(node);
    return place < 0 ? undefined : this.#gradients[place];
  }

  /** The nodes that a gradient reached, each with it, the last first. */
  *reached(): Generator<[Node, Node]> {
    for (const node of this.fromLast()) {
      const g = this.gradientOf(node);
      if (g !== undefined) yield [node, g];
    }
  }

  #placeOf(node: Node): number {
    const at = node.id - this.#first;
    const place = at >= 0 && at < this.#places.length ? this.#places[at] - 1 : -1;
    // Another graph has nodes of the same numbers.
    return place >= 0 && this.#order[place] === node ? place : -1;
  }
}
