/** A session whose cells run in the back. */
import { notebookFolder } from "../cell/folder.ts";
import {
  type Answer,
  type CellId,
  type CommMessage,
  type ErrorReport,
  type FromBack,
  type Outcome,
  type ToBack,
  weightOf,
} from "../channel.ts";
import type { Checking } from "./checking.ts";
import type { Introspection } from "./introspection.ts";
import { Listeners } from "./listeners.ts";
import { StreamMerger } from "./merge.ts";
import type { Listener, Session } from "./session.ts";
import { interrupted, reportOf, STUCK } from "./own_reports.ts";
import { Preparing } from "./preparing.ts";
import type { Stopping } from "./stopping.ts";
import type { Types } from "./types.ts";

export interface BackSessionParts {
  readonly post: (message: ToBack) => void;
  readonly stopping: Stopping;
  readonly types: Pick<Types, "add">;
  readonly introspection: Pick<Introspection, "know" | "forget" | "complete" | "inspect">;
  readonly checking: Pick<Checking, "check" | "choose" | "mode">;
  /** Hands an answer to the back, which may be waiting for it. */
  readonly answer: (answer: Answer) => void;
  /** Told of the weight of output that has been handed on. */
  readonly passed: (weight: number) => void;
  /** Hands on what was written to the descriptors so far. */
  readonly drain: () => void;
  /** Told of each cell that starts; null when none runs any more. */
  readonly watch: (label: string | null) => void;
  /** For the server's log. */
  readonly log: (sentence: string) => void;
  /** Said under the next cell: what there is to know about the time before it, and about its output. */
  readonly notices: () => readonly string[];
}

/** A cell as its reader knows it. */
interface Asked {
  readonly source: string;
  readonly label: string;
  readonly listener: Listener;
  readonly release: () => void;
}

interface Running {
  /** What the client is to do besides. */
  readonly payload: object[];
  readonly label: string;
  readonly release: () => void;
  readonly resolve: (outcome: Outcome) => void;
}

export class BackSession implements Session {
  /** Called when a cell ends the process. */
  onExit: () => void = () => {};
  readonly preparing: Preparing;
  readonly #parts: BackSessionParts;
  readonly #names = new Map<string, { readonly constant: boolean }>();
  readonly #listeners = new Listeners();
  readonly #merger = new StreamMerger();
  readonly #ready: Promise<void>;
  #isReady = false;
  #setReady: () => void = () => {};
  #cells: CellId = 0;
  readonly #running = new Map<CellId, Running>();
  readonly #comms = new Map<string, string>();
  /** Why what runs is being stopped, if not because its reader wants it. */
  #verdict: ErrorReport | null = null;

