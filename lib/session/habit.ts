/** Notices a loop that builds nodes before each run. */
import type { NodeGraph } from "../graph/node.ts";

/** So many runs in a row with new nodes are no coincidence; the cells of a notebook seldom get there. */
const RUNS = 50;

/** What a session remembers of how its graph grows. */
export class Habit {
  #graph: WeakRef<NodeGraph> | undefined;
  #made = 0;
  #inRow = 0;

  /** Looks at the graph of a run; warns once if it has grown before every one of the last runs. */
  look(graph: NodeGraph): void {
    const { made } = graph;
    if (made === this.#made) {
      if (this.#inRow < RUNS) this.#inRow = 0;
      return;
    }
    if (this.#graph?.deref() !== graph) {
      this.#graph = new WeakRef(graph);
      if (this.#inRow < RUNS) this.#inRow = 0;
    } else if (this.#inRow < RUNS) {
      this.#inRow += 1;
      if (this.#inRow === RUNS) this.#warn();
    }
    this.#made = made;
  }

  #warn(): void {
    console.warn(
      `run: each of the last ${RUNS} runs came after new nodes; build the graph once, before the loop, ` +
        `and feed what changes through a placeholder`,
    );
  }
}
