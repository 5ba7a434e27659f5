/** How far a training run is, as numbers and as one line of text. */

/** What is known after a step. */
export interface Progress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps taken in this run, in all epochs. */
  readonly step: number;
  readonly steps: number;
  /** Of the last batch; after an epoch, of the epoch. */
  readonly loss: number;
  /** Of the last epoch, if there is validation. */
  readonly validation?: number;
  readonly stepsPerSecond: number;
  /** Until the last epoch ends, at this speed. */
  readonly secondsLeft: number;
  /** Whether training has ended, early or not. */
  readonly done: boolean;
}

/** `epoch 3/10, step 57/200: loss 0.1234, 1200 steps/s, 2 s left` */
export function progressText(progress: Progress): string {
  const { epoch, epochs, step, steps, loss, validation, stepsPerSecond, secondsLeft } = progress;
  const parts = [`loss ${short(loss)}`];
  if (validation !== undefined) parts.push(`validation ${short(validation)}`);
  parts.push(`${rate(stepsPerSecond)} steps/s`);
  if (!progress.done) parts.push(`${duration(secondsLeft)} left`);
  return `epoch ${epoch}/${epochs}, step ${step}/${steps}: ${parts.join(", ")}`;
}

function short(x: number): string {
  if (Math.abs(x) >= 1000) return String(Math.round(x));
  return String(Number(x.toPrecision(4)));
}

function rate(x: number): string {
  return x >= 10 ? String(Math.round(x)) : String(Number(x.toPrecision(2)));
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** More would flood a front end without being seen. */
const BETWEEN_MS = 100;

/** Times the steps, and shows how far they are at most every tenth of a second. */
export class Meter {
  readonly #clock: () => number;
  readonly #show: ((progress: Progress) => unknown) | null;
  readonly #start: number;
  #shown: number;

  /** `clock` counts milliseconds. */
  constructor(show: ((progress: Progress) => unknown) | null, clock: () => number) {
    this.#show = show;
    this.#clock = clock;
    this.#start = clock();
    this.#shown = this.#start;
  }

  /** Shows the progress if it is time, or if training is done. */
  at(progress: Omit<Progress, "stepsPerSecond" | "secondsLeft">): void {
    if (this.#show === null) return;
    const now = this.#clock();
    if (!progress.done && now - this.#shown < BETWEEN_MS) return;
    this.#shown = now;
    // A clock may not have moved since the start.
    const seconds = Math.max(now - this.#start, 0.001) / 1000;
    const stepsPerSecond = progress.step / seconds;
    const secondsLeft = (progress.steps - progress.step) / stepsPerSecond;
    this.#show({ ...progress, stepsPerSecond, secondsLeft });
  }
}

/** Shows progress as one line of standard output, each state written over the one before; for runtimes that have one. */
export function progressLine(write: (text: string) => unknown): {
  show(progress: Progress): void;
  end(): void;
} {
  let width = 0;
  return {
    show: (progress) => {
      const text = progressText(progress);
      write(`\r${text.padEnd(width)}`);
      width = text.length;
    },
    // What comes next begins a line of its own, an error too.
    end: () => {
      if (width > 0) write("\n");
      width = 0;
    },
  };
}

/** Writes to standard output, where there is one. */
export function toStandardOutput(text: string): void {
  const { process } = globalThis as { process?: { stdout?: { write(text: string): unknown } } };
  process?.stdout?.write(text);
}
