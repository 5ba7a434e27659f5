/** Brings messages of the front end to the handlers that a notebook has for them. */
import type { CommMessage, Outcome, ToBack } from "../channel.ts";
import type { Comms } from "./comms.ts";
import { type Interruption, isInterrupted, isThenable } from "./interruption.ts";
import type { Output } from "./output.ts";
import type { Run, Runs } from "./runs.ts";

export interface DeliveryParts {
  readonly runs: Runs;
  readonly comms: Comms;
  readonly interruption: Interruption;
  readonly output: Output;
  /** Shows the failure of a handler under the message that it was called for. */
  readonly report: (error: unknown) => void;
}

/**
 * Each message is a run of its own, over when the promises of its handlers are settled: the message is idle then, and
 * a front end that waits for that sends no faster than it is heard. The next message waits for no promise, though, or
 * a handler could never be told to stop.
 */
export class Delivery {
  readonly #parts: DeliveryParts;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  deliver({ cell, message }: Extract<ToBack, { type: "comm" }>): void {
    const { runs, output } = this.#parts;
    const run: Run = {
      cell,
      // A comm whose messages get lost is out of step with its other end.
      isAbortable: false,
      body: async () => await this.#deliver(run, message),
      ended: (outcome) => output.show({ type: "done", cell, outcome }),
    };
    runs.start(run);
  }

  async #deliver(run: Run, message: CommMessage): Promise<Outcome> {
    const { runs, interruption } = this.#parts;
    try {
      const promises = runs.onThread(run, () => this.#call(message)) as Promise<void>[];
      if (promises.length > 0) await interruption.race(Promise.all(promises));
      await runs.displaysOf(run);
      return { status: "ok", value: null };
    } catch (error) {
      return runs.failure(error);
    }
  }

  /** Calls all handlers, also after one that throws; returns what there is to wait for, which never fails. */
  #call(message: CommMessage): Promise<void>[] {
    const promises: Promise<void>[] = [];
    for (const call of this.#parts.comms.callsFor(message)) {
      try {
        const returned = call();
        if (isThenable(returned)) promises.push(this.#settled(returned));
      } catch (error) {
        if (this.#parts.interruption.isWanted) throw error;
        this.#parts.report(error);
      }
    }
    return promises;
  }

  async #settled(promise: PromiseLike<unknown>): Promise<void> {
    try {
      await promise;
    } catch (error) {
      // Of an interrupt, the run itself tells.
      if (!isInterrupted(error)) this.#parts.report(error);
    }
  }
}
