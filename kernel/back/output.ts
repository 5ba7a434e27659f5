/** Everything that cells show, on its way to the front; what one cell shows goes in the order in which it was shown. */
import { type CellId, type FromBack, type Shared, UNSENT_FLAG, weightOf } from "../channel.ts";

/** A place in the order that is kept for something still being made. */
interface Slot {
  message: FromBack | null;
  isPending: boolean;
}

type Shown = Exclude<Extract<FromBack, { readonly cell: CellId }>, { type: "stream" }>;

const FLUSH_BYTES = 64 * 1024;
const FLUSH_MS = 25;
/** So many writes of one window are posted at once: a loop without end may follow, in which no timer fires. */
const PROMPT_WRITES = 200;
/** So much may be on its way to the clients, in characters; a cell that shows more waits until they have read. */
const BOUND = 32 * 1024 * 1024;

// A cell may replace them; the kernel keeps its own.
const { setTimeout: later } = globalThis;
const now = performance.now.bind(performance);
const { add, load, wait } = Atomics;

export interface OutputParts {
  readonly post: (message: FromBack) => void;
  readonly shared: Shared;
  /** Throws if an interrupt is wanted. */
  readonly check: () => void;
}

export class Output {
  readonly #parts: OutputParts;
  /** What waits behind something of the same cell that is still being made. */
  readonly #lanes = new Map<CellId, Slot[]>();
  #text: string[] = [];
  #size = 0;
  #cell: CellId = 0;
  #name: "stdout" | "stderr" = "stdout";
  #windowStart = 0;
  #promptWrites = 0;
  #isScheduled = false;

  constructor(parts: OutputParts) {
    this.#parts = parts;
  }

  /** Much text is merged with its neighbours; the first few pieces go at once. */
  write(cell: CellId, name: "stdout" | "stderr", text: string): void {
    if (text === "") return;
    if (cell !== this.#cell || name !== this.#name) this.flush();
    this.#cell = cell;
    this.#name = name;
    this.#text.push(text);
    this.#size += text.length;
    if (this.#size >= FLUSH_BYTES || this.#isPrompt()) this.flush();
    else this.#schedule();
    this.#waitForRoom();
  }

  /** Posts a message behind all text written so far. */
  show(message: Shown): void {
    this.flush();
    this.#enqueue(message);
    if (message.type === "display" || message.type === "clear") this.#waitForRoom();
  }

  /** Posts a message that belongs to no place among what is shown: something still being made may wait for its answer. */
  send(message: Shown): void {
    this.flush();
    this.#post(message);
    this.#waitForRoom();
  }

  /** Keeps a place for a message that is still being made. Resolves when it has been made. */
  async showLater(cell: CellId, making: Promise<Shown | null>): Promise<void> {
    this.flush();
    const slot: Slot = { message: null, isPending: true };
    const lane = this.#lanes.get(cell);
    if (lane === undefined) this.#lanes.set(cell, [slot]);
    else lane.push(slot);
    try {
      slot.message = await making;
    } finally {
      slot.isPending = false;
      this.#drain(cell);
    }
  }

  /** Gives up the places of everything still being made. */
  abandonPending(): void {
    for (const [cell, lane] of this.#lanes) {
      for (const slot of lane) slot.isPending = false;
      this.#drain(cell);
    }
  }

  flush(): void {
    if (this.#text.length === 0) return;
    const text = this.#text.join("");
    this.#text = [];
    this.#size = 0;
    this.#enqueue({ type: "stream", cell: this.#cell, name: this.#name, text });
  }

  /** Beyond the first writes of a window, text waits for the next one: a post costs more than the formatting. */
  #isPrompt(): boolean {
    const time = now();
    if (time - this.#windowStart > FLUSH_MS) {
      this.#windowStart = time;
      this.#promptWrites = 0;
    }
    return this.#promptWrites++ < PROMPT_WRITES;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    later(() => {
      this.#isScheduled = false;
      this.flush();
    }, FLUSH_MS);
  }

  #enqueue(message: Extract<FromBack, { readonly cell: CellId }>): void {
    const lane = this.#lanes.get(message.cell);
    if (lane === undefined) this.#post(message);
    else lane.push({ message, isPending: false });
  }

  #post(message: FromBack): void {
    const weight = weightOf(message);
    if (weight > 0) add(this.#parts.shared.flags, UNSENT_FLAG, weight);
    this.#parts.post(message);
  }

  #waitForRoom(): void {
    const { shared, check } = this.#parts;
    for (;;) {
      const unsent = load(shared.flags, UNSENT_FLAG);
      if (unsent <= BOUND) return;
      check();
      wait(shared.flags, UNSENT_FLAG, unsent);
    }
  }

  #drain(cell: CellId): void {
    const lane = this.#lanes.get(cell) ?? [];
    let slot = lane[0];
    while (slot !== undefined && !slot.isPending) {
      lane.shift();
      if (slot.message !== null) this.#post(slot.message);
      slot = lane[0];
    }
    if (lane.length === 0) this.#lanes.delete(cell);
  }
}
