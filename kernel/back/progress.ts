/** A loop whose progress is seen while it runs. */
import { inspect } from "node:util";
import { escapeHtml } from "./escape.ts";
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
  const progress = (over: unknown, { label = "", total }: ProgressOptions = {}): unknown => {
    if (typeof over === "number" && Number.isSafeInteger(over) && over >= 0) {
      return progress(range(over), { label, total: total ?? over });
    }
    const bar = (): Bar => new Bar(display, now, label, total ?? sizeOf(over));
    if (isIterable(over)) return { [Symbol.iterator]: () => stepping(over, bar()) };
    if (isAsyncIterable(over)) return { [Symbol.asyncIterator]: () => steppingAsync(over, bar()) };
    const got = inspect(over, { depth: 0 });
    throw new TypeError(
      `progress: wanted a number of steps or something to iterate over, got ${got}`,
    );
  };
  return progress as Progress;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return value !== null && value !== undefined && Symbol.iterator in Object(value);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return value !== null && value !== undefined && Symbol.asyncIterator in Object(value);
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

function sizeOf(iterable: unknown): number | null {
  const { length, size } = Object(iterable) as { length?: unknown; size?: unknown };
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
  #shownCount = 0;

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
    if (time - this.#shown >= UPDATE_MS) this.#show(time);
  }

  end(): void {
    if (this.#shownCount !== this.#count) this.#show(this.#now());
  }

  #show(time: number): void {
    this.#shown = time;
    this.#shownCount = this.#count;
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
    const text = `${counts}${percent}, ${speed(rate)}, ${duration(seconds)}${eta}`;
    const filled = Math.round((share ?? 0) * WIDTH);
    const bar = share === null ? "" : `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} `;
    const value = share === null ? "" : ` value="${share}"`;
    return {
      "text/plain": `${this.#label}${this.#label === "" ? "" : " "}${bar}${text}`,
      "text/html": `<label>${escapeHtml(this.#label)} <progress max="1"${value}></progress> ${text}</label>`,
    };
  }
}

function speed(rate: number): string {
  if (rate >= 100) return `${Math.round(rate)}/s`;
  if (rate >= 1 || rate === 0) return `${rate.toFixed(1)}/s`;
  return `${duration(1 / rate)} each`;
}

function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}
