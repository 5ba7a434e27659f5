/** A row of the conformance list: cells, and what they must show. */

/** Files to write beside the notebook before the cells that follow. */
export interface Files {
  readonly files: Readonly<Record<string, string>>;
}

/**
 * What one cell must show, all its output and its value together, without colours: exactly this text, or a text like
 * this; or that it must fail, with a message like this. Null asks only that it succeeds.
 */
export type Shown = string | RegExp | { readonly fails: RegExp } | null;

export interface Row {
  readonly construct: string;
  readonly steps: readonly (string | Files)[];
  /** For the last cells; those before have to succeed. */
  readonly shows: readonly Shown[];
}

type Steps = Row["steps"] | string;
type Short = readonly [steps: Steps, shows: Shown | readonly Shown[]];

/** Rows of one construct; a lone cell and what the last one shows may stand without their lists. */
export function of(construct: string, ...rows: readonly Short[]): Row[] {
  return rows.map(([steps, shows]) => ({
    construct,
    steps: typeof steps === "string" ? [steps] : steps,
    shows: Array.isArray(shows) ? (shows as readonly Shown[]) : [shows as Shown],
  }));
}

/** Writes files as a step. */
export function files(contents: Files["files"]): Files {
  return { files: contents };
}

/** A cell that fails with a message like this. */
export function fails(message: RegExp): Shown {
  return { fails: message };
}

/** What a row is called in lists: its construct, and its last cell in short. */
export function titleOf({ construct, steps }: Row): string {
  const last = steps.findLast((step) => typeof step === "string") ?? "";
  const line = last.replaceAll(/\s+/g, " ");
  return `${construct}: ${line.length > 70 ? `${line.slice(0, 69)}…` : line}`;
}
