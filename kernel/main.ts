/** What the kernelspec starts: opens the front in a worker thread, then becomes the back. */
import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { newShared } from "./channel.ts";

export interface KernelOptions {
  readonly connectionFile: string;
  readonly preloads: readonly string[];
}

export async function startKernel({ connectionFile, preloads }: KernelOptions): Promise<void> {
  const shared = newShared();
  // Libraries ask for these before they colour: a notebook shows colours, and is no terminal.
  process.env["FORCE_COLOR"] ??= "1";
  process.env["CLICOLOR"] ??= "1";
  const front = new Worker(new URL("./front/front.js", import.meta.url), {
    workerData: { connectionFile, shared },
    stdin: false,
    // The parsers recurse in native code: a cell nested a thousand levels deep must not end the process.
    resourceLimits: { stackSizeMb: 64 },
  });
  front.on("error", (error) => {
    // process.stderr is a cell's by now; this is for the server's log.
    writeSync(2, `gradbook: the kernel's front has failed: ${error.stack ?? error.message}\n`);
    process.exit(1);
  });
  // A server may signal instead of sending a message; where a loop keeps the handler waiting, a message is needed.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => front.postMessage({ type: "signal", signal }));
  }
  // The front starts meanwhile.
  const { startBack } = await import("./back/back.ts");
  await startBack({ port: front, shared, preloads, versions: { node: process.version } });
}
