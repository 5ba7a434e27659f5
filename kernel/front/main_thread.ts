/** What only the inspector can do to the main thread while that is busy: stop it, look at its heap, look at its values. It
 * runs no cell: one that is evaluated through it cannot be interrupted. */
import inspector from "node:inspector";
import type { Terminate } from "./stopping.ts";

export const terminate: Terminate = async (patienceMs) => {
  // Answers when the termination has happened; a new cell that came before would be hit by it.
  await ask("Runtime.terminateExecution", {}, patienceMs);
};

/** The bytes in use on the main thread's heap; waits where it collects garbage. */
export async function heapInUse(): Promise<number> {
  const usage = (await ask("Runtime.getHeapUsage")) as { readonly usedSize: number };
  return usage.usedSize;
}

/** Gives what the main thread's heap does not need back to the system: some 20 ms of that thread. */
export async function collectGarbage(): Promise<void> {
  await ask("HeapProfiler.collectGarbage");
}

/** How an expression is evaluated; Node's types know the inspector's parameters but for the time limit. */
export type Evaluation = inspector.Runtime.EvaluateParameterType & { readonly timeout: number };

/** Null for what has side effects, fails, or is not answered within `patienceMs`. */
export async function evaluate(
  parameters: Evaluation,
  patienceMs: number,
): Promise<inspector.Runtime.RemoteObject | null> {
  const harmless = { ...parameters, throwOnSideEffect: true, silent: true };
  const answer = await ask("Runtime.evaluate", harmless, patienceMs);
  const { result, exceptionDetails } = (answer ??
    {}) as Partial<inspector.Runtime.EvaluateReturnType>;
  return exceptionDetails === undefined ? (result ?? null) : null;
}

/** What the inspector answers; null for an error, or for no answer in time. */
function ask(method: string, parameters: object = {}, patienceMs?: number): Promise<unknown> {
  const session = new inspector.Session();
  session.connectToMainThread();
  return new Promise((resolve) => {
    const settle = (result: unknown): void => {
      clearTimeout(timer);
      // A process that ends with a session open waits for a debugger that never comes.
      session.disconnect();
      resolve(result);
    };
    const timer = patienceMs === undefined ? undefined : setTimeout(() => settle(null), patienceMs);
    session.post(method, parameters, (error, result) => settle(error === null ? result : null));
  });
}
