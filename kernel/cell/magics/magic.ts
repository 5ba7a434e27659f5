/** What a magic is: one value, from which recognition, help, completion and errors are derived. */

/** What stands behind a magic's name, and, for a `%%` magic, below its line. */
export interface MagicCall {
  readonly text: string;
  readonly body: string | null;
}

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A program to run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** The process's own folder by default. */
  readonly folder?: string;
  /** Takes what it writes; by default that is the cell's output. */
  readonly hear?: (stream: "stdout" | "stderr", text: string) => void;
}

/** A name of the notebook, in words. */
export interface NameSummary {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly size: string;
}

/** What a magic can do to the notebook it stands in. */
export interface MagicHost {
  /** Where the notebook lies. */
  readonly folder: string;
  /** Every magic there is. */
  readonly magics: readonly Magic[];
  /** Milliseconds, and fractions of them. */
  now(): number;
  print(text: string, stream?: "stdout" | "stderr"): void;
  /** Shows a value at this place, as `display` does; another may take its place. */
  show(value: unknown): { update(value: unknown): void };
  /** Shows what has names as a table. */
  table(rows: readonly Readonly<Record<string, string>>[]): void;
  /** How cells are checked: the mode that `%types` has chosen, or the kernelspec. */
  types(): string;
  /** The names that cells have declared. */
  names(): readonly NameSummary[];
  /** Makes the notebook know only the names that it started with; returns how many were forgotten. */
  forget(): number;
  /** Runs a program to its end; an interrupt stops it with all that it has started. */
  run(command: Command): Promise<Ended>;
  /** Puts a text into the cell in place of its own. */
  replaceCell(text: string): void;
}

interface Described {
  readonly name: string;
  /** Ways to write it. */
  readonly usage: readonly string[];
  /** What it does, in a sentence or two. */
  readonly doc: string;
  /** Alone on a line, as head of a cell, or both. */
  readonly forms: readonly ("line" | "cell")[];
}

/** A magic that takes the rest of its line as it is, or of the cell. */
export interface ActionMagic extends Described {
  readonly takes: "text";
  readonly run: (call: MagicCall, host: MagicHost) => Promise<void> | void;
}

/** A magic that surrounds a statement: what `begin` returns is called behind it. */
export interface SpanMagic extends Described {
  readonly takes: "statement";
  readonly begin: (host: MagicHost) => () => void;
}

/** A magic that runs a statement as often as it likes. */
export interface LoopMagic extends Described {
  readonly takes: "loop";
  /** Words like `-n 100` may stand before the statement. */
  readonly options: RegExp;
  readonly loop: (body: LoopBody, text: string, host: MagicHost) => Promise<void>;
}

/** The statement of a LoopMagic; where it awaits something, it has to be awaited. */
export interface LoopBody {
  readonly call: () => unknown;
  readonly isAsync: boolean;
}

export type Magic = ActionMagic | SpanMagic | LoopMagic;

/** A magic that cannot do what it was asked for. */
export class MagicError extends Error {
  override name = "MagicError";
}
