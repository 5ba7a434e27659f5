/** The shells of a kernel: the parent and its subshells, each with a queue of its own. */
import type { Message, RequestChannel } from "../wire/message.ts";
import type { RequestHandler } from "./request.ts";

export interface Waiting {
  readonly handler: RequestHandler;
  readonly channel: RequestChannel;
  readonly message: Message;
}

/** Requests that wait for each other. */
export class Shell {
  #queue: Waiting[] = [];
  /** What is being handled. */
  current: Message | null = null;

  get isIdle(): boolean {
    return this.current === null;
  }

  put(waiting: Waiting): void {
    this.#queue.push(waiting);
  }

  next(): Waiting | undefined {
    return this.#queue.shift();
  }

  /** Empties the queue and returns what was in it. */
  takeAll(): Waiting[] {
    const waiting = this.#queue;
    this.#queue = [];
    return waiting;
  }
}

/** A message for a subshell that is not there. */
export class NoSuchSubshell extends Error {
  override name = "NoSuchSubshell";

  constructor(id: string) {
    super(`there is no subshell ${JSON.stringify(id)}; create one with create_subshell_request`);
  }
}

export class Shells {
  readonly #parent = new Shell();
  readonly #subshells = new Map<string, Shell>();
  /** Subshells that were deleted while something ran in them. */
  readonly #leaving = new Set<Shell>();
  readonly #newId: () => string;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  get ids(): string[] {
    return [...this.#subshells.keys()];
  }

  create(): string {
    const id = this.#newId();
    this.#subshells.set(id, new Shell());
    return id;
  }

  /** Forgets a subshell and returns what waited in it; what runs in it runs to its end. */
  delete(id: string): Waiting[] {
    const shell = this.#subshells.get(id);
    if (shell === undefined) throw new NoSuchSubshell(id);
    this.#subshells.delete(id);
    if (!shell.isIdle) this.#leaving.add(shell);
    return shell.takeAll();
  }

  /** The shell that a message is for. */
  of({ header }: Message): Shell {
    const id = header.subshell_id;
    if (id === undefined || id === null) return this.#parent;
    const shell = this.#subshells.get(id);
    if (shell === undefined) throw new NoSuchSubshell(id);
    return shell;
  }

  get all(): Shell[] {
    for (const shell of this.#leaving) if (shell.isIdle) this.#leaving.delete(shell);
    return [this.#parent, ...this.#subshells.values(), ...this.#leaving];
  }
}
