/** `process.stdin`: whoever reads from it asks the reader of the notebook for a line. */
import { Readable } from "node:stream";
import type { MessagePort } from "node:worker_threads";
import type { Answer } from "../channel.ts";

class CellStdin extends Readable {
  readonly fd = 0;
  readonly #answers: MessagePort;
  readonly #ask: () => void;
  #isListening = false;
  #isAsking = false;

  constructor(answers: MessagePort, ask: () => void) {
    super();
    this.#answers = answers;
    this.#ask = ask;
  }

  override _read(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#listen();
    this.#ask();
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#answers.on("message", (answer: Answer) => {
      // An `input()` that was interrupted may be answered late.
      if (!this.#isAsking) return;
      this.#isAsking = false;
      if ("text" in answer) this.push(`${answer.text}\n`);
      else this.destroy(new Error(answer.refusal));
    });
  }
}

/** Puts the reader of the notebook in the place of the server's terminal. */
export function replaceStdin(answers: MessagePort, ask: () => void): void {
  let stdin: CellStdin | null = null;
  Object.defineProperty(process, "stdin", {
    configurable: true,
    enumerable: true,
    get: () => {
      // One whose question was refused can be read again by the next cell.
      if (stdin === null || stdin.destroyed) stdin = new CellStdin(answers, ask);
      return stdin;
    },
  });
}
