/** The running notebook as the protocol sees it. */
import type { Bundle, Outcome } from "../channel.ts";

/** What a cell shows while it runs, and after it has ended. */
export interface Listener {
  stream(name: "stdout" | "stderr", text: string): void;
  display(bundle: Bundle, displayId: string | null, isUpdate: boolean): void;
  clear(wait: boolean): void;
}

export interface Session {
  /** Runs a cell after all cells before it. `label` names it in tracebacks. */
  execute(source: string, label: string, listener: Listener): Promise<Outcome>;
  /** Stops the running cell; resolves when the back answers again. */
  interrupt(): Promise<void>;
}
