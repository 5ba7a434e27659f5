/** A notebook without a process: cells are compiled and run by the real executor, and what it posts is kept. */
import { stripVTControlCharacters } from "node:util";
import { compile, type CompiledCell } from "../../kernel/cell/compile.ts";
import type { TypesMode } from "../../kernel/cell/magics/types.ts";
import type { Surroundings } from "../../kernel/cell/transform.ts";
import {
  type CellId,
  type CommMessage,
  type FromBack,
  newShared,
  type Outcome,
  type Shared,
  UNSENT_FLAG,
  weightOf,
} from "../../kernel/channel.ts";
import { Builtins } from "../../kernel/back/builtins.ts";
import { Comms } from "../../kernel/back/comms.ts";
import { Delivery } from "../../kernel/back/delivery.ts";
import { Errors } from "../../kernel/back/errors.ts";
import { Executor } from "../../kernel/back/executor.ts";
import { Imports } from "../../kernel/back/imports.ts";
import { makeDisplay } from "../../kernel/back/display.ts";
import { Interruption } from "../../kernel/back/interruption.ts";
import { magicHost, magicRuntime } from "../../kernel/back/magics.ts";
import { Output } from "../../kernel/back/output.ts";
import { Runs } from "../../kernel/back/runs.ts";
import { Scope } from "../../kernel/back/scope.ts";

function tryCompile(source: string, surroundings: Surroundings): CompiledCell | Outcome {
  try {
    return compile(source, surroundings);
  } catch (error) {
    const { name, message } = error as Error;
    return { status: "error", ename: name, evalue: message, traceback: [] };
  }
}

export class TestNotebook {
  readonly posted: FromBack[] = [];
  readonly shared: Shared = newShared();
  readonly executor: Executor;
  readonly runs: Runs;
  readonly comms: Comms;
  readonly delivery: Delivery;
  readonly output: Output;
  readonly scope = new Scope();
  readonly #names = new Map<string, { readonly constant: boolean }>();
  readonly #done = new Map<CellId, (outcome: Outcome) => void>();
  #cells = 0;

  constructor(folder = process.cwd()) {
    const post = (message: FromBack): void => this.#receive(message);
    const interruption = new Interruption(this.shared);
    const check = (): void => interruption.throwIfWanted();
    this.output = new Output({ post, shared: this.shared, check });
    const builtins = new Builtins();
    const errors = new Errors(builtins);
    this.runs = new Runs({ builtins, errors, interruption, output: this.output, post });
    this.comms = new Comms({
      post: (message) => this.output.send({ type: "comm", cell: this.runs.speaker, message }),
      log: (sentence) => post({ type: "log", sentence }),
    });
    this.delivery = new Delivery({
      runs: this.runs,
      comms: this.comms,
      interruption,
      output: this.output,
      report: (error) =>
        this.output.write(this.runs.speaker, "stderr", errors.report(error).traceback.join("\n")),
    });
    const screen = { show: () => {} };
    const { runs, scope, output } = this;
    const display = makeDisplay(screen, () => "1");
    const types = (): TypesMode => this.executor.types;
    const host = magicHost({ folder, runs, scope, output, interruption, display, types, post });
    this.executor = new Executor({
      builtins,
      magics: magicRuntime(host),
      runs: this.runs,
      scope: this.scope,
      errors,
      imports: new Imports(folder, new Map()),
      interruption,
      output: this.output,
      post,
    });
  }

  /** Gives the notebook a name, as the kernel's own are given. */
  declare(name: string, value: unknown): void {
    this.scope.declare(name, value);
    this.#names.set(name, { constant: true });
  }

  async run(source: string): Promise<Outcome> {
    const surroundings = { names: this.#names, isGlobal: (name: string) => name in globalThis };
    const compiled = tryCompile(source, surroundings);
    if ("status" in compiled) return compiled;
    const cell = ++this.#cells;
    return new Promise((resolve) => {
      this.#done.set(cell, resolve);
      const label = `Cell [${cell}]`;
      this.executor.execute({ type: "execute", cell, label, source, compiled, types: "off" });
    });
  }

  /** Plays the front end: sends a message of a comm. */
  async tell(
    action: CommMessage["action"],
    id: string,
    data: unknown = {},
    rest: Partial<CommMessage> = {},
  ): Promise<Outcome> {
    const cell = ++this.#cells;
    const message = { action, id, target: "", data, metadata: {}, buffers: [], ...rest };
    return new Promise((resolve) => {
      this.#done.set(cell, resolve);
      this.delivery.deliver({ type: "comm", cell, message });
    });
  }

  /** The text of a cell's value; `Name: message` when it failed; "" for nothing to show. */
  async text(source: string): Promise<string> {
    const outcome = await this.run(source);
    if (outcome.status === "error") return `${outcome.ename}: ${outcome.evalue}`;
    const text = outcome.value?.data["text/plain"];
    // Colours are not what these tests are about.
    return typeof text === "string" ? stripVTControlCharacters(text) : "";
  }

  #receive(message: FromBack): void {
    this.posted.push(message);
    Atomics.sub(this.shared.flags, UNSENT_FLAG, weightOf(message));
    if (message.type === "names") {
      for (const { name, constant } of message.names) this.#names.set(name, { constant });
    }
    if (message.type === "done") this.#done.get(message.cell)?.(message.outcome);
  }
}
