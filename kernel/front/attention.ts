/**
 * Most cells are over before the front could turn to anything else: it sleeps for that moment where the back can wake
 * it directly, and so what a cell says from its `busy` to its `idle` is said at once.
 */
import { ENDED_FLAG, type Shared } from "../channel.ts";

/** A client does not see that a `busy` comes so much later, nor an interrupt that it is heard so much later. */
const MOMENT_MS = 2;

export class Attention {
  readonly #flags: Int32Array;
  readonly #arrived: () => void;
  /** How many had ended when one was waited for in vain: until another has, the back is taken for busy. */
  #busySince = -1;

  /** `arrived` takes what the back has posted. */
  constructor({ flags }: Shared, arrived: () => void) {
    this.#flags = flags;
    this.#arrived = arrived;
  }

  /** To be called before a run is posted to the back: waits a moment for its end when this turn's work is done. */
  await(): void {
    const ended = Atomics.load(this.#flags, ENDED_FLAG);
    // Comm messages for a cell that computes must not keep the front from its sockets, one after the other.
    if (ended === this.#busySince) return;
    // Behind all promises that can be settled now.
    queueMicrotask(() => process.nextTick(() => this.#wait(ended)));
  }

  #wait(ended: number): void {
    if (Atomics.wait(this.#flags, ENDED_FLAG, ended, MOMENT_MS) === "timed-out") {
      this.#busySince = ended;
    } else this.#arrived();
  }
}
