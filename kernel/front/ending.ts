/** How the process ends: the sockets first, for a thread that is torn down under them takes the process with it. */
import { setTimeout as delay } from "node:timers/promises";
import { EXIT_FLAG, type Shared, type ToBack } from "../channel.ts";
import type { Guardian } from "../host/guardian.ts";
import type { Transport } from "../transport/transport.ts";

/** For the answers that are on their way to the sockets. */
const FAREWELL_MS = 20;
const CLOSE_PATIENCE_MS = 1000;
const EXIT_PATIENCE_MS = 500;
const LEAVE_PATIENCE_MS = 3000;

export interface Ending {
  /** The kernel is asked to end. */
  readonly end: () => Promise<void>;
  /** A cell ends the process itself: the back waits until the sockets are closed. */
  readonly leave: () => Promise<void>;
}

export function makeEnding(
  transport: Transport,
  shared: Shared,
  post: (message: ToBack) => void,
  guardian: Guardian | null,
): Ending {
  const close = async (): Promise<void> =>
    Promise.race([transport.close(), delay(CLOSE_PATIENCE_MS)]);
  return {
    async end() {
      guardian?.bye();
      await close();
      post({ type: "exit" });
      // In a tight loop the back never hears of it.
      await delay(EXIT_PATIENCE_MS);
      process.kill(process.pid, "SIGKILL");
    },
    async leave() {
      guardian?.bye();
      await delay(FAREWELL_MS);
      await close();
      Atomics.store(shared.flags, EXIT_FLAG, 1);
      Atomics.notify(shared.flags, EXIT_FLAG);
      // A listener of "exit" may never come back.
      await delay(LEAVE_PATIENCE_MS);
      process.kill(process.pid, "SIGKILL");
    },
  };
}
