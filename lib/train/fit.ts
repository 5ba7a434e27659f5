/** The training loop: batches in random order, validation, metrics, early stopping, a line of progress. */
import { checkNumber, checkOptions } from "../core/options.ts";
import { random, type Random } from "../core/random.ts";
import { describe } from "../core/describe.ts";
import { checkNode } from "../graph/build.ts";
import { GraphError, Node } from "../graph/node.ts";
import { Session } from "../session/session.ts";
import type { Feeds } from "../session/feeds.ts";
import { Batches, type Batch } from "./batches.ts";
import { Patience, type EarlyStopping } from "./early_stopping.ts";
import { Optimizer } from "./optimizer.ts";
import { Meter, progressLine, toStandardOutput, type Progress } from "./progress.ts";
import { checkMetrics, Tally, type Metrics, type NoMetrics } from "./tally.ts";

/** What is known after a step. Epochs and steps count from 1. */
export interface StepReport {
  readonly epoch: number;
  readonly step: number;
  /** Of the batch, before its step. */
  readonly loss: number;
}

/** What is known after an epoch. */
export interface EpochReport extends StepReport {
  /** All numbers so far, those of this epoch last. */
  readonly history: Readonly<Record<string, readonly number[]>>;
}

/** One number an epoch, by name: what `plot.loss` takes. */
export type History<M extends Metrics = NoMetrics> = { loss: number[] } & {
  -readonly [Name in keyof M]: number[];
};

/** A history with the same numbers for validation, called `validation` and `validation accuracy` and so on. */
export type ValidatedHistory<M extends Metrics = NoMetrics> = History<M> & {
  validation: number[];
} & { [Name in keyof M & string as `validation ${Name}`]: number[] };

/** What `fit` takes. */
export interface FitOptions<M extends Metrics = Metrics> {
  /** A scalar node; a mean over the rows, if batches are to count alike. */
  readonly loss: Node;
  /** An optimizer, which goes on where it ended if it is given the same loss again; or the train node of its `minimize`. */
  readonly optimizer: Pick<Optimizer, "minimize"> | Node;
  /** All examples, one a row; scalars are fed to each batch as they are. */
  readonly feeds: Feeds;
  /** How many rows a step takes, by default all; the last batch of an epoch has what is left. */
  readonly batchSize?: number;
  /** How often all examples are gone through. */
  readonly epochs: number;
  /** Whether each epoch has its own random order: true by default. */
  readonly shuffle?: boolean;
  /** Examples that are not trained on, and fed after each epoch. */
  readonly validation?: Feeds;
  readonly metrics?: M;
  readonly earlyStopping?: EarlyStopping;
  /** Decides the order of the rows; 0 by default. */
  readonly seed?: number;
  readonly session?: Session;
  /** Called after each step; training ends if it returns false. */
  readonly onStep?: (report: StepReport) => unknown;
  /** Called after each epoch; training ends if it returns false. */
  readonly onEpoch?: (report: EpochReport) => unknown;
  /** Called about ten times a second, in place of the line on standard output; null is silence. */
  readonly onProgress?: ((progress: Progress) => unknown) | null;
  /** Milliseconds, for the progress. */
  readonly clock?: () => number;
}

const known = [
  "loss",
  "optimizer",
  "feeds",
  "batchSize",
  "epochs",
  "shuffle",
  "validation",
  "metrics",
  "earlyStopping",
  "seed",
  "session",
  "onStep",
  "onEpoch",
  "onProgress",
  "clock",
];

const example = "fit({ loss, optimizer, feeds: [[X, points], [c, labels]], epochs: 10 })";

/**
 * Trains: for each epoch, runs the train node on every batch, then the loss and the metrics on the validation feeds. The
 * losses and metrics of an epoch are those that its batches had before their steps, each row counting the same. Stopped
 * from outside, or by an error, it leaves the variables as they were after the last whole step. Throws when the loss is NaN.
 */
export function fit<const M extends Metrics = NoMetrics>(
  options: FitOptions<M> & { readonly validation: Feeds },
): ValidatedHistory<M>;
export function fit<const M extends Metrics = NoMetrics>(options: FitOptions<M>): History<M>;
export function fit(options: FitOptions): Numbers {
  checkOptions("fit", options, known, example);
  const { onProgress, clock = () => performance.now() } = options;
  const line = progressLine(toStandardOutput);
  const run = new FitRun(
    options,
    new Meter(onProgress === undefined ? (progress) => line.show(progress) : onProgress, clock),
  );
  try {
    return run.train();
  } finally {
    line.end();
  }
}

/** Lists by name, of which `loss` is one. */
type Numbers = { loss: number[] } & Record<string, number[]>;

/** One call of `fit`. */
class FitRun {
  readonly #options: FitOptions;
  readonly #meter: Meter;
  readonly #session: Session;
  readonly #train: Node;
  readonly #batches: Batches;
  readonly #validation: Batches | undefined;
  readonly #patience: Patience | undefined;
  readonly #order: Random;
  readonly #history: Numbers = { loss: [] };
  #epoch = 0;
  #step = 0;
  #isStopped = false;

  constructor(options: FitOptions, meter: Meter) {
    const { loss, optimizer, feeds, batchSize, validation, metrics = {}, earlyStopping } = options;
    this.#options = options;
    this.#meter = meter;
    checkNode("fit: the loss", loss);
    checkNumber("fit: epochs", options.epochs, { least: 1, whole: true }, example);
    checkMetrics("fit", metrics);
    this.#batches = new Batches("fit", feeds, batchSize);
    if (validation !== undefined) {
      this.#validation = new Batches("fit: validation", validation, batchSize);
    }
    this.#session = options.session ?? new Session();
    this.#order = random(options.seed ?? 0);
    this.#train = trainNode(optimizer, loss);
    if (earlyStopping !== undefined) this.#patience = new Patience(earlyStopping, [this.#train]);
  }

