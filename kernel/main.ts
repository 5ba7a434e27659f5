/** What the kernelspec starts: opens the front in a worker thread, then becomes the back. */
import { writeSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import type { TypesMode } from "./cell/magics/types.ts";
import { type FrontData, newShared } from "./channel.ts";
import { openPipes } from "./host/pipes.ts";

export interface KernelOptions {
  /** The module that the front's thread starts with. */
  readonly front: URL;
  readonly connectionFile: string;
  readonly preloads: readonly string[];
  readonly types: TypesMode;
}

export async function startKernel({
  front: module,
  connectionFile,
  preloads,
  types,
}: KernelOptions): Promise<void> {
  const shared = newShared();
  // Libraries ask for these before they colour: a notebook shows colours, and is no terminal.
  process.env["FORCE_COLOR"] ??= "1";
  process.env["CLICOLOR"] ??= "1";
  const pipes = openPipes(connectionFile);
  const answers = new MessageChannel();
  const workerData: FrontData = {
    connectionFile,
    preloads,
    types,
    shared,
    pipes,
    answers: answers.port2,
    heapLimit: getHeapStatistics().heap_size_limit,
  };
  const front = new Worker(module, {
    workerData,
    transferList: [answers.port2],
    stdin: false,
    // Else it asks for process.stdout, which makes the descriptor non-blocking for the children that inherit it.
    stdout: true,
    stderr: true,
    // The parsers recurse in native code: a cell nested a thousand levels deep must not end the process.
    resourceLimits: { stackSizeMb: 64, maxYoungGenerationSizeMb: 6 },
  });
  front.on("error", (error) => {
    // process.stderr is a cell's by now; this is for the server's log.
    writeSync(2, `gradbook: the kernel's front has failed: ${error.stack ?? error.message}\n`);
    process.exit(1);
  });
  // A server may signal instead of sending a message; where a loop keeps the handler waiting, the guardian hears.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => front.postMessage({ type: "signal", signal }));
  }
  // The front starts meanwhile.
  const { startBack } = await import("./back/back.ts");
  await startBack({ port: front, answers: answers.port1, shared, preloads });
}
