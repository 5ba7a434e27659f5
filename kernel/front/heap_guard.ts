/** Watches the memory while a cell runs: V8 ends the process at the heap's limit, the system where there is no more. */

/** The main thread's heap, in bytes. */
interface Heap {
  readonly used: number;
  readonly limit: number;
}

interface HeapGuardParts {
  readonly limit: number;
  /** What the machine or the container has, in bytes. */
  readonly memory: number;
  /** What the whole process holds, in bytes: cheap to ask, and never less than the heap. */
  readonly resident: () => number;
  /** What the main thread's heap holds; slower, and waits for a collection of garbage that is under way. */
  readonly used: () => Promise<number>;
  /** Stops the cell, which fails with an error of this name and message. */
  readonly stop: (name: string, sentence: string) => void;
}

const PERIOD_MS = 20;
/** Of the limit; V8 spends the last of it on collecting garbage again and again. */
const ALARM = 0.85;
/** A cell can grow by so much while it is being looked at: of a small limit, more is kept free. */
const STRIDE = 256 * 2 ** 20;
/** Of the memory. */
const MEMORY_ALARM = 0.9;
/** A cell that begins above the alarm may free memory, and may grow by this much of the limit. */
const SLACK = 0.04;

function alarmOf(limit: number): number {
  return Math.max(limit * 0.4, Math.min(limit * ALARM, limit - STRIDE));
}

export class HeapGuard {
  readonly #parts: HeapGuardParts;
  #timer: NodeJS.Timeout | null = null;
  #isAsking = false;
  #alarm = 0;

  constructor(parts: HeapGuardParts) {
    this.#parts = parts;
  }

  /** To be called when a cell starts. */
  watch(): void {
    this.#alarm = 0;
    this.#timer ??= setInterval(() => void this.#look(), PERIOD_MS);
  }

  /** To be called when no cell runs any more. */
  rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #look(): Promise<void> {
    const { limit, memory, resident, used, stop } = this.#parts;
    const whole = resident();
    // Buffers are not on the heap.
    if (whole > memory * MEMORY_ALARM)
      return stop("MemoryNearlyFull", memorySentence(whole, memory));
    if (this.#isAsking || whole < alarmOf(limit)) return;
    this.#isAsking = true;
    const held = await used();
    this.#isAsking = false;
    if (this.#timer === null) return;
    if (this.#alarm === 0) this.#alarm = Math.max(alarmOf(limit), held + limit * SLACK);
    if (held >= Math.min(this.#alarm, limit))
      stop("HeapNearlyFull", heapSentence({ used: held, limit }));
  }
}

function memorySentence(whole: number, memory: number): string {
  return (
    `The cell was stopped because the memory was nearly full: the kernel holds ${gigabytes(whole)} GB of ` +
    `${gigabytes(memory)} GB. Everything up to here is kept: free what is not needed (big = null), or work in smaller pieces.`
  );
}

function heapSentence({ used, limit }: Heap): string {
  const [held, most] = [gigabytes(used), gigabytes(limit)];
  return (
    `The cell was stopped because the heap was nearly full: ${held} GB in use, the limit is ${most} GB. ` +
    `Everything up to here is kept: free what is not needed (big = null), or raise the limit with ` +
    `"gradbook install --heap-mb ${Math.ceil((limit * 2) / 2 ** 20)}" and restart the kernel.`
  );
}

function gigabytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(2);
}
