/** `process.stdin`: whoever reads from it asks the reader of the notebook for a line. */
import { AsyncResource } from "node:async_hooks";
import { Readable } from "node:stream";
import type { MessagePort } from "node:worker_threads";
import type { Answer, CellId } from "../channel.ts";
import { InputError } from "./input.ts";

export interface StdinParts {
  /** Where answers arrive. */
  readonly answers: MessagePort;
  readonly ask: () => void;
  /** The cell whose code this is; null when it is over: nobody would be asked. */
  readonly asker: () => CellId | null;
}

type Take = (answer: Answer) => void;

type CellStdinParts = Pick<StdinParts, "asker"> & {
  /** Puts a question; whose question is put after it has no answer any more. */
  readonly ask: (take: Take) => void;
};

// A cell may replace it; the kernel keeps its own.
const { setImmediate: soon } = globalThis;

class CellStdin extends Readable {
  readonly fd = 0;
  readonly #parts: CellStdinParts;
  /** Whether the stream has room for a line. */
  #isWanted = false;
  /** Whose question is open; the next cell does not wait for an answer to it. */
  #asking: CellId | null = null;

  constructor(parts: CellStdinParts) {
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
    this.#parts.ask((answer) => {
      this.#asking = null;
      this.#isWanted = false;
      if ("text" in answer) this.push(`${answer.text}\n`);
      else this.#refuse(new InputError(answer.refusal));
    });
  }

  #refuse(error: InputError): void {
    this.destroy(error);
    // An error alone leaves `readline` open, whose next question would wait for ever.
    soon(() => this.emit("end"));
  }
}

/** Puts the reader of the notebook in the place of the server's terminal; returns what to call when a prompt is written. */
export function replaceStdin({ answers, ask, asker }: StdinParts): () => void {
  let stdin: CellStdin | null = null;
  let take: Take | null = null;
  // One for all streams. An `input()` that was interrupted may be answered late.
  answers.on("message", (answer: Answer) => {
    const taking = take;
    take = null;
    taking?.(answer);
  });
  const parts: CellStdinParts = {
    asker,
    ask(next) {
      // What the answer sets off belongs to the cell that asked.
      take = AsyncResource.bind(next);
      ask();
    },
  };
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
