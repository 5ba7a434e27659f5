/** The signatures of late: who has overheard a message can send it once more, signature and all, but not make another. */

/** Of these many at least; twice as many are kept for a while. */
const REMEMBERED = 4096;

export class Seen {
  #recent = new Set<string>();
  #older = new Set<string>();

  /** Whether a signature comes for the first time, and remembers it. */
  isNew(signature: string): boolean {
    if (this.#recent.has(signature) || this.#older.has(signature)) return false;
    if (this.#recent.size >= REMEMBERED) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(signature);
    return true;
  }
}
