/** What a reader is shown of the mistakes in a cell. */
import { excerpt, paint, placeAt } from "../cell/excerpt.ts";
import type { Mistake } from "./mistakes.ts";
import { remedyFor, type Situation } from "./remedies.ts";

export interface TypeReport {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

const NAME = "TypeScriptError";
/** More are the same mistake again, mostly. */
const MOST = 5;

/** `label` names the cell; there is at least one mistake. */
export function typeReport(
  source: string,
  label: string,
  mistakes: readonly Mistake[],
  situation: Omit<Situation, "text">,
): TypeReport {
  const shown = mistakes.slice(0, MOST).map((mistake) => ({
    mistake,
    place: placeAt(source, mistake.start, mistake.end),
    remedy: remedyFor(mistake, { ...situation, text: source.slice(mistake.start, mistake.end) }),
  }));
  const traceback = shown.flatMap(({ mistake, place, remedy }, index) => [
    `${paint.red(paint.bold(index === 0 ? NAME : "And"))}: ${mistake.message} ${paint.dim(`(TS${mistake.code})`)}`,
    excerpt(label, source, place),
    ...(remedy === null ? [] : [`${paint.cyan("→")} ${remedy}`]),
  ]);
  const left = mistakes.length - shown.length;
  if (left > 0) traceback.push(`… and ${left} more`);
  const [first] = shown;
  const message = first?.mistake.message.split("\n")[0] ?? "";
  const line = (first?.place.line ?? 0) + 1;
  const evalue = `${message} (TS${first?.mistake.code}; ${label}, line ${line})`;
  return { ename: NAME, evalue, traceback };
}
