/** A loop whose progress is seen while it runs. */
import type { Display, DisplayHandle } from "./display.ts";

export interface ProgressOptions {
  readonly label?: string;
  /** How many steps there are, where the iterable does not say. */
  readonly total?: number;
}

/** The values of an iterable, or the numbers from 0 to n − 1, with a bar that shows how far the loop is. */
export type Progress = {
  (count: number, options?: ProgressOptions): Iterable<number>;
  <T>(iterable: Iterable<T>, options?: ProgressOptions): Iterable<T>;
  <T>(iterable: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
};

/** More would flood a client without being seen. */
const UPDATE_MS = 100;
const WIDTH = 30;

export function makeProgress(display: Display, now: () => number): Progress {
  const progress = (
    over: number | Iterable<unknown> | AsyncIterable<unknown>,
    { label = "", total }: ProgressOptions = {},
  ): unknown => {
    if (typeof over === "number") return progress(range(over), { label, total: total ?? over });
    const bar = (): Bar => new Bar(display, now, label, total ?? sizeOf(over));
    if (Symbol.iterator in over) return { [Symbol.iterator]: () => stepping(over, bar()) };
    return { [Symbol.asyncIterator]: () => steppingAsync(over, bar()) };
  };
  return progress as Progress;
}

function* range(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i;
}

function* stepping<T>(iterable: Iterable<T>, bar: Bar): Generator<T> {
  try {
    for (const value of iterable) {
      yield value;
      bar.step();
    }
  } finally {
    bar.end();
  }
}

async function* steppingAsync<T>(iterable: AsyncIterable<T>, bar: Bar): AsyncGenerator<T> {
  try {
    for await (const value of iterable) {
      yield value;
      bar.step();
    }
  } finally {
    bar.end();
  }
}

function sizeOf(iterable: object): number | null {
  const { length, size } = iterable as { length?: unknown; size?: unknown };
  return typeof length === "number" ? length : typeof size === "number" ? size : null;
}

class Bar {
  readonly #now: () => number;
  readonly #label: string;
  readonly #total: number | null;
  readonly #started: number;
  readonly #handle: DisplayHandle<Readonly<Record<string, unknown>>>;
  #shown: number;
  #count = 0;

  constructor(display: Display, now: () => number, label: string, total: number | null) {
    this.#now = now;
    this.#label = label;
    this.#total = total;
    this.#started = now();
    this.#shown = this.#started;
    this.#handle = display.bundle(this.#bundle());
  }

  step(): void {
    this.#count++;
    const time = this.#now();
    if (time - this.#shown < UPDATE_MS) return;
    this.#shown = time;
    this.#handle.update(this.#bundle());
  }

  end(): void {
    this.#handle.update(this.#bundle());
  }

  #bundle(): Readonly<Record<string, unknown>> {
    const seconds = (this.#now() - this.#started) / 1000;
    const share = this.#total === null ? null : this.#count / Math.max(this.#total, 1);
    const rate = seconds > 0 ? this.#count / seconds : 0;
    const left = share === null || rate === 0 ? null : ((this.#total ?? 0) - this.#count) / rate;
    const counts = this.#total === null ? `${this.#count}` : `${this.#count}/${this.#total}`;
    const percent = share === null ? "" : ` ${Math.round(share * 100)} %`;
    const eta = left === null || left <= 0 ? "" : `, ${duration(left)} left`;
    const text = `${counts}${percent}, ${rate.toPrecision(3)}/s, ${duration(seconds)}${eta}`;
    const filled = Math.round((share ?? 0) * WIDTH);
    const bar = share === null ? "" : `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} `;
    const value = share === null ? "" : ` value="${share}"`;
    return {
      "text/plain": `${this.#label}${this.#label === "" ? "" : " "}${bar}${text}`,
      "text/html": `<label>${escape(this.#label)} <progress max="1"${value}></progress> ${text}</label>`,
    };
  }
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
