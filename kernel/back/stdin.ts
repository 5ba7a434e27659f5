/** `process.stdin`: whoever reads from it asks the reader of the notebook for a line. */
import { AsyncResource } from "node:async_hooks";
import { Readable } from "node:stream";
import type { MessagePort } from "node:worker_threads";
import type { Answer, CellId } from "../channel.ts";

export interface StdinParts {
  /** Where answers arrive. */
  readonly answers: MessagePort;
  readonly ask: () => void;
  /** The cell whose code this is; null when it is over: nobody would be asked. */
  readonly asker: () => CellId | null;
}

// A cell may replace it; the kernel keeps its own.
const { setImmediate: soon } = globalThis;

class CellStdin extends Readable {
  readonly fd = 0;
  readonly #parts: StdinParts;
  #isListening = false;
  /** Whether the stream has room for a line. */
  #isWanted = false;
  /** Whose question is open; the next cell does not wait for an answer to it. */
  #asking: CellId | null = null;
  #take: (answer: Answer) => void = () => {};

  constructor(parts: StdinParts) {
    super();
    this.#parts = parts;
    for (const event of ["newListener", "resume"]) this.on(event, () => this.consider());
  }

  override _read(): void {
    this.#isWanted = true;
    this.consider();
  }

  /** One whose question was refused, or that `readline` has paused and left, is as new for the next reader. */
  get isSpent(): boolean {
    const isLeft = this.isPaused() && this.listenerCount("data") === 0;
    return this.destroyed || (isLeft && this.listenerCount("readable") === 0);
  }

  /** Asks, if somebody still waits when what runs has had its say: a stream reads ahead, a reader is asked for nothing. */
  consider(): void {
    const cell = this.#parts.asker();
    if (!this.#isWanted || cell === null || cell === this.#asking) return;
    soon(() => {
      const isDue = this.#isWanted && this.#isHeard && cell !== this.#asking;
      if (isDue && this.#parts.asker() === cell) this.#ask(cell);
    });
  }

  get #isHeard(): boolean {
    const isFlowing = this.readableFlowing === true && this.listenerCount("data") > 0;
    return isFlowing || this.listenerCount("readable") > 0;
  }

  #ask(cell: CellId): void {
    this.#asking = cell;
    // What the answer sets off belongs to the cell that asked.
    this.#take = AsyncResource.bind((answer: Answer) => {
      this.#asking = null;
      this.#isWanted = false;
      if ("text" in answer) this.push(`${answer.text}\n`);
      else this.destroy(new Error(answer.refusal));
    });
    if (!this.#isListening) {
      this.#isListening = true;
      this.#parts.answers.on("message", (answer: Answer) => {
        // An `input()` that was interrupted may be answered late.
        if (this.#asking !== null) this.#take(answer);
      });
    }
    this.#parts.ask();
  }
}

/** Puts the reader of the notebook in the place of the server's terminal; returns what to call when a prompt is written. */
export function replaceStdin(parts: StdinParts): () => void {
  let stdin: CellStdin | null = null;
  Object.defineProperty(process, "stdin", {
    configurable: true,
    enumerable: true,
    get: () => {
      if (stdin === null || stdin.isSpent) stdin = new CellStdin(parts);
      return stdin;
    },
  });
  return () => stdin?.consider();
}
