/** The names of a graph's nodes: each one once, numbered where it is taken, within the name scope of the moment. */

/** How often a name was asked for; the name of a node is written only when somebody reads it. */
export class Name {
  readonly base: string;
  readonly #chosen: ReadonlySet<string>;
  #next: number;

  constructor(base: string, next: number, chosen: ReadonlySet<string>) {
    this.base = base;
    this.#next = next;
    this.#chosen = chosen;
  }

  /** The number after the last one given. */
  get next(): number {
    return this.#next;
  }

  /** The next number that makes a name nobody has; 0 is the name as it stands. */
  take(): number {
    let count = this.#next;
    // Somebody may have chosen the name that comes next in the count.
    while (this.#chosen.size > 0 && count > 0 && this.#chosen.has(numbered(this.base, count))) {
      count += 1;
    }
    this.#next = count + 1;
    return count;
  }
}

/** `base`, with its number from the second one on. */
export function numbered(base: string, count: number): string {
  return count === 0 ? base : `${base}_${count}`;
}

/** All names of a graph. */
export class Names {
  readonly #names = new Map<string, Name>();
  /** Names that somebody chose, and that look as if they had been given by counting. */
  readonly #chosen = new Set<string>();
  /** What has been asked for in each scope: a name that is put together anew is slow to look up. */
  readonly #scopes = new Map<string, Map<string, Name>>();
  #scope = "";
  #inScope = this.#namesOf("");

  /** The scope of the moment: empty, or a path that ends with a slash. */
  get scope(): string {
    return this.#scope;
  }

  set scope(scope: string) {
    this.#scope = scope;
    this.#inScope = this.#namesOf(scope);
  }

  /** `base` within the current scope. */
  named(base: string): Name {
    let name = this.#inScope.get(base);
    if (name === undefined) this.#inScope.set(base, (name = this.#find(this.#scope + base)));
    return name;
  }

  #namesOf(scope: string): Map<string, Name> {
    let names = this.#scopes.get(scope);
    if (names === undefined) this.#scopes.set(scope, (names = new Map()));
    return names;
  }

  #find(scoped: string): Name {
    let name = this.#names.get(scoped);
    if (name === undefined) {
      name = new Name(scoped, this.#countOfNew(scoped), this.#chosen);
      this.#names.set(scoped, name);
    }
    return name;
  }

  /** 1 for a name such as `add_3` that has been given by counting, else 0. */
  #countOfNew(name: string): number {
    const match = /^(.*)_([1-9]\d*)$/.exec(name);
    if (match === null) return 0;
    this.#chosen.add(name);
    return Number(match[2]) < (this.#names.get(match[1])?.next ?? 0) ? 1 : 0;
  }
}
