/** The main thread's part, put together: cells run here, and nothing of the protocol is known. */
import { pathToFileURL } from "node:url";
import type { MessagePort } from "node:worker_threads";
import type { TypesMode } from "../cell/magics/types.ts";
import { notebookFolder } from "../cell/folder.ts";
import {
  type Bundle,
  ENDED_FLAG,
  type FromBack,
  type KnownName,
  type Shared,
  type ToBack,
} from "../channel.ts";
import { OwnListeners } from "../host/own_listeners.ts";
import { Builtins } from "./builtins.ts";
import { watchSyncChildren } from "./children.ts";
import { Comms } from "./comms.ts";
import { Delivery } from "./delivery.ts";
import { makeDeno } from "./deno/deno.ts";
import { makeDisplay, type Screen } from "./display.ts";
import { Errors } from "./errors.ts";
import { announceExit } from "./exit.ts";
import { Executor } from "./executor.ts";
import { Imports } from "./imports.ts";
import { makeIJavascript } from "./ijavascript.ts";
import { InputError, makeInput } from "./input.ts";
import { Interruption, isInterrupted } from "./interruption.ts";
import { surviveLateErrors } from "./late_errors.ts";
import { magicHost, magicRuntime } from "./magics.ts";
import type { NotebookApi } from "./notebook.ts";
import { Output } from "./output.ts";
import { useReadableColors } from "./palette.ts";
import { preload } from "./preload.ts";
import { makeProgress } from "./progress.ts";
import { Rehearsal } from "./rehearsal.ts";
import { publishNotebook } from "./published.ts";
import { useReadableFunctions } from "./readable.ts";
import { Runs } from "./runs.ts";
import { Scope } from "./scope.ts";
import { replaceStdin } from "./stdin.ts";
import { captureStreams } from "./streams.ts";
import { makeTslab } from "./tslab.ts";

/** The back's end of the channel. */
export interface Port {
  postMessage(message: FromBack): void;
  on(event: "message", listener: (message: ToBack) => void): unknown;
}

export interface BackOptions {
  readonly port: Port;
  /** Where answers to a cell's questions arrive. */
  readonly answers: MessagePort;
  readonly shared: Shared;
  /** Module specifiers whose exports the notebook starts with. */
  readonly preloads: readonly string[];
}

