/** Text that comes in many pieces, published in few: the front has the timer that a busy back has not. */
import type { Listener } from "./session.ts";

type StreamName = "stdout" | "stderr";

const HOLD_MS = 10;
const HOLD_LENGTH = 256 * 1024;

export class StreamMerger {
  #listener: Listener | null = null;
  #name: StreamName = "stdout";
  #pieces: string[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | null = null;

  /** Takes a piece; it is published with its neighbours of the same cell and stream. */
  add(listener: Listener, name: StreamName, text: string): void {
    if (listener !== this.#listener || name !== this.#name) this.flush();
    this.#listener = listener;
    this.#name = name;
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.#length >= HOLD_LENGTH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), HOLD_MS);
  }

  /** Publishes what is held; whatever else is published goes behind it. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pieces.length === 0) return;
    const text = this.#pieces.join("");
    this.#pieces = [];
    this.#length = 0;
    this.#listener?.stream(this.#name, text);
  }
}
