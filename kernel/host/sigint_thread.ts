/** The thread that waits for SIGINT. */
import vm from "node:vm";
import { parentPort } from "node:worker_threads";

const LISTEN = Symbol.for("gradbook.listen");
const wait = new vm.Script("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)");
const outer = new vm.Script('globalThis[Symbol.for("gradbook.listen")]()');

function listen(): never {
  for (;;) {
    try {
      wait.runInThisContext({ breakOnSigint: true });
    } catch {
      parentPort?.postMessage(null);
    }
  }
}

Object.defineProperty(globalThis, LISTEN, { value: listen });
for (;;) {
  try {
    // Around the script that a signal ends is always one more, or the next signal would find none, and end the process.
    outer.runInThisContext({ breakOnSigint: true });
  } catch {
    parentPort?.postMessage(null);
  }
}
