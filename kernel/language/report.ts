/** What a reader is shown of the mistakes in a cell. */
import { excerpt, paint, placeAt } from "../cell/excerpt.ts";
import { isOfJavaScript, type Mistake } from "./mistakes.ts";
import { remedyFor } from "./remedies.ts";
import type { Situation } from "./remedy.ts";

export interface TypeReport {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

const NAME = "TypeScriptError";
/** More are the same mistake again, mostly. */
const MOST = 5;

const JAVASCRIPT = `${paint.cyan("→")} if this is plain JavaScript: the line \`%types warn\` before it lets such cells run`;

/**
 * There is at least one mistake. Its offsets are those of the text that was looked at, each line of which is that of the
 * cell; `label` names the cell.
 */
export function typeReport(
  text: string,
  { source, label }: { readonly source: string; readonly label: string },
  mistakes: readonly Mistake[],
  situation: Omit<Situation, "source" | "text">,
): TypeReport {
  const shown = mistakes.slice(0, MOST).map((mistake) => ({
    mistake,
    place: placeAt(text, mistake.start, mistake.end),
    remedy: remedyFor(mistake, {
      ...situation,
      source: text,
      text: text.slice(mistake.start, mistake.end),
    }),
  }));
  const traceback = shown.flatMap(({ mistake, place, remedy }, index) => [
    `${paint.red(paint.bold(index === 0 ? NAME : "And"))}: ${mistake.message} ${paint.dim(`(TS${mistake.code})`)}`,
    excerpt(label, source, place),
    ...(remedy === null ? [] : [`${paint.cyan("→")} ${remedy}`]),
  ]);
  if (shown.some(({ mistake }) => isOfJavaScript(mistake))) traceback.push(JAVASCRIPT);
  const left = mistakes.length - shown.length;
  if (left > 0) traceback.push(`… and ${left} more`);
  const [first] = shown;
  const message = first?.mistake.message.split("\n")[0] ?? "";
  const line = (first?.place.line ?? 0) + 1;
  const evalue = `${message} (TS${first?.mistake.code}; ${label}, line ${line})`;
  return { ename: NAME, evalue, traceback };
}
