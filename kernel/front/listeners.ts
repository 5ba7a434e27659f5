/** Who is told what a cell says, while it runs and when it speaks up later. */
import type { CellId } from "../channel.ts";
import type { Listener } from "./session.ts";

/** Cells, and comm messages, whose late output still finds its parent header. */
const REMEMBERED = 2000;

export class Listeners {
  readonly #cells = new Map<CellId, Listener>();
  /** A slider sends thousands: they must not make the cells forgotten. */
  readonly #comms = new Map<CellId, Listener>();
  #last: Listener | undefined;

  addCell(cell: CellId, listener: Listener): void {
    this.#last = listener;
    remember(this.#cells, cell, listener);
  }

  addComm(cell: CellId, listener: Listener): void {
    remember(this.#comms, cell, listener);
  }

  of(cell: CellId): Listener | undefined {
    return this.#cells.get(cell) ?? this.#comms.get(cell);
  }

  /** Of what runs the one that started last; the last cell where nothing runs. */
  latest(running: Iterable<CellId>): Listener | undefined {
    const newest = [...running].at(-1);
    return newest === undefined ? this.#last : this.of(newest);
  }
}

function remember(listeners: Map<CellId, Listener>, cell: CellId, listener: Listener): void {
  listeners.set(cell, listener);
  const [oldest] = listeners.keys();
  if (listeners.size > REMEMBERED && oldest !== undefined) listeners.delete(oldest);
}