  constructor(parts: BackSessionParts) {
    this.#parts = parts;
    this.#ready = new Promise((resolve) => {
      this.#setReady = resolve;
    });
    const { checking, stopping } = parts;
    const idle = async (): Promise<void> => {
      await this.#ready;
      await stopping.over;
    };
    this.preparing = new Preparing(notebookFolder(), checking, idle);
  }

  get comms(): ReadonlyMap<string, string> {
    return this.#comms;
  }

  async execute(
    source: string,
    label: string,
    listener: Listener,
    release = (): void => {},
  ): Promise<Outcome> {
    const asked = { source, label, listener, release };
    let outcome: Outcome = { status: "ok", value: null };
    const payload: object[] = [];
    const parts = await this.preparing.parts(source, this.#names);
    if ("status" in parts) return parts;
    for (const part of parts) {
      outcome = await this.#run(part, asked, true);
      if (outcome.status === "error") break;
      payload.push(...(outcome.payload ?? []));
    }
    return outcome.status === "ok" ? { ...outcome, payload } : outcome;
  }

  async evaluate(expression: string, listener: Listener): Promise<Outcome> {
    const asked = { source: expression, label: "Cell [*]", listener, release: (): void => {} };
    return this.#run(expression, asked, false);
  }

  /** Runs a part of a cell, if nothing is wrong with it. */
  async #run(part: string, asked: Asked, isChecked: boolean): Promise<Outcome> {
    const { source, label, listener, release } = asked;
    const prepared = await this.preparing.prepare(part, asked, { names: this.#names, isChecked });
    if ("status" in prepared) return prepared;
    const { compiled, plain, notes, changed, types } = prepared;
    // What is posted during a stop would be taken for lost.
    while (this.#parts.stopping.over !== null) await this.#parts.stopping.over;
    const cell = ++this.#cells;
    this.#listeners.addCell(cell, listener);
    this.#giveNotice(listener);
    for (const note of notes) listener.stream("stderr", `${note}\n`);
    const order = { type: "execute", cell, label, source, compiled, types } as const;
    const outcome = await this.#start(label, order, release);
    const names = compiled.declares.filter((name) => this.#names.has(name));
    this.#parts.types.add({ source: plain, label, names, changed });
    return outcome;
  }

  async comm(message: CommMessage, listener: Listener, release: () => void): Promise<Outcome> {
    await this.#ready;
    await this.#parts.stopping.over;
    this.#note(message);
    const cell = ++this.#cells;
    this.#listeners.addComm(cell, listener);
    return this.#start("a comm message", { type: "comm", cell, message }, release);
  }

  #start(
    label: string,
    order: Extract<ToBack, { cell: CellId }>,
    release: () => void,
  ): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#running.set(order.cell, { label, release, resolve, payload: [] });
      this.#parts.post(order);
      this.#watch();
    });
  }

  complete: Session["complete"] = async (...asked) => this.#parts.introspection.complete(...asked);

  inspect: Session["inspect"] = async (...asked) => this.#parts.introspection.inspect(...asked);

  async interrupt(): Promise<ErrorReport | null> {
    const { stopping } = this.#parts;
    if (stopping.over === null) this.preparing.cancel();
    // Terminated while it starts, the back would never be ready.
    if (!this.#isReady) return null;
    const stopped = await stopping.stop();
    if (stopped === "stopped") return null;
    this.#listeners.latest(this.#running.keys())?.stream("stderr", `${STUCK.evalue}\n`);
    return STUCK;
  }

  /** Stops the running cell, which fails with the given report. */
  stopWith(report: ErrorReport): void {
    if (this.#running.size === 0 || this.#verdict !== null) return;
    this.#verdict = report;
    void this.#parts.stopping.stop();
  }

  /** Takes what was written to a descriptor: nobody knows by which cell, so it is the running one's or the last. */
  receiveNative(name: "stdout" | "stderr", text: string): void {
    const listener = this.#listeners.latest(this.#running.keys());
    if (listener !== undefined) this.#merger.add(listener, name, text);
  }

  /** Takes what the back says. */
  receive(message: FromBack): void {
    if (message.type !== "stream") this.#merger.flush();
    this.#parts.passed(weightOf(message));
    switch (message.type) {
      case "names":
        for (const { name, constant } of message.names) this.#names.set(name, { constant });
        this.#parts.introspection.know(message.names.map(({ name }) => name));
        return;
      case "forgotten":
        this.#names.clear();
        for (const { name, constant } of message.names) this.#names.set(name, { constant });
        return this.#parts.introspection.forget(message.names.map(({ name }) => name));
      case "payload":
        this.#running.get(message.cell)?.payload.push(message.payload);
        return;
      case "stream": {
        const listener = this.#listener(message.cell);
        if (listener !== undefined) this.#merger.add(listener, message.name, message.text);
        return;
      }
      case "display":
        return this.#listener(message.cell)?.display(
          message.bundle,
          message.displayId,
          message.isUpdate,
        );
      case "clear":
        return this.#listener(message.cell)?.clear(message.wait);
      case "drain":
        return this.#parts.drain();
      case "comm":
        this.#note(message.message);
        return this.#listener(message.cell)?.comm(message.message);
      case "released":
        return this.#running.get(message.cell)?.release();
      case "log":
        return this.#parts.log(message.sentence);
      case "ask":
        return this.#ask(message);
      case "done":
        this.#parts.drain();
        return this.#finish(message.cell, message.outcome);
      case "ready":
        this.#isReady = true;
        return this.#setReady();
      case "exiting":
        return this.#leave(message.how);
      case "signal":
        if (message.signal === "SIGINT") void this.interrupt();
        return;
      case "rehearsed":
        return;
      case "interrupted":
        this.#endLost(message.cells);
        return this.#parts.stopping.acknowledged(message.number);
      default:
        message satisfies never;
    }
  }

  /** The cell that ends the process gets its answer; then the process may end. */
  #leave(how: string): void {
    const evalue = `${how}, so the kernel ends; its variables are lost.`;
    for (const cell of this.#running.keys()) {
      this.#finish(cell, { status: "error", ...reportOf("Exit", evalue) });
    }
    this.onExit();
  }

  #listener(cell: CellId): Listener | undefined {
    return this.#listeners.of(cell) ?? this.#listeners.latest(this.#running.keys());
  }

  #ask({ cell, prompt, password }: Extract<FromBack, { type: "ask" }>): void {
    const { answer } = this.#parts;
    void this.#listener(cell)?.ask(prompt, password).then(answer);
  }

  #giveNotice(listener: Listener): void {
    for (const sentence of this.#parts.notices()) listener.stream("stderr", `${sentence}\n`);
  }

  /** Ends what the back does not know any more: a termination may hit it where it takes a cell, or gives its outcome. */
  #endLost(known: readonly CellId[]): void {
    for (const cell of this.#running.keys()) {
      if (!known.includes(cell)) this.#finish(cell, interrupted());
    }
  }

  /** Questions about comms are answered here, also while the back is busy. */
  #note({ action, id, target }: CommMessage): void {
    if (action === "open") this.#comms.set(id, target);
    if (action === "close") this.#comms.delete(id);
  }

  #watch(): void {
    this.#parts.watch([...this.#running.values()].at(-1)?.label ?? null);
  }

  #finish(cell: CellId, outcome: Outcome): void {
    const running = this.#running.get(cell);
    if (running === undefined) return;
    this.#running.delete(cell);
    // The answer does not wait for it.
    setImmediate(() => this.#watch());
    this.#merger.flush();
    const listener = this.#listener(cell);
    if (listener !== undefined) this.#giveNotice(listener);
    const verdict = this.#verdict;
    if (this.#running.size === 0) this.#verdict = null;
    const { payload } = running;
    const told = outcome.status === "ok" ? { ...outcome, payload } : outcome;
    running.resolve(verdict === null ? told : { status: "error", ...verdict });
  }
}
