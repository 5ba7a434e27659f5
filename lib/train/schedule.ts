/** Learning rates that follow the number of steps taken, computed in the graph. */
import { checkNumber, checkOptions } from "../core/options.ts";
import { evaluate, input, s, type Scalar } from "../core/scalar.ts";
import { describe } from "../core/describe.ts";

/** A learning rate as an expression of the steps taken before: 0 at the first step. */
export class Schedule {
  /** As it was written. */
  readonly text: string;
  readonly #rate: (steps: Scalar) => Scalar;

  /** `rate` builds the expression from that of the number of steps taken. */
  constructor(text: string, rate: (steps: Scalar) => Scalar) {
    this.text = text;
    this.#rate = rate;
  }

  /** The expression of the rate after `steps` steps. */
  of(steps: Scalar): Scalar {
    return this.#rate(steps);
  }

  /** The rate after so many steps; for a plot: `plot.loss(range.map((i) => schedule.at(i)))`. */
  at(steps: number): number {
    return evaluate(this.#rate(input(0)), [steps]);
  }

  toString(): string {
    return this.text;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.text;
  }
}

/** The same rate always: η. */
export function constant(rate: number): Schedule {
  const η = rateOf("constant", "rate", rate);
  return new Schedule(`constant(${η})`, () => s.add(η, 0));
}

/** η · γ^(t / every): by the factor `decay` every so many steps, smoothly. With every 1, PyTorch's ExponentialLR. */
export function exponential(options: { rate: number; decay: number; every?: number }): Schedule {
  checkOptions(...namesOf("exponential", options, ["rate", "decay", "every"]));
  const η = rateOf("exponential", "rate", options.rate);
  const γ = checkNumber("schedule.exponential: decay", options.decay, { least: 0, open: "least" });
  const every = stepsOf("exponential", "every", options.every ?? 1);
  return new Schedule(textOf("exponential", options), (t) =>
    s.multiply(η, s.power(γ, s.divide(t, every))),
  );
}

/** η · γ^⌊t / every⌋: by the factor `decay`, 0.1 by default, at once after every so many steps. PyTorch's StepLR. */
export function step(options: { rate: number; every: number; decay?: number }): Schedule {
  checkOptions(...namesOf("step", options, ["rate", "every", "decay"]));
  const η = rateOf("step", "rate", options.rate);
  const { decay = 0.1 } = options;
  const γ = checkNumber("schedule.step: decay", decay, { least: 0, open: "least" });
  const every = stepsOf("step", "every", options.every);
  return new Schedule(textOf("step", options), (t) =>
    s.multiply(η, s.power(γ, s.floor(s.divide(t, every)))),
  );
}

/** η · (1 + cos(π t / steps)) / 2, between the rate and `end`, where it stays: PyTorch's CosineAnnealingLR, once. */
export function cosine(options: { rate: number; steps: number; end?: number }): Schedule {
  checkOptions(...namesOf("cosine", options, ["rate", "steps", "end"]));
  const η = rateOf("cosine", "rate", options.rate);
  const steps = stepsOf("cosine", "steps", options.steps);
  const end = rateOf("cosine", "end", options.end ?? 0);
  return new Schedule(textOf("cosine", options), (t) => {
    const angle = s.multiply(Math.PI, s.divide(s.minimum(t, steps), steps));
    return s.add(end, s.multiply((η - end) / 2, s.add(1, s.cos(angle))));
  });
}

/**
 * From `start` times the first rate of `to` up to it in a straight line, then `to`, whose steps are counted from there.
 * PyTorch's LinearLR, with its start of 1/3, before another schedule in a SequentialLR.
 */
export function warmUp(options: {
  steps: number;
  to: number | Schedule;
  start?: number;
}): Schedule {
  checkOptions(...namesOf("warmUp", options, ["steps", "to", "start"]));
  const steps = stepsOf("warmUp", "steps", options.steps);
  const { start = 1 / 3 } = options;
  checkNumber("schedule.warmUp: start", start, { least: 0, most: 1 });
  const next =
    options.to instanceof Schedule ? options.to : constant(rateOf("warmUp", "to", options.to));
  return new Schedule(textOf("warmUp", options), (t) => {
    const part = s.add(start, s.multiply(1 - start, s.divide(t, steps)));
    return s.where(
      s.less(t, steps),
      s.multiply(next.at(0), part),
      next.of(s.maximum(0, s.subtract(t, steps))),
    );
  });
}

/** `rates[0]` before step `steps[0]`, then `rates[1]` before `steps[1]`, and so on; the last one stays. */
export function piecewise(options: {
  steps: readonly number[];
  rates: readonly number[];
}): Schedule {
  checkOptions(...namesOf("piecewise", options, ["steps", "rates"]));
  const { steps, rates } = options;
  const fits = Array.isArray(steps) && Array.isArray(rates) && rates.length === steps.length + 1;
  if (!fits || steps.some((end, i) => i > 0 && !(end > steps[i - 1]))) {
    throw new RangeError(
      `schedule.piecewise: steps are ${listOf(steps)} and rates ${listOf(rates)}; ` +
        `wanted rising steps and one rate more: schedule.piecewise({ steps: [100, 200], rates: [0.1, 0.01, 0.001] })`,
    );
  }
  for (const end of steps) stepsOf("piecewise", "a step", end);
  for (const rate of rates) rateOf("piecewise", "a rate", rate);
  return new Schedule(textOf("piecewise", options), (t) =>
    steps.reduceRight<Scalar>(
      (later, end, i) => s.where(s.less(t, end), rates[i], later),
      s.add(rates[steps.length], 0),
    ),
  );
}

function listOf(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(", ")}]` : describe(value);
}

function rateOf(name: string, option: string, value: unknown): number {
  return checkNumber(`schedule.${name}: ${option}`, value, { least: 0 });
}

function stepsOf(name: string, option: string, value: unknown): number {
  return checkNumber(`schedule.${name}: ${option}`, value, { least: 1, whole: true });
}

const examples: Readonly<Record<string, string>> = {
  exponential: "{ rate: 0.1, decay: 0.99 }",
  step: "{ rate: 0.1, every: 100 }",
  cosine: "{ rate: 0.1, steps: 1000 }",
  warmUp: "{ steps: 100, to: 0.1 }",
  piecewise: "{ steps: [100], rates: [0.1, 0.01] }",
};

function namesOf(
  name: string,
  options: unknown,
  known: readonly string[],
): [string, unknown, readonly string[], string] {
  return [`schedule.${name}`, options, known, `schedule.${name}(${examples[name]})`];
}

function textOf(name: string, options: object): string {
  const parts = Object.entries(options).map(([key, value]) => {
    const text: string = Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
    return `${key}: ${text}`;
  });
  return `${name}({ ${parts.join(", ")} })`;
}