export async function startBack(options: BackOptions): Promise<void> {
  const { port, answers, shared, preloads } = options;
  const post = (message: FromBack): void => {
    port.postMessage(message);
    if (isEnd(message)) wakeFront(shared);
  };
  const scope = new Scope();
  scope.publish();
  const builtins = new Builtins();
  const errors = new Errors(builtins);
  const interruption = new Interruption(shared);
  const check = (): void => interruption.throwIfWanted();
  const output = new Output({ post, shared, check });
  const runs = new Runs({ builtins, errors, interruption, output, post });
  const screen = screenOf(output, runs);
  let displays = 0;
  const display = makeDisplay(screen, () => `${process.pid}-${displays++}`);
  const modules = new Map<string, object>([["tslab", makeTslab(display)]]);
  const folder = notebookFolder();
  const imports = new Imports(folder, modules);
  const types = (): TypesMode => executor.types;
  const host = magicHost({ folder, runs, scope, output, interruption, display, types, post });
  const magics = magicRuntime(host);
  const executor = new Executor({
    builtins,
    runs,
    scope,
    errors,
    imports,
    interruption,
    output,
    magics,
    post,
  });
  const rehearsal = new Rehearsal({ builtins, imports, magics }, post);
  errors.install();
  useReadableColors();
  useReadableFunctions();
  const ask = (prompt: string, password: boolean): void =>
    output.show({ type: "ask", cell: runs.speaker, prompt, password });
  const prompted = replaceStdin({
    answers,
    ask: () => ask("", false),
    asker: () => runs.running,
  });
  const closeGroups = captureStreams(builtins, (name, text) => {
    builtins.safely(() => output.write(runs.speaker, name, text));
    // Who opened `readline` in an earlier cell asks by its prompt alone.
    if (name === "stdout" && !text.endsWith("\n")) prompted();
  });
  const report = (error: unknown): void => {
    // The cell's own error has said it.
    if (isInterrupted(error)) return;
    // What reads `process.stdin` hears of it as an event, and goes on waiting.
    if (error instanceof InputError && runs.fail(error)) return;
    const { traceback } = errors.report(error);
    output.write(runs.speaker, "stderr", `${traceback.join("\n")}\n`);
  };
  const listeners = new OwnListeners();
  surviveLateErrors(report, listeners);
  const exit = announceExit({ shared, listeners, flush: () => output.flush(), post });
  const input = makeInput({ shared, answers, ask, check });
  const comms = new Comms({
    post: (message) => output.send({ type: "comm", cell: runs.speaker, message }),
    log: (sentence) => post({ type: "log", sentence }),
  });
  const delivery = new Delivery({ runs, comms, interruption, output, report });
  const drain = (): void => output.show({ type: "drain", cell: runs.speaker });
  watchSyncChildren({ shared, before: () => output.flush(), after: drain, check });
  const notebook: NotebookApi = {
    display,
    clearOutput: ({ wait = false } = {}) =>
      output.show({ type: "clear", cell: runs.speaker, wait }),
    input,
    prompt: input,
    comm: comms.api,
    progress: makeProgress(display, performance.now.bind(performance)),
  };
  modules.set("gradbook/notebook", { ...notebook, default: notebook });
  // Names that notebooks of other kernels use; no list of names has them.
  const deno = makeDeno({
    screen,
    clearOutput: notebook.clearOutput,
    runs,
    interruption,
    mainModule: pathToFileURL(imports.filename).href,
    print: (name, text) => output.write(runs.speaker, name, text),
    traceback: (error) => errors.report(error).traceback,
  });
  scope.declare("Deno", deno);
  const ijavascript = makeIJavascript({ screen, runs, notebook });
  scope.declare("$$", ijavascript);
  // Packages made for IJavascript look for it there.
  Object.defineProperty(globalThis, "$$", {
    value: ijavascript,
    writable: true,
    configurable: true,
  });
  publishNotebook(notebook);
  const names = await namesAtStart(notebook, preloads, scope, output);
  scope.begin();
  post({ type: "names", names });
  builtins.onRestored = (replaced) =>
    output.write(runs.speaker, "stderr", `${restoredSentence(replaced)}\n`);
  const receive = (message: ToBack): void => {
    if (message.type === "execute") {
      // What a cell has left open is not to indent the next one.
      if (runs.running === null) closeGroups();
      executor.execute(message);
    } else if (message.type === "interrupt") runs.interrupt(message.number);
    else if (message.type === "signalled") listeners.tell("SIGINT", "SIGINT", 2);
    else if (message.type === "comm") delivery.deliver(message);
    else if (message.type === "rehearse") rehearsal.receive(message.order);
    else if (message.type === "rehearsed") rehearsal.end();
    else exit();
  };
  port.on("message", (message: ToBack) => builtins.safely(() => receive(message)));
  listeners.keep();
  post({ type: "ready" });
  builtins.keep();
}

function restoredSentence(replaced: readonly string[]): string {
  return (
    `A cell has replaced ${replaced.join(", ")} by something that the kernel cannot work with: it was put back. ` +
    `To replace a method for a while, put it back in the same cell.`
  );
}

/** Whether somebody waits for nothing but this. */
function isEnd(message: FromBack): boolean {
  return message.type === "done" || (message.type === "rehearsed" && isEnd(message.message));
}

function wakeFront({ flags }: Shared): void {
  Atomics.add(flags, ENDED_FLAG, 1);
  Atomics.notify(flags, ENDED_FLAG);
}

/** Declares what a notebook starts with, and returns the names. */
async function namesAtStart(
  notebook: NotebookApi,
  preloads: readonly string[],
  scope: Scope,
  output: Output,
): Promise<KnownName[]> {
  for (const [name, value] of Object.entries(notebook)) scope.declare(name, value);
  const preloaded = await preload(preloads, scope, (sentence) =>
    output.write(0, "stderr", `${sentence}\n`),
  );
  const own = [...Object.keys(notebook), "require", "__filename", "__dirname"];
  return [...preloaded, ...scope.known(own)];
}

/** Shows under the cell that speaks, whose reply waits for what takes longer. */
function screenOf(output: Output, runs: Runs): Screen {
  return {
    show(bundle, displayId, isUpdate) {
      const cell = runs.speaker;
      const message = (made: Bundle) =>
        ({ type: "display", cell, bundle: made, displayId, isUpdate }) as const;
      if (!(bundle instanceof Promise)) return output.show(message(bundle));
      runs.awaitBeforeReply(output.showLater(cell, bundle.then(message)));
    },
  };
}
