/** The typed messages between the front (sockets, protocol) and the back (cells); the only thing both import. */
import type { CompiledCell } from "./cell/compile.ts";

/** A number that the front gives a cell when it is run; output carries it, so that it finds its parent header. */
export type CellId = number;

export interface Bundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** What an interrupted cell fails with. */
export const INTERRUPTED = {
  ename: "Interrupted",
  evalue: "The cell was interrupted.",
} as const;

/** A name of the notebook after a cell ran, with whether it is constant. */
export interface KnownName {
  readonly name: string;
  readonly constant: boolean;
}

export type Outcome =
  | { readonly status: "ok"; readonly value: Bundle | null }
  | ({ readonly status: "error" } & ErrorReport);

export type ToBack =
  | {
      readonly type: "execute";
      readonly cell: CellId;
      /** How tracebacks name the cell. */
      readonly label: string;
      readonly source: string;
      readonly compiled: CompiledCell;
    }
  | { readonly type: "interrupt" }
  | { readonly type: "exit" };

export type FromBack =
  | { readonly type: "names"; readonly names: readonly KnownName[] }
  | {
      readonly type: "stream";
      readonly cell: CellId;
      readonly name: "stdout" | "stderr";
      readonly text: string;
    }
  | {
      readonly type: "display";
      readonly cell: CellId;
      readonly bundle: Bundle;
      readonly displayId: string | null;
      readonly isUpdate: boolean;
    }
  | { readonly type: "clear"; readonly cell: CellId; readonly wait: boolean }
  | { readonly type: "done"; readonly cell: CellId; readonly outcome: Outcome }
  /** Everything that was preloaded is there. */
  | { readonly type: "ready" }
  /** A cell ends the process; the back waits for EXIT_FLAG. */
  | { readonly type: "exiting"; readonly code: number }
  | { readonly type: "signal"; readonly signal: "SIGINT" | "SIGTERM" }
  /** Answers every interrupt, whether there was anything to stop or not. */
  | { readonly type: "interrupted" };

/** What both threads share besides messages. */
export interface Shared {
  readonly flags: Int32Array;
}

/** 1 while an interrupt is wanted. */
export const INTERRUPT_FLAG = 0;
/** 1 when the front has closed its sockets, and the process may end. */
export const EXIT_FLAG = 1;

export function newShared(): Shared {
  return { flags: new Int32Array(new SharedArrayBuffer(8)) };
}
