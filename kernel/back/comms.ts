/** The comms of a notebook: which are open, and which targets the front end may open one to. */
import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import type { CommMessage } from "../channel.ts";
import { asHandler, Comm, type CommExtras, type CommReceived } from "./comm.ts";

export type TargetHandler<D> = (comm: Comm, openMessage: CommReceived<D>) => unknown;

/** What a notebook calls `comm`. */
export interface CommApi {
  /** Opens a comm to the handlers that the front end has registered for the target. */
  open(target: string, data?: object, extras?: CommExtras): Comm;
  /** Calls the handler for each comm that the front end opens to the target; returns what takes that back. */
  registerTarget<D = Readonly<Record<string, unknown>>>(
    target: string,
    handler: TargetHandler<D>,
  ): () => void;
  unregisterTarget(target: string): void;
}

export interface CommsParts {
  readonly post: (message: CommMessage) => void;
  /** For whoever keeps the server: what a message that went nowhere was. */
  readonly log: (sentence: string) => void;
}

export class Comms {
  readonly #parts: CommsParts;
  readonly #open = new Map<string, Comm>();
  readonly #targets = new Map<string, TargetHandler<never>>();
  readonly api: CommApi;

  constructor(parts: CommsParts) {
    this.#parts = parts;
    this.api = {
      open: (target, data = {}, extras = {}) => {
        const comm = new Comm(randomUUID(), asTarget("open", target), (message) =>
          this.#post(message),
        );
        comm.announce(data, extras);
        this.#open.set(comm.id, comm);
        return comm;
      },
      registerTarget: (target, handler) => {
        this.#targets.set(
          asTarget("registerTarget", target),
          asHandler("comm.registerTarget", handler),
        );
        return () => {
          if (this.#targets.get(target) === handler) this.#targets.delete(target);
        };
      },
      unregisterTarget: (target) => void this.#targets.delete(target),
    };
  }

  /** What is to be called for a message of the front end, in order. */
  callsFor(message: CommMessage): (() => unknown)[] {
    if (message.action === "open") return this.#accept(message);
    const comm = this.#open.get(message.id);
    if (comm === undefined) {
      this.#parts.log(`a comm ${message.action} was dropped: no comm ${message.id} is open`);
      return [];
    }
    if (message.action === "close") this.#open.delete(message.id);
    return comm.callsFor(message);
  }

  #post(message: CommMessage): void {
    if (message.action === "close") this.#open.delete(message.id);
    this.#parts.post(message);
  }

  #accept({ id, target, data, metadata, buffers }: CommMessage): (() => unknown)[] {
    const comm = new Comm(id, target, (message) => this.#post(message));
    const handler = this.#targets.get(target);
    if (handler === undefined) {
      this.#parts.log(
        `the comm ${id} was closed: no target ${JSON.stringify(target)} is registered`,
      );
      comm.close();
      return [];
    }
    this.#open.set(id, comm);
    const accept = (): unknown => {
      try {
        return handler(comm, { data: data as never, metadata, buffers });
      } catch (error) {
        // The front end must not believe that somebody listens.
        comm.close();
        throw error;
      }
    };
    return [accept];
  }
}

function asTarget(where: string, target: unknown): string {
  if (typeof target === "string") return target;
  throw new TypeError(`comm.${where}: the target must be a string, got ${inspect(target)}`);
}
