/** Synchronous child processes of a cell: while one runs, an interrupt goes to it, for nothing else can end the wait. */
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { type Shared, SYNC_CHILD_FLAG } from "../channel.ts";

const FUNCTIONS = ["spawnSync", "execSync", "execFileSync"] as const;

export interface WaitingParts {
  readonly shared: Shared;
  /** Sends all output so far, so that the child's comes behind it. */
  readonly before: () => void;
  /** Has the child's output taken before anything that follows. */
  readonly after: () => void;
  /** Throws if an interrupt is wanted. */
  readonly check: () => void;
}

/** Puts the wait for a synchronous child under the front's eyes. */
export function watchSyncChildren({ shared, before, after, check }: WaitingParts): void {
  for (const name of FUNCTIONS) {
    const original = childProcess[name] as (...args: unknown[]) => unknown;
    const watched = (...args: unknown[]): unknown => {
      before();
      check();
      Atomics.store(shared.flags, SYNC_CHILD_FLAG, 1);
      try {
        return original(...args);
      } finally {
        Atomics.store(shared.flags, SYNC_CHILD_FLAG, 0);
        after();
        // A child that was stopped fails with an error of its own: what the reader did was to interrupt.
        check();
      }
    };
    Object.defineProperty(watched, "name", { value: name });
    Reflect.set(childProcess, name, watched);
  }
  syncBuiltinESMExports();
}
