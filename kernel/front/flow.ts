/** Tells the back how much of its output has gone out, so that a cell which prints faster than clients read waits. */
import { type Shared, UNSENT_FLAG } from "../channel.ts";

export class Flow {
  readonly #shared: Shared;
  readonly #room: () => Promise<void> | null;
  #owed = 0;
  #isWaiting = false;

  /** `room` is null where the network takes more, else resolves when it does. */
  constructor(shared: Shared, room: () => Promise<void> | null) {
    this.#shared = shared;
    this.#room = room;
  }

  /** To be called when output of the given weight has been handed on. */
  passed(weight: number): void {
    this.#owed += weight;
    if (!this.#isWaiting) void this.#settle();
  }

  async #settle(): Promise<void> {
    this.#isWaiting = true;
    for (let room = this.#room(); room !== null; room = this.#room()) await room;
    this.#isWaiting = false;
    Atomics.sub(this.#shared.flags, UNSENT_FLAG, this.#owed);
    Atomics.notify(this.#shared.flags, UNSENT_FLAG);
    this.#owed = 0;
  }
}
