/** What only the inspector can do to the main thread while that is busy: stop it, and look at its heap. It runs no cell:
 * one that is evaluated through it cannot be interrupted. */
import inspector from "node:inspector";
import type { Heap } from "./heap_guard.ts";
import type { Terminate } from "./stopping.ts";

export const terminate: Terminate = async () => {
  // Answers when the termination has happened; a new cell that came before would be hit by it.
  await ask("Runtime.terminateExecution");
};

/** The bytes in use on the main thread's heap; waits where it collects garbage. */
export async function heapInUse(): Promise<Heap["used"]> {
  const { usedSize } = (await ask("Runtime.getHeapUsage")) as { usedSize: number };
  return usedSize;
}

function ask(method: "Runtime.terminateExecution" | "Runtime.getHeapUsage"): Promise<unknown> {
  const session = new inspector.Session();
  session.connectToMainThread();
  return new Promise((resolve) => {
    session.post(method, (_error: Error | null, result?: unknown) => {
      // A process that ends with a session open waits for a debugger that never comes.
      session.disconnect();
      resolve(result);
    });
  });
}
