/**
 * The listeners that the kernel has on the process, and Node itself: without them a signal or an error is the end. A
 * program that cleans up calls `process.removeAllListeners()`; in a notebook only its own are taken away.
 */
type Listener = (...args: unknown[]) => void;

export class OwnListeners {
  readonly #own = new Set<unknown>();

  /** From now on those that are there stay. */
  keep(): void {
    for (const event of process.eventNames()) {
      for (const listener of process.rawListeners(event)) this.#own.add(listener);
    }
    const remove = process.removeListener.bind(process);
    const removeListener = (event: string, listener: Listener): NodeJS.Process =>
      this.#own.has(listener) ? process : remove(event, listener);
    const removeAllListeners = (event?: string | symbol): NodeJS.Process => {
      for (const name of event === undefined ? process.eventNames() : [event]) {
        for (const listener of process.rawListeners(name)) {
          removeListener(name as string, listener as Listener);
        }
      }
      return process;
    };
    Object.assign(process, { removeListener, off: removeListener, removeAllListeners });
  }

  /** Whether cells have added any. */
  has(event: string): boolean {
    return this.#others(event).length > 0;
  }

  /** Calls those that cells have added; says whether there were any. */
  tell(event: string, ...args: unknown[]): boolean {
    const others = this.#others(event);
    for (const listener of others) Reflect.apply(listener, process, args);
    return others.length > 0;
  }

  #others(event: string): Listener[] {
    const all = process.rawListeners(event) as Listener[];
    return all.filter((listener) => !this.#own.has(listener));
  }
}
