/** How threads are started where this runs: in Node, as workers that do not keep the process alive. */
import type { Threads } from "./wasm/machine.ts";

interface NodeProcess {
  getBuiltinModule?(name: string): unknown;
}

interface WorkerModule {
  readonly Worker: new (
    url: URL,
    options: Readonly<Record<string, unknown>>,
  ) => { unref(): void; on(event: string, listener: () => void): void; terminate(): unknown };
}

interface SystemModule {
  availableParallelism(): number;
}

const MOST = 8;

/** The threads of this machine; nothing where none can be started. */
export function threadsHere(): Threads | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  const workers = process?.getBuiltinModule?.("node:worker_threads") as WorkerModule | undefined;
  const system = process?.getBuiltinModule?.("node:os") as SystemModule | undefined;
  if (workers === undefined || system === undefined) return undefined;
  const count = Math.min(MOST, system.availableParallelism());
  if (count < 2) return undefined;
  return {
    count,
    spawn: (start) => {
      // Flags of the process, such as a test runner's, are not for this thread.
      const options = { workerData: start, execArgv: [], stdout: false, stderr: false };
      const worker = new workers.Worker(new URL("wasm/thread.js", import.meta.url), options);
      worker.on("error", () => undefined);
      worker.unref();
      return {
        terminate: () => {
          const ended = worker.terminate();
          // Ending it makes the process wait for it again.
          worker.unref();
          return ended;
        },
      };
    },
  };
}
