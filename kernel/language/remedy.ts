/** What a way out is told from, and how it is written. */
import type { Importable } from "./importable.ts";
import type { Mistake } from "./mistakes.ts";

/** What is known around a mistake. */
export interface Situation {
  /** The text that was looked at. */
  readonly source: string;
  /** What of it the mistake underlines. */
  readonly text: string;
  /** The names of the notebook. */
  readonly names: Iterable<string>;
  /** What could be imported. */
  readonly imports: readonly Importable[];
  /** The cell that declared a name, as tracebacks name it. */
  readonly declaredIn: (name: string) => string | null;
}

export type Remedy = (mistake: Mistake, situation: Situation) => string | null;

/** What stands between quotation marks, in order. */
export function quoted({ message }: Mistake): string[] {
  return [...message.matchAll(/'([^']+)'/g)].map(([, text]) => text ?? "");
}

export function mark(code: string): string {
  return `\`${code}\``;
}
