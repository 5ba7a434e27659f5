/**
 * Hears a SIGINT that is sent to this very process while its main thread is too busy to hear anything. Node ends the
 * scripts of `node:vm` on the signal, in any thread; here is a thread whose one script waits for that. Running the
 * cells themselves so would cost each of them a thread of the system, made and joined.
 */
import { Worker } from "node:worker_threads";

/** Most cells are over by then, and a thread takes 15 MB. */
const LISTEN_AFTER_MS = 250;

export class SigintWatch {
  readonly #heard: () => void;
  #timer: NodeJS.Timeout | null = null;
  #isListening = false;

  constructor(heard: () => void) {
    this.#heard = heard;
  }

  /** To be called when a cell starts. */
  watch(): void {
    if (!this.#isListening) this.#timer ??= setTimeout(() => this.#listen(), LISTEN_AFTER_MS);
  }

  /** To be called when no cell runs any more. */
  rest(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** For good: with the last such script Node would take away every handler of the signal, and it would be deadly. */
  #listen(): void {
    this.#isListening = true;
    const thread = new Worker(new URL("../../kernel/host/sigint_thread.js", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
    });
    thread.on("message", this.#heard);
    // Without it, a signal to the group is heard all the same.
    thread.on("error", () => {});
    thread.unref();
  }
}
