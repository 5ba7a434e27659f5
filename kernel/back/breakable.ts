/** A call that a SIGINT to this very process ends, even where nobody else in its group hears of it. */
import vm from "node:vm";

const CALL = Symbol.for("gradbook.call");
const call = new vm.Script('globalThis[Symbol.for("gradbook.call")]()');

let listeners: readonly NodeJS.SignalsListener[] = [];

/** Node ends only the scripts of `node:vm` on a signal, so the call goes through one. */
export function breakable(run: () => unknown): unknown {
  listeners = process.listeners("SIGINT");
  Object.defineProperty(globalThis, CALL, { value: run, configurable: true });
  return call.runInThisContext({ breakOnSigint: true });
}

/** Whether an error is what a broken call ends with. */
export function isBroken(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}

/** Node takes the listeners away for the time of the call; one that was terminated has not given them back. */
export function giveSignalsBack(): void {
  const present = process.listeners("SIGINT");
  for (const listener of listeners) {
    if (!present.includes(listener)) process.on("SIGINT", listener);
  }
}
