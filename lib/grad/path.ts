/** What a backward sweep knows of each node on its way: the numbers of nodes are places in plain arrays. */
import { topologicalOrder, type Node } from "../graph/node.ts";
import { Places } from "../graph/places.ts";

/** What a consumer passes back to one of its inputs. */
export interface Contribution {
  readonly g: Node;
  /** Set where consumer and input are an op and the inner op of one of its shortcuts: the consumer's own cotangent. */
  readonly through?: { readonly consumer: string; readonly g: Node };
}

/** The nodes that y is computed from. */
export class Path {
  readonly #order: readonly Node[];
  readonly #places: Places;
  /** By place: 1 where a gradient may matter. */
  readonly #matters: Uint8Array;
  readonly #contributions: (Contribution[] | undefined)[];
  readonly #gradients: (Node | undefined)[];

  /** All of them matter, or those alone that are computed from one of `xs`. */
  constructor(y: Node, xs: readonly Node[] | undefined) {
    const order = topologicalOrder([y]);
    this.#order = order;
    this.#places = new Places(order);
    this.#matters = new Uint8Array(order.length);
    this.#contributions = Array<undefined>(order.length).fill(undefined);
    this.#gradients = Array<undefined>(order.length).fill(undefined);
    const wanted = xs && new Set(xs);
    for (let i = 0; i < order.length; i++) {
      const node = order[i];
      const matters =
        wanted === undefined || wanted.has(node) || node.inputs.some((x) => this.leadsTo(x));
      if (matters) this.#matters[i] = 1;
    }
  }

  /** Looks at those that matter, the last first, with their places. */
  fromLast(look: (node: Node, place: number) => void): void {
    for (let i = this.#order.length - 1; i >= 0; i--) {
      if (this.#matters[i] === 1) look(this.#order[i], i);
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

  /** What was passed to the node at a place, which is looked at once: to keep it would let it grow old in vain. */
  takeContributions(place: number): readonly Contribution[] | undefined {
    const list = this.#contributions[place];
    this.#contributions[place] = undefined;
    return list;
  }

  settle(place: number, g: Node): void {
    this.#gradients[place] = g;
  }

  has(node: Node): boolean {
    return this.gradientOf(node) !== undefined;
  }

  gradientOf(node: Node): Node | undefined {
    const place = this.#placeOf(node);
    return place < 0 ? undefined : this.#gradients[place];
  }

  /** The nodes that a gradient reached, each with it, the last first. */
  reached(): [Node, Node][] {
    const found: [Node, Node][] = [];
    this.fromLast((node, place) => {
      const g = this.#gradients[place];
      if (g !== undefined) found.push([node, g]);
    });
    return found;
  }

  #placeOf(node: Node): number {
    const place = this.#places.of(node);
    return place >= 0 && this.#matters[place] === 1 ? place : -1;
  }
}
