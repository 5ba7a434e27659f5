/**
 * The parent shell and its subshells: each handles its queued requests one after the other, and waits for no other.
 * https://jupyter.org/enhancement-proposals/91-kernel-subshells/kernel-subshells.html
 */
import { isRecord } from "../wire/check.ts";
import { isRequest, type Message, type RequestChannel } from "../wire/message.ts";
import type { RequestHandler, Subshells } from "./request.ts";

/** A request on its way to its handler. */
export interface Waiting {
  readonly handler: RequestHandler;
  readonly channel: RequestChannel;
  readonly message: Message;
}

/** A message for a subshell that is not there. */
export class NoSuchSubshell extends Error {
  override name = "NoSuchSubshell";

  constructor(id: string) {
    super(`there is no subshell ${JSON.stringify(id)}; create one with create_subshell_request`);
  }
}

interface Shell {
  queue: Waiting[];
  isWorking: boolean;
  /** Whether its cell awaits something: what it awaits may be a comm message, which waits for no other cell then. */
  isOpen: boolean;
}

const newShell = (): Shell => ({ queue: [], isWorking: false, isOpen: false });

export interface ShellsParts {
  newId(): string;
  /** Handles a request to its end; `release` says before that others may begin: comm messages behind a cell, any behind a comm message. */
  handle(waiting: Waiting, release: () => void): Promise<void>;
  abort(waiting: Waiting): void;
}

export class Shells implements Subshells {
  readonly #parts: ShellsParts;
  readonly #parent = newShell();
  readonly #subshells = new Map<string, Shell>();
  /** In the order in which they were begun. */
  readonly #handling = new Set<Message>();

  constructor(parts: ShellsParts) {
    this.#parts = parts;
  }

  get ids(): string[] {
    return [...this.#subshells.keys()];
  }

  create(): string {
    const id = this.#parts.newId();
    this.#subshells.set(id, newShell());
    return id;
  }

  /** What the subshell is doing is done to its end and answered; what waits there is not begun any more. */
  delete(id: string): void {
    const shell = this.#shell(id);
    this.#subshells.delete(id);
    this.#abort(shell);
    // A comm lives on without the subshell that its messages came by.
    for (const waiting of shell.queue.splice(0)) this.#enqueue(this.#parent, waiting);
  }

  /** Throws if the message names a subshell that is not there. */
  check({ header }: Message): void {
    this.#shell(header.subshell_id);
  }

  /** Handles a request when its shell comes to it. */
  put(waiting: Waiting): void {
    const shell = this.#shell(waiting.message.header.subshell_id);
    // What a comm was told before on a shell that is still busy comes along: a comm is told everything in order.
    for (const earlier of this.#takeOfSameComm(waiting.message, shell)) {
      this.#enqueue(shell, earlier);
    }
    this.#enqueue(shell, waiting);
  }

  /** Takes a message for answered, and returns the latest that is not. */
  busyBesides(message: Message): Message | null {
    // At once: an answer that goes out before the handler's promise is heard of must not call it busy again.
    this.#handling.delete(message);
    return [...this.#handling].at(-1) ?? null;
  }

  /** Fails the waiting requests of the shell that a message came by. */
  abortBehind({ header }: Message): void {
    const id = header.subshell_id ?? null;
    const shell = id === null ? this.#parent : this.#subshells.get(id);
    if (shell !== undefined) this.#abort(shell);
  }

  abortAll(): void {
    for (const shell of [this.#parent, ...this.#subshells.values()]) this.#abort(shell);
  }

  #shell(id: string | null | undefined): Shell {
    const shell = id === null || id === undefined ? this.#parent : this.#subshells.get(id);
    if (shell !== undefined) return shell;
    throw new NoSuchSubshell(id ?? "");
  }

  #takeOfSameComm(message: Message, to: Shell): Waiting[] {
    const comm = commOf(message);
    if (comm === null) return [];
    const isSame = (waiting: Waiting): boolean => commOf(waiting.message) === comm;
    return [this.#parent, ...this.#subshells.values()].flatMap((shell) => {
      if (shell === to || !shell.queue.some(isSame)) return [];
      const taken = shell.queue.filter(isSame);
      shell.queue = shell.queue.filter((waiting) => !isSame(waiting));
      return taken;
    });
  }

  /** Messages that have no reply are no request that could fail: they keep their place. */
  #abort(shell: Shell): void {
    const aborted = shell.queue.filter(({ message }) => isRequest(message));
    shell.queue = shell.queue.filter(({ message }) => !isRequest(message));
    for (const waiting of aborted) this.#parts.abort(waiting);
  }

  #enqueue(shell: Shell, waiting: Waiting): void {
    shell.queue.push(waiting);
    if (shell.isOpen) this.#letComms(shell);
    else if (!shell.isWorking) void this.#work(shell);
  }

  /** Begins all comm messages that wait behind a cell, as ipykernel does. Among themselves they keep their order. */
  #letComms(shell: Shell): void {
    const comms = shell.queue.filter(({ message }) => commOf(message) !== null);
    shell.queue = shell.queue.filter(({ message }) => commOf(message) === null);
    for (const waiting of comms) void this.#begin(shell, waiting);
  }

  async #work(shell: Shell): Promise<void> {
    shell.isWorking = true;
    for (let next = shell.queue.shift(); next !== undefined; next = shell.queue.shift()) {
      await this.#begin(shell, next);
      shell.isOpen = false;
    }
    shell.isWorking = false;
  }

  #begin(shell: Shell, waiting: Waiting): Promise<void> {
    const { message } = waiting;
    this.#handling.add(message);
    return new Promise((resolve) => {
      const release = (): void => {
        if (!isRequest(message)) return resolve();
        shell.isOpen = true;
        this.#letComms(shell);
      };
      void this.#parts.handle(waiting, release).then(() => {
        this.#handling.delete(message);
        resolve();
      });
    });
  }
}

/** The comm that a message is for. */
function commOf({ header, content }: Message): unknown {
  if (!header.msg_type.startsWith("comm_") || isRequest({ header })) return null;
  return isRecord(content) ? (content["comm_id"] ?? null) : null;
}
