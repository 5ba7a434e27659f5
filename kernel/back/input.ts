/** Questions to the reader: the cell stands still until there is an answer, as a program in a terminal does. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { type Answer, ANSWERS_FLAG, type Shared } from "../channel.ts";

export interface InputParts {
  readonly shared: Shared;
  /** Where answers arrive. */
  readonly answers: MessagePort;
  readonly ask: (prompt: string, password: boolean) => void;
  /** Throws if an interrupt is wanted. */
  readonly check: () => void;
}

export interface InputOptions {
  /** Whether what is typed is hidden. */
  readonly password?: boolean;
  /** What an empty answer means; shown behind the question. */
  readonly default?: string;
}

/** Asks the reader of the notebook for a line of text, and returns it; a text for options is what an empty answer means. */
export type Input = (prompt?: string, options?: InputOptions | string) => string;

/** A question that was not put, with the reason. */
export class InputError extends Error {
  override name = "InputError";
}

export function makeInput({ shared, answers, ask, check }: InputParts): Input {
  return (prompt = "", options = {}) => {
    const { password = false, default: fallback = "" } =
      typeof options === "string" ? { default: options } : options;
    if (typeof prompt !== "string") {
      throw new TypeError(`input: the prompt must be a string, got ${typeof prompt}`);
    }
    // What was asked before and interrupted may have been answered since.
    while (receiveMessageOnPort(answers) !== undefined);
    const count = Atomics.load(shared.flags, ANSWERS_FLAG);
    ask(fallback === "" ? prompt : `${prompt.trimEnd()} [${fallback}] `, password);
    for (;;) {
      check();
      const answer = receiveMessageOnPort(answers)?.message as Answer | undefined;
      if (answer !== undefined) return textOf(answer) || fallback;
      Atomics.wait(shared.flags, ANSWERS_FLAG, count);
    }
  };
}

function textOf(answer: Answer): string {
  if ("text" in answer) return answer.text;
  throw new InputError(answer.refusal);
}
