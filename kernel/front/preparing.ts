/** What is done of a cell before it runs: it is compiled and checked. An interrupt ends that too. */
import type { CompiledCell } from "../cell/compile.ts";
import type { TypesMode } from "../cell/magics/types.ts";
import type { Surroundings } from "../cell/transform.ts";
import type { Outcome } from "../channel.ts";
import { type CellText, type Checking, PASSED, type Verdict } from "./checking.ts";
import { Compiling } from "./compiling.ts";
import { interrupted } from "./own_reports.ts";

/** A part of a cell that may run. */
export interface Prepared extends Pick<Verdict, "notes" | "changed"> {
  readonly compiled: CompiledCell;
  /** Its TypeScript, with blanks for its magics. */
  readonly plain: string;
  /** How it was checked. */
  readonly types: TypesMode;
}

interface Situation {
  /** The names of the notebook. */
  readonly names: Surroundings["names"];
  readonly isChecked: boolean;
}

export class Preparing {
  readonly #compiling: Compiling;
  readonly #checking: Pick<Checking, "check" | "choose" | "mode">;
  readonly #idle: () => Promise<void>;
  readonly #cancels = new Set<() => void>();

  /** `folder` is the notebook's; `idle` resolves when a cell may run. */
  constructor(
    folder: string,
    checking: Pick<Checking, "check" | "choose" | "mode">,
    idle: () => Promise<void>,
  ) {
    this.#compiling = new Compiling(folder);
    this.#checking = checking;
    this.#idle = idle;
  }

  /** Loads the parsers; it takes a while, so not before the kernel has said that it is there. */
  async load(): Promise<void> {
    await this.#compiling.load();
  }

  /** The texts that a cell is run in, one after the other: as a rule one. An outcome if it is not run. */
  async parts(source: string, names: Surroundings["names"]): Promise<readonly string[] | Outcome> {
    return this.#unlessCancelled(this.#compiling.parts(source, names));
  }

  /** Gets a part of a cell ready to run; an outcome if it does not run. */
  async prepare(part: string, cell: CellText, situation: Situation): Promise<Prepared | Outcome> {
    return this.#unlessCancelled(this.#prepare(part, cell, situation));
  }

  /** Lets no cell run that is being prepared. */
  cancel(): void {
    for (const cancel of this.#cancels) cancel();
  }

  async #unlessCancelled<T>(work: Promise<T>): Promise<T | Outcome> {
    let cancel = (): void => {};
    const cancelled = new Promise<Outcome>((resolve) => {
      cancel = () => resolve(interrupted());
    });
    this.#cancels.add(cancel);
    try {
      return await Promise.race([work, cancelled]);
    } finally {
      this.#cancels.delete(cancel);
    }
  }

  async #prepare(
    part: string,
    cell: CellText,
    { names, isChecked }: Situation,
  ): Promise<Prepared | Outcome> {
    await this.#idle();
    const compiled = await this.#compiling.compile(part, cell, names);
    if ("status" in compiled) return compiled;
    const { plain, types } = compiled;
    if (types !== null) this.#checking.choose(types);
    const verdict = isChecked ? await this.#checking.check(plain, cell) : PASSED;
    const { refusal, notes, changed } = verdict;
    if (refusal !== null) return { status: "error", ...refusal };
    return { compiled: compiled.cell, plain, notes, changed, types: this.#checking.mode };
  }
}
