/** How a cell that waits is stopped: every `await` of a cell goes through here. */
import { types } from "node:util";
import { INTERRUPT_FLAG, INTERRUPTED, type Shared } from "../channel.ts";

// A cell may replace them; the kernel keeps its own.
const { load, store } = Atomics;
const { apply, get } = Reflect;
const Native = Promise;
// oxlint-disable-next-line typescript/unbound-method -- always applied to a promise
const { then } = Promise.prototype;

/** What an interrupted cell fails with. */
export class Interrupted extends Error {
  override name = INTERRUPTED.ename;

  constructor() {
    super(INTERRUPTED.evalue);
  }
}

/** A proxy may refuse to be asked. */
export function isInterrupted(error: unknown): boolean {
  return !types.isProxy(error) && error instanceof Interrupted;
}

/** A cell that has caught so many interrupts will catch the next as well. */
const MAX_CAUGHT = 100;

export class Interruption {
  readonly #shared: Shared;
  /** How often a cell was told of this interrupt. */
  #told = 0;
  readonly #waiting = new Set<(reason: Interrupted) => void>();

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  get isWanted(): boolean {
    return load(this.#shared.flags, INTERRUPT_FLAG) === 1;
  }

  /** Fails every `await` that is pending now. */
  stopWaiting(): void {
    for (const reject of this.#waiting) reject(new Interrupted());
    this.#waiting.clear();
  }

  /** The interrupt has done its work. */
  settle(): void {
    this.#told = 0;
    store(this.#shared.flags, INTERRUPT_FLAG, 0);
  }

  throwIfWanted(): void {
    if (this.isWanted) throw new Interrupted();
  }

  /** For an `await` inside a function: only fails when an interrupt is wanted, and keeps async stack traces. */
  check<T>(value: T): T | Promise<never> {
    return this.isWanted ? this.#stop() : value;
  }

  /** For an `await` at the cell's top level: ends when the value settles or the cell is interrupted. */
  race<T>(value: T): T | Promise<Awaited<T>> {
    if (this.isWanted) return this.#stop();
    if (!isThenable(value)) return value;
    // Not Promise.race: a promise that lives as long as the kernel would keep every reaction ever added to it.
    return new Promise<Awaited<T>>((resolve, reject) => {
      this.#waiting.add(reject);
      if (isNativePromise(value)) this.#follow(value, resolve, reject);
      else void this.#settle(value, resolve, reject);
    });
  }

  /** V8 finds the line that awaits, for the stack of an error, if these two functions and no others hear of the value. */
  #follow(value: unknown, resolve: unknown, reject: (reason: unknown) => void): void {
    const passed = apply(then, value, [resolve, reject]);
    void apply(then, passed, [() => this.#waiting.delete(reject)]);
  }

  /** An `await`, which asks for the `then` of what is no promise of the language. */
  async #settle<T>(
    value: T,
    resolve: (settled: Awaited<T>) => void,
    reject: (reason: unknown) => void,
  ): Promise<void> {
    try {
      resolve(await value);
    } catch (reason) {
      reject(reason);
    } finally {
      this.#waiting.delete(reject);
    }
  }

  /** Throws; a loop that catches it and goes on waits for ever instead, or no timer would ever fire again. */
  #stop(): Promise<never> {
    if (this.#told++ < MAX_CAUGHT) throw new Interrupted();
    return new Promise(() => {});
  }

  /** For `for await`: each step of the iteration races. */
  each<T>(iterable: AsyncIterable<T> | Iterable<T>): AsyncIterable<T> {
    return {
      [Symbol.asyncIterator]: () => {
        const iterator = iteratorOf(iterable);
        const close = iterator.return?.bind(iterator);
        return {
          next: async () => {
            const step = await this.race(iterator.next());
            return step.done === true ? step : { done: false, value: await this.race(step.value) };
          },
          ...(close === undefined
            ? {}
            : {
                return: async () => {
                  await close();
                  return { done: true as const, value: undefined };
                },
              }),
        };
      },
    };
  }
}

function iteratorOf<T>(iterable: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  if (Symbol.asyncIterator in iterable) return iterable[Symbol.asyncIterator]();
  return iterable[Symbol.iterator]();
}

/** Whether the `then` that the language began with is the one that an `await` calls. */
function isNativePromise(value: PromiseLike<unknown>): boolean {
  return types.isPromise(value) && get(value, "constructor") === Native;
}

/** Whether awaiting the value would wait. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== "object" && typeof value !== "function") return false;
  if (value === null || types.isProxy(value)) return false;
  return typeof get(value, "then") === "function";
}
