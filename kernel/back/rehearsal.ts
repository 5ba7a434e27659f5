/** The back's side of a rehearsal (kernel/front/rehearsal.ts): cells that run in objects of their own. */
import { type FromBack, newShared, type ToBack } from "../channel.ts";
import { Errors } from "./errors.ts";
import { Executor, type ExecutorParts } from "./executor.ts";
import { Interruption } from "./interruption.ts";
import { Output } from "./output.ts";
import { Runs } from "./runs.ts";
import { Scope } from "./scope.ts";

/** What is the notebook's own, and of no use to a cell that imports nothing. */
type Shared = Pick<ExecutorParts, "builtins" | "imports" | "magics">;

export class Rehearsal {
  readonly #parts: Shared;
  readonly #post: (message: FromBack) => void;
  #runs: Runs | null = null;
  #executor: Executor | null = null;

  constructor(parts: Shared, post: (message: FromBack) => void) {
    this.#parts = parts;
    this.#post = post;
  }

  receive(order: ToBack): void {
    this.#executor ??= this.#begin();
    if (order.type === "execute") this.#executor.execute(order);
  }

  /** It has been enough. */
  end(): void {
    this.#runs?.end();
    this.#runs = null;
    this.#executor = null;
  }

  #begin(): Executor {
    const post = (message: FromBack): void => this.#post({ type: "rehearsed", message });
    const { builtins } = this.#parts;
    const shared = newShared();
    const [scope, errors] = [new Scope(), new Errors(builtins)];
    const interruption = new Interruption(shared);
    const output = new Output({ post, shared, check: () => {} });
    this.#runs = new Runs({ builtins, errors, interruption, output, post });
    const runs = this.#runs;
    return new Executor({
      ...this.#parts,
      runs,
      scope,
      errors,
      interruption,
      output,
      post,
    });
  }
}
