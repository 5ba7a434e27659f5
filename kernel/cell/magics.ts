/** Cells that are no code: so far the questions `?name`, `name?`, `??name` and `name??`. */

export interface Question {
  /** What is asked about: a name, or names joined by dots. */
  readonly name: string;
  /** Two marks ask for the source too. */
  readonly wantsSource: boolean;
}

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*`;
const QUESTION = new RegExp(
  String.raw`^\s*(?:(?<before>\?\??)[ \t]*(?<asked>${NAME})|(?<named>${NAME})(?<behind>\?\??))\s*;?\s*$`,
  "u",
);

/** The question that a cell is; null for a cell that is to be run. */
export function questionOf(source: string): Question | null {
  const groups = QUESTION.exec(source)?.groups;
  if (groups === undefined) return null;
  const { before, asked, named, behind } = groups;
  return { name: asked ?? named ?? "", wantsSource: (before ?? behind)?.length === 2 };
}
