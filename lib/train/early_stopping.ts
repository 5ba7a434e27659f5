/** Ending a training run when it gets no better. */
import { checkNumber, checkOptions } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { topologicalOrder, type Node } from "../graph/node.ts";
import { Variable } from "../ops/state.ts";

/** When to stop, and with which values. */
export interface EarlyStopping {
  /** How many epochs in a row may be no better than the best so far. */
  readonly patience: number;
  /** By how much a loss must be lower to count as better: 0 by default. */
  readonly minDelta?: number;
  /** Whether, at the end, every variable gets the value it had after the best epoch. */
  readonly restoreBest?: boolean;
}

/** Watches the loss of each epoch: that of the validation if there is one. */
export class Patience {
  readonly #options: EarlyStopping;
  readonly #variables: readonly Variable[];
  #best = Infinity;
  #waited = 0;
  #values: readonly Tensor[] | undefined;

  constructor(options: EarlyStopping, roots: readonly Node[]) {
    const call = "{ patience: 3 }";
    checkOptions("fit: earlyStopping", options, ["patience", "minDelta", "restoreBest"], call);
    checkNumber("fit: earlyStopping.patience", options.patience, { least: 1, whole: true });
    checkNumber("fit: earlyStopping.minDelta", options.minDelta ?? 0, { least: 0 });
    this.#options = options;
    this.#variables = topologicalOrder(roots).filter((node) => node instanceof Variable);
  }

  /** Whether it is enough, now that an epoch ended with this loss. */
  isOver(loss: number): boolean {
    const { patience, minDelta = 0, restoreBest = false } = this.#options;
    if (loss < this.#best - minDelta) {
      this.#best = loss;
      this.#waited = 0;
      if (restoreBest) this.#values = this.#variables.map((variable) => variable.value);
      return false;
    }
    this.#waited += 1;
    return this.#waited >= patience;
  }

  /** Brings back the variables of the best epoch, if that is wanted. */
  restore(): void {
    for (const [i, value] of (this.#values ?? []).entries()) this.#variables[i].value = value;
  }
}
