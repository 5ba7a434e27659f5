/** A cell that ends the process: first everything it said is sent and its request is answered. */
import { EXIT_FLAG, type FromBack, type Shared } from "../channel.ts";

/** How long the front may take to say goodbye. */
const PATIENCE_MS = 3000;

/** Puts a farewell before `process.exit`, and returns what ends the process at once. */
export function announceExit(
  shared: Shared,
  flush: () => void,
  post: (message: FromBack) => void,
): () => void {
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    flush();
    post({ type: "exiting", code: Number(code ?? process.exitCode ?? 0) });
    Atomics.wait(shared.flags, EXIT_FLAG, 0, PATIENCE_MS);
    return exit(code);
  };
  return exit;
}
