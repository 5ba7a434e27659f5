/** Makes the back stop what it runs, whatever that is, and tells when even that is out of reach. */
import { setTimeout as delay } from "node:timers/promises";
import { INTERRUPT_FLAG, type Shared, SYNC_CHILD_FLAG, type ToBack } from "../channel.ts";

/** Stops whatever JavaScript the main thread is running. */
export type Terminate = () => Promise<void>;

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
/** A child may clean up on SIGINT, and then on SIGTERM; after that it is not asked any more. */
const TERM_AFTER_MS = 500;
const KILL_AFTER_MS = 1500;
const STUCK_AFTER_MS = 1800;

export class Stopping {
  readonly #parts: StoppingParts;
  #acknowledge: () => void = () => {};
  #current: Promise<void> | null = null;
  #isTerminating = false;
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

  /** The back has answered. */
  acknowledged(): void {
    this.#acknowledge();
  }

  /** Asks; ends what runs if there is no answer; asks again, for the question may have been lost with it. */
  async #stop(): Promise<void> {
    const { post, shared } = this.#parts;
    Atomics.store(shared.flags, INTERRUPT_FLAG, 1);
    // Whoever waits for room or for an answer finds the flag.
    for (const flag of shared.flags.keys()) Atomics.notify(shared.flags, flag);
    let isAnswered = false;
    const answered = new Promise<void>((resolve) => {
      this.#acknowledge = () => {
        isAnswered = true;
        resolve();
      };
    });
    this.#sent = null;
    this.#signalChild = this.#parts.findChild();
    const started = performance.now();
    for (let attempt = 1; ; attempt++) {
      post({ type: "interrupt" });
      const pause = Math.min(PATIENCE_MS * attempt, LONGEST_PAUSE_MS);
      await Promise.race([answered, delay(pause)]);
      if (isAnswered) return;
      await Promise.race([this.#force(performance.now() - started), answered, delay(pause)]);
    }
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
    if (this.#isTerminating) return;
    this.#isTerminating = true;
    await terminate();
    this.#isTerminating = false;
  }
}
