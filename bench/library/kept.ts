/** The results of this benchmark as they are kept in bench/results, read back. */
import { existsSync, readFileSync } from "node:fs";
import { inRepository, type Result } from "../harness.ts";

export interface Kept {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly revision: string;
  readonly rounds: number;
  /** The load average of the machine before the run; the first results were kept without it. */
  readonly load?: number;
  readonly results: readonly Result[];
}

/** What was kept for a major version of Node, if anything was. */
export function keptFor(major: number): Kept | undefined {
  const file = inRepository("bench", "results", `library-node${major}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Kept) : undefined;
}
