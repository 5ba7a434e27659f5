/** A cell that ends the process: first everything it said is sent and its request is answered. */
import type { OwnListeners } from "../host/own_listeners.ts";
import { EXIT_FLAG, type FromBack, type Shared } from "../channel.ts";

/** How long the front may take to say goodbye. */
const PATIENCE_MS = 3000;

export interface ExitParts {
  readonly shared: Shared;
  readonly listeners: OwnListeners;
  readonly flush: () => void;
  readonly post: (message: FromBack) => void;
}

// A cell may replace it; the kernel keeps its own.
const { setImmediate: soon } = globalThis;

/** Puts a farewell before all that ends the process from within, and returns what ends it at once. */
export function announceExit({ shared, listeners, flush, post }: ExitParts): () => void {
  let isAnnounced = false;
  const announce = (how: string): void => {
    if (isAnnounced) return;
    isAnnounced = true;
    flush();
    post({ type: "exiting", how });
    Atomics.wait(shared.flags, EXIT_FLAG, 0, PATIENCE_MS);
  };
  const wrap = (name: "exit" | "abort" | "reallyExit" | "kill", farewell: Farewell): void => {
    const original = Reflect.get(process, name) as (...args: unknown[]) => unknown;
    Reflect.set(process, name, (...args: unknown[]) => {
      const how = farewell(...args);
      if (how !== null) announce(how);
      return Reflect.apply(original, process, args);
    });
  };
  const exit = process.exit.bind(process);
  wrap("exit", (code) => `process.exit(${show(code ?? process.exitCode ?? 0)}) was called`);
  wrap("reallyExit", (code) => `process.reallyExit(${show(code)}) was called`);
  wrap("abort", () => "process.abort() was called");
  wrap("kill", (pid, signal = "SIGTERM") => {
    // 0 asks whether the process is there.
    if (pid !== process.pid || signal === 0) return null;
    return `process.kill(process.pid, ${show(signal)}) was called`;
  });
  interruptInPlace(listeners, post);
  return () => {
    isAnnounced = true;
    exit();
  };
}

/**
 * A SIGINT that a cell sends to its own process is told to its listeners, or else interrupts what runs now. As a
 * signal it would come some time later, and might hit the cell after.
 */
function interruptInPlace(listeners: OwnListeners, post: (message: FromBack) => void): void {
  const kill = process.kill.bind(process);
  process.kill = (pid, signal) => {
    if (pid !== process.pid || (signal !== "SIGINT" && signal !== 2)) return kill(pid, signal);
    if (listeners.has("SIGINT")) soon(() => listeners.tell("SIGINT", "SIGINT", 2));
    else post({ type: "signal", signal: "SIGINT" });
    return true;
  };
}

/** What a call that ends the process is announced as; null for a call that does not. */
type Farewell = (...args: unknown[]) => string | null;

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
