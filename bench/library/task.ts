/** What a library is asked to do in the benchmarks, and what it answers with: the one interface of all peers. */

export type Float = "float64" | "float32";

/** The numbers a workload starts from, by name; all in the workload's dtype. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array;
}
export type Arrays = Readonly<Record<string, Numbers>>;

/**
 * Plain gradient descent on softmax(… sigmoid(points · W0 + b0) … · Wn + bn) under the summed cross-entropy with `labels`.
 * A step is one call that returns the loss before it.
 */
export interface Training {
  readonly kind: "training";
  readonly dtype: Float;
  readonly layers: number;
  readonly learningRate: number;
  /** So many losses are compared before anything is timed. */
  readonly checkedSteps: number;
}

/** sigmoid(a·b + c), without or with the gradients of its sum by a, b and c. */
export interface Elementwise {
  readonly kind: "elementwise";
  readonly dtype: Float;
  readonly pass: "forward" | "gradient";
}

/** A · B. */
export interface Product {
  readonly kind: "product";
  readonly dtype: Float;
}

/** y ← y · 0.999, y ← y + 0.001 in turn, `ops` of them, from x. */
export interface Chain {
  readonly kind: "chain";
  readonly dtype: Float;
  readonly ops: number;
}

/** The same chain built anew, with the gradient of its sum by x. */
export interface ChainGradient {
  readonly kind: "chain gradient";
  readonly dtype: Float;
  readonly ops: number;
}

export type Task = Training | Elementwise | Product | Chain | ChainGradient;
export type Kind = Task["kind"];

/** The factor and the summand of the chain. */
export const SHRINK = 0.999;
export const GROW = 0.001;

/** One way of doing a task, as it is measured. */
export interface Variant {
  /** What its row is called. */
  readonly name: string;
  /** What the number has to be read with: dtype, threads, how it was written. */
  readonly note: string;
  readonly dtype: Float;
  /** How exact its values are, where that is less than its dtype says. */
  readonly precision?: Float;
  /** Does the task from its start and returns what is compared with NumPy's float64. */
  readonly check: () => readonly number[] | Promise<readonly number[]>;
  /** What is timed. */
  readonly step: () => unknown;
}

type TaskOf<K extends Kind> = Extract<Task, { kind: K }>;

/** The tasks a library can do. One that is missing is printed as such. */
export type Abilities = {
  readonly [K in Kind]?: (
    task: TaskOf<K>,
    arrays: Arrays,
  ) => readonly Variant[] | Promise<readonly Variant[]>;
};

/** A library that runs in Node. */
export interface Peer {
  /** Loads it; throws where it is not installed. */
  readonly load: () => Promise<Abilities>;
}

/** The names of the variables of a net, W and b of each layer. */
export function parameters({ layers }: Training): string[] {
  return Array.from({ length: layers }, (_, i) => [`W${i}`, `b${i}`]).flat();
}

const ENTRIES = 16;

/** A large array in a few numbers: its root mean square, and entries spread over it. */
export function fingerprint(data: ArrayLike<number>): number[] {
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += data[i] * data[i];
  const stride = Math.max(1, Math.floor(data.length / ENTRIES));
  const entries = Array.from(
    { length: Math.min(ENTRIES, data.length) },
    (_, i) => data[i * stride],
  );
  return [Math.sqrt(squares / data.length), ...entries];
}

/** A training variant: `start` makes a net at its start values and returns its step. */
export function trainingVariant(
  about: Omit<Variant, "check" | "step">,
  { checkedSteps }: Training,
  start: () => () => number,
): Variant {
  let running: (() => number) | undefined;
  return {
    ...about,
    check: () => Array.from({ length: checkedSteps }, start()),
    step: () => (running ??= start())(),
  };
}

/** The same for a step that returns a promise. */
export function asyncTrainingVariant(
  about: Omit<Variant, "check" | "step">,
  { checkedSteps }: Training,
  start: () => () => Promise<number>,
): Variant {
  let running: (() => Promise<number>) | undefined;
  return {
    ...about,
    check: async () => {
      const step = start();
      const losses: number[] = [];
      while (losses.length < checkedSteps) losses.push(await step());
      return losses;
    },
    step: () => (running ??= start())(),
  };
}
