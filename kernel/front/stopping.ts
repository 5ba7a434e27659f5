/** Makes the back stop what it runs, whatever that is, and tells when even that is out of reach. */
import { setTimeout as delay } from "node:timers/promises";
import { INTERRUPT_FLAG, type Shared, SYNC_CHILD_FLAG, type ToBack } from "../channel.ts";

/** Stops whatever JavaScript the main thread is running. Resolves when that has happened, at the latest after `patienceMs`. */
export type Terminate = (patienceMs: number) => Promise<void>;

/** Whether the back answers again, or hangs in a call of the system that nothing here can end. */
export type Stopped = "stopped" | "stuck";

export interface StoppingParts {
  readonly post: (message: ToBack) => void;
  readonly shared: Shared;
  readonly terminate: Terminate;
  /** Returns what signals the synchronous child that the back waits for, with all below it; false if it is not there yet. */
  readonly findChild: () => (signal: NodeJS.Signals) => boolean;
}

/** How long the back has to answer an interrupt before what it runs is terminated. */
const PATIENCE_MS = 15;
const LONGEST_PAUSE_MS = 250;
/** How long the inspector has to say that it has terminated; after that it is asked again. */
const TERMINATION_MS = 500;
/** A child may clean up on SIGINT, and then on SIGTERM; after that it is not asked any more. */
const TERM_AFTER_MS = 500;
const KILL_AFTER_MS = 1500;
const STUCK_AFTER_MS = 1800;

export class Stopping {
  readonly #parts: StoppingParts;
  #current: Promise<void> | null = null;
  /** The number of the last question, and of the last that was answered. */
  #asked = 0;
  #answered = 0;
  #heard: () => void = () => {};
  #termination: Promise<void> | null = null;
  #sent: NodeJS.Signals | null = null;
  #signalChild: (signal: NodeJS.Signals) => boolean = () => false;

  constructor(parts: StoppingParts) {
    this.#parts = parts;
  }

  /** Resolves when no stop is under way. */
  get over(): Promise<void> | null {
    return this.#current;
  }

  async stop(): Promise<Stopped> {
    this.#current ??= this.#stop().finally(() => {
      this.#current = null;
    });
    return Promise.race([
      this.#current.then(() => "stopped" as const),
      delay(STUCK_AFTER_MS, "stuck" as const, { ref: false }),
    ]);
  }

  /** The back has answered the interrupt of this number. */
  acknowledged(number: number): void {
    this.#answered = number;
    this.#heard();
  }

  /**
   * Asks; ends what runs if there is no answer; asks again, for the question may have been lost with it. The answer
   * that counts is to a question of after the termination: that may hit what the back did last, or does next.
   */
  async #stop(): Promise<void> {
    const { shared } = this.#parts;
    Atomics.store(shared.flags, INTERRUPT_FLAG, 1);
    // Whoever waits for room or for an answer finds the flag.
    for (const flag of shared.flags.keys()) Atomics.notify(shared.flags, flag);
    this.#sent = null;
    this.#signalChild = this.#parts.findChild();
    const started = performance.now();
    for (let attempt = 1; ; attempt++) {
      const pause = Math.min(PATIENCE_MS * attempt, LONGEST_PAUSE_MS);
      const isClear = this.#termination === null;
      const isAnswered = await this.#ask(pause);
      if (isAnswered && isClear) return;
      const forced = isAnswered ? this.#termination : this.#force(performance.now() - started);
      await Promise.race([forced, delay(pause)]);
    }
  }

  async #ask(patienceMs: number): Promise<boolean> {
    const number = ++this.#asked;
    const answered = new Promise<void>((resolve) => {
      this.#heard = resolve;
    });
    this.#parts.post({ type: "interrupt", number });
    await Promise.race([answered, delay(patienceMs)]);
    return this.#answered === number;
  }

  async #force(elapsed: number): Promise<void> {
    const { shared, terminate } = this.#parts;
    if (Atomics.load(shared.flags, SYNC_CHILD_FLAG) === 1) {
      const wanted =
        elapsed > KILL_AFTER_MS ? "SIGKILL" : elapsed > TERM_AFTER_MS ? "SIGTERM" : "SIGINT";
      // Some programs take a second SIGINT for impatience, and leave without cleaning up.
      if (wanted !== this.#sent && this.#signalChild(wanted)) this.#sent = wanted;
      return;
    }
    // One at a time: a second would hit whatever runs after the first.
    this.#termination ??= terminate(TERMINATION_MS).finally(() => {
      this.#termination = null;
    });
    await this.#termination;
  }
}
