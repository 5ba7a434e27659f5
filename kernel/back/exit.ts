/** A cell that ends the process: first everything it said is sent and its request is answered. */
import { EXIT_FLAG, type FromBack, type Shared } from "../channel.ts";

/** How long the front may take to say goodbye. */
const PATIENCE_MS = 3000;

/** Puts a farewell before all that ends the process from within, and returns what ends it at once. */
export function announceExit(
  shared: Shared,
  flush: () => void,
  post: (message: FromBack) => void,
): () => void {
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
    // 0 asks whether the process is there; SIGINT is an interrupt like any other.
    const isHarmless = signal === 0 || signal === "SIGINT" || signal === 2;
    if (pid !== process.pid || isHarmless) return null;
    return `process.kill(process.pid, ${show(signal)}) was called`;
  });
  return () => {
    isAnnounced = true;
    exit();
  };
}

/** What a call that ends the process is announced as; null for a call that does not. */
type Farewell = (...args: unknown[]) => string | null;

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
