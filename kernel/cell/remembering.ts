/** A cell that is run again is compiled again only if its surroundings are not to it what they were. */
import type { Surroundings } from "./transform.ts";

type Compile<T> = (source: string, surroundings: Surroundings) => T;

/** As many characters are remembered, of the cells that were run last. */
const REMEMBERED_LENGTH = 100_000;

/** Remembers what has been compiled; what throws is tried again. */
export function remembering<T>(compile: Compile<T>, most = REMEMBERED_LENGTH): Compile<T> {
  const cells = new Map<string, { readonly questions: Questions; readonly result: T }>();
  let length = 0;
  return (source, surroundings) => {
    const found = cells.get(source);
    if (found?.questions.areAnsweredBy(surroundings) === true) {
      // The one that was used last stands last.
      cells.delete(source);
      cells.set(source, found);
      return found.result;
    }
    const questions = new Questions(surroundings);
    const result = compile(source, questions);
    if (!cells.delete(source)) length += source.length;
    cells.set(source, { questions, result });
    for (const [oldest] of cells) {
      if (length <= most) break;
      cells.delete(oldest);
      length -= oldest.length;
    }
    return result;
  };
}

/** Surroundings that note what they are asked. */
class Questions implements Surroundings {
  readonly names: Surroundings["names"] = {
    has: (name) => this.#name(name) !== undefined,
    get: (name) => this.#name(name),
  };
  readonly #names = new Map<string, { readonly constant: boolean } | undefined>();
  readonly #globals = new Map<string, boolean>();
  readonly #asked: Surroundings;

  constructor(asked: Surroundings) {
    this.#asked = asked;
  }

  isGlobal = (name: string): boolean => {
    const answer = this.#asked.isGlobal(name);
    this.#globals.set(name, answer);
    return answer;
  };

  areAnsweredBy({ names, isGlobal }: Surroundings): boolean {
    for (const [name, known] of this.#names) {
      if (names.get(name)?.constant !== known?.constant) return false;
    }
    for (const [name, answer] of this.#globals) if (isGlobal(name) !== answer) return false;
    return true;
  }

  #name(name: string): { readonly constant: boolean } | undefined {
    const known = this.#asked.names.get(name);
    this.#names.set(name, known);
    return known;
  }
}
