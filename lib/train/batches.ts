/** Feeds cut into batches along their first axis. */
import { rowsBetween, takeRows } from "../core/rows.ts";
import { checkNumber } from "../core/options.ts";
import { ShapeError, show } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { readFeeds, type Feeds } from "../session/feeds.ts";
import type { Placeholder } from "../ops/state.ts";

/** The feeds of one run, and how many examples they hold. */
export interface Batch {
  readonly feeds: readonly (readonly [Placeholder, Tensor])[];
  readonly rows: number;
}

/** All examples, and how they are cut. Scalars are fed to every batch as they are. */
export class Batches {
  readonly rows: number;
  readonly size: number;
  /** How many batches there are; the last may be smaller. */
  readonly count: number;
  readonly #fed: readonly (readonly [Placeholder, Tensor])[];
  /** By how many rows: the tensors that batches in another order are written into. */
  readonly #kept = new Map<number, readonly Tensor[]>();

  /** Throws if the feeds differ in rows, or have none. */
  constructor(what: string, feeds: Feeds, size: number | undefined) {
    this.#fed = [...readFeeds(feeds)];
    const [first, ...others] = this.#fed.filter(([, { rank }]) => rank > 0);
    if (first === undefined) {
      throw new ShapeError(
        `${what}: no feed has rows; feed the examples: [[X, points], [c, labels]]`,
      );
    }
    const [target, value] = first;
    this.rows = value.shape[0];
    for (const [other, { shape }] of others) {
      if (shape[0] === this.rows) continue;
      throw new ShapeError(
        `${what}: feeds differ in rows: ${target.name} has ${this.rows}, ${other.name} ${shape[0]}; give one row of each to an example`,
      );
    }
    if (this.rows === 0) {
      throw new ShapeError(
        `${what}: ${target.name} is fed ${show(value.shape)}, no rows; give at least one`,
      );
    }
    const wanted = size ?? this.rows;
    checkNumber(`${what}: batchSize`, wanted, { least: 1, whole: true }, "{ batchSize: 32 }");
    this.size = Math.min(wanted, this.rows);
    this.count = Math.ceil(this.rows / this.size);
  }

  /** Every batch once; with `order`, rows in that order. A batch is overwritten by the next of its size. */
  *all(order?: readonly number[]): Generator<Batch> {
    for (let start = 0; start < this.rows; start += this.size) {
      const end = Math.min(start + this.size, this.rows);
      const rows = end - start;
      const kept = order === undefined ? undefined : this.#memory(rows);
      const feeds = this.#fed.map(([target, x], i) => {
        if (x.rank === 0) return [target, x] as const;
        if (order === undefined) return [target, rowsBetween(x, start, end)] as const;
        return [target, takeRows(x, order.slice(start, end), kept?.[i])] as const;
      });
      if (order !== undefined && kept === undefined)
        this.#kept.set(
          rows,
          feeds.map(([, x]) => x),
        );
      yield { feeds, rows };
    }
  }

  #memory(rows: number): readonly Tensor[] | undefined {
    return this.#kept.get(rows);
  }
}
