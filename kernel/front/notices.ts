/** Sentences for the reader that belong to no line of a cell. */
import type { Death } from "../host/guardian.ts";
import { isLastWord } from "./native_output.ts";

export class Notices {
  readonly #takeLoss: () => number;
  #death: Death | null;

  constructor(takeLoss: () => number, death: Death | null) {
    this.#takeLoss = takeLoss;
    this.#death = death;
  }

  take(): string[] {
    const sentences: string[] = [];
    if (this.#death !== null) sentences.push(obituary(this.#death));
    this.#death = null;
    const lost = this.#takeLoss();
    if (lost > 0) {
      sentences.push(
        `[up to ${(lost / 1e6).toFixed(1)} MB of output were dropped: a client has not read for 10 s]`,
      );
    }
    return sentences;
  }
}

function obituary({ cell, lastWords }: Death): string {
  const when = cell === null ? "while it was idle" : `while ${cell} was running`;
  const said = lastWords.find(isLastWord) ?? lastWords.at(-1);
  const why =
    said === undefined
      ? "It left no message: native code crashed, or it was ended from outside, often for lack of memory."
      : `Its last words: ${said}`;
  return `The kernel died ${when} and was started anew; its variables are lost. ${why}`;
}