  train(): Numbers {
    while (this.#epoch < this.#options.epochs && !this.#isStopped) {
      this.#epoch += 1;
      this.#runEpoch();
    }
    this.#patience?.restore();
    return this.#history;
  }

  #runEpoch(): void {
    const { loss, metrics = {}, shuffle = true } = this.#options;
    const tally = new Tally("fit", loss, metrics);
    const { rows, count } = this.#batches;
    // With a single batch the order of its rows says nothing.
    const order = shuffle && count > 1 ? this.#order.permutation(rows) : undefined;
    for (const batch of this.#batches.all(order)) {
      this.#runStep(batch, tally);
      if (this.#isStopped) break;
    }
    this.#endEpoch(tally);
  }

  #runStep(batch: Batch, tally: Tally): void {
    const values = this.#session.run([...tally.nodes, this.#train], batch.feeds);
    tally.add(values.slice(0, -1), batch.rows);
    this.#step += 1;
    const loss = +values[0];
    const report = { epoch: this.#epoch, step: this.#step, loss };
    if (Number.isNaN(loss)) throw lossIsNaN(report);
    if (this.#options.onStep?.(report) === false) this.#isStopped = true;
    this.#show(loss, false);
  }

  #endEpoch(tally: Tally): void {
    const { metrics = {} } = this.#options;
    const result = tally.result();
    for (const [name, value] of Object.entries(result)) this.#record(name, value);
    if (this.#validation !== undefined) {
      const own = evaluateOn(
        this.#session,
        new Tally("fit", this.#options.loss, metrics),
        this.#validation,
      );
      for (const [name, value] of Object.entries(own)) {
        this.#record(name === "loss" ? "validation" : `validation ${name}`, value);
      }
    }
    const { loss, validation } = this.#history as Numbers & { validation?: number[] };
    const report = { epoch: this.#epoch, step: this.#step, loss: loss.at(-1)! };
    if (this.#options.onEpoch?.({ ...report, history: this.#history }) === false)
      this.#isStopped = true;
    if (this.#patience?.isOver((validation ?? loss).at(-1)!) === true) this.#isStopped = true;
    this.#show(report.loss, this.#isStopped || this.#epoch === this.#options.epochs);
  }

  #record(name: string, value: number): void {
    (this.#history[name] ??= []).push(value);
  }

  #show(loss: number, done: boolean): void {
    const { epochs } = this.#options;
    const validation = this.#history["validation"]?.at(-1);
    const steps = epochs * this.#batches.count;
    const now = { epoch: this.#epoch, epochs, step: this.#step, steps, loss, done };
    this.#meter.at(validation === undefined ? now : { ...now, validation });
  }
}

/** What `evaluate` takes. */
export interface EvaluateOptions<M extends Metrics = Metrics, L extends Node | undefined = Node> {
  readonly loss?: L;
  readonly metrics?: M;
  readonly feeds: Feeds;
  readonly batchSize?: number;
  readonly session?: Session;
}

/** A number for each metric, and for the loss if it was asked for. */
export type Evaluated<M extends Metrics, L> = {
  -readonly [Name in keyof M]: number;
} & (L extends Node ? { loss: number } : unknown);

/** The loss and the metrics of all rows of `feeds`, by name, computed in batches. Changes nothing. */
export function evaluate<
  const M extends Metrics = NoMetrics,
  const L extends Node | undefined = undefined,
>(options: EvaluateOptions<M, L>): Evaluated<M, L>;
export function evaluate(options: EvaluateOptions): Record<string, number> {
  const call = "evaluate({ loss, metrics: { accuracy: [metrics.accuracy, p, c] }, feeds })";
  checkOptions("evaluate", options, ["loss", "metrics", "feeds", "batchSize", "session"], call);
  const { loss, metrics = {}, feeds, batchSize, session = new Session() } = options;
  if (loss !== undefined) checkNode("evaluate: the loss", loss);
  checkMetrics("evaluate", metrics);
  const tally = new Tally("evaluate", loss, metrics);
  if (tally.nodes.length === 0) {
    throw new GraphError(`evaluate: neither loss nor metrics are given; write ${call}`);
  }
  return evaluateOn(session, tally, new Batches("evaluate", feeds, batchSize));
}

function evaluateOn(session: Session, tally: Tally, batches: Batches): Record<string, number> {
  for (const { feeds, rows } of batches.all()) tally.add(session.run(tally.nodes, feeds), rows);
  return tally.result();
}

function trainNode(optimizer: FitOptions["optimizer"], loss: Node): Node {
  if (optimizer instanceof Node) return optimizer;
  if (optimizer instanceof Optimizer) return optimizer.trainNode(loss);
  if (typeof optimizer === "object" && optimizer !== null && "minimize" in optimizer) {
    return optimizer.minimize(loss);
  }
  throw new GraphError(
    `fit: optimizer is ${describe(optimizer)}; wanted one, as new AdamOptimizer({ learningRate: 0.01 }), or the node of its minimize(loss)`,
  );
}

function lossIsNaN({ epoch, step }: StepReport): GraphError {
  return new GraphError(
    `fit: the loss is NaN at step ${step}, in epoch ${epoch}; lower the learning rate, or find the node that made it: ` +
      `session.run(loss, feeds, { checkNumerics: true })`,
  );
}
