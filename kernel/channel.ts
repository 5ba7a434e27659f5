/** The typed messages between the front (sockets, protocol) and the back (cells); the only thing both import. */
import type { MessagePort } from "node:worker_threads";
import type { CompiledCell } from "./cell/compile.ts";
import type { TypesMode } from "./cell/magics/types.ts";
import type { Pipes } from "./host/pipes.ts";

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

/** A message of a comm, in either direction. */
export interface CommMessage {
  readonly action: "open" | "message" | "close";
  readonly id: string;
  /** Named where the comm is opened. */
  readonly target: string;
  /** JSON; an object by the specification. */
  readonly data: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array<ArrayBuffer>[];
}

export type Outcome =
  | {
      readonly status: "ok";
      readonly value: Bundle | null;
      /** What the client is to do besides. messaging.html#payloads-deprecated */
      readonly payload?: readonly object[];
    }
  | ({ readonly status: "error" } & ErrorReport);

export type ToBack =
  | {
      readonly type: "execute";
      readonly cell: CellId;
      /** How tracebacks name the cell. */
      readonly label: string;
      readonly source: string;
      readonly compiled: CompiledCell;
      /** How cells are checked now. */
      readonly types: TypesMode;
    }
  | { readonly type: "comm"; readonly cell: CellId; readonly message: CommMessage }
  /** Each has a number of its own, which its answer bears. */
  | { readonly type: "interrupt"; readonly number: number }
  /** A SIGINT that Node did not see: the cells' own listeners are to be told. */
  | { readonly type: "signalled" }
  /** A cell that nobody has written, to be run apart from the notebook. */
  | { readonly type: "rehearse"; readonly order: ToBack }
  /** There are no more of them. */
  | { readonly type: "rehearsed" }
  | { readonly type: "exit" };

export type FromBack =
  | { readonly type: "names"; readonly names: readonly KnownName[] }
  /** All names of cells are gone; these are there. */
  | { readonly type: "forgotten"; readonly names: readonly KnownName[] }
  | { readonly type: "payload"; readonly cell: CellId; readonly payload: object }
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
  | { readonly type: "comm"; readonly cell: CellId; readonly message: CommMessage }
  /** A cell or a comm message awaits something. */
  | { readonly type: "released"; readonly cell: CellId }
  | { readonly type: "done"; readonly cell: CellId; readonly outcome: Outcome }
  /** For the server's log. */
  | { readonly type: "log"; readonly sentence: string }
  /** What was written to the descriptors so far comes before everything that follows. */
  | { readonly type: "drain"; readonly cell: CellId }
  /** A cell asks its reader for a line; the answer goes to the port for answers. */
  | {
      readonly type: "ask";
      readonly cell: CellId;
      readonly prompt: string;
      readonly password: boolean;
    }
  /** Everything that was preloaded is there. */
  | { readonly type: "ready" }
  /** A cell ends the process; the back waits for EXIT_FLAG. */
  | { readonly type: "exiting"; readonly how: string }
  | { readonly type: "signal"; readonly signal: "SIGINT" | "SIGTERM" }
  /** What a rehearsed cell says. */
  | { readonly type: "rehearsed"; readonly message: FromBack }
  /** Answers every interrupt, whether there was anything to stop or not. */
  | {
      readonly type: "interrupted";
      readonly number: number;
      /** What the back still has to end: other cells that were sent to it have ended, or were lost. */
      readonly cells: readonly CellId[];
    };

/** The front is to find time for other things after a few hundred messages, however small they are. */
const LEAST_WEIGHT = 32 * 1024;

/** How much a message adds to what is on its way to the clients, in characters. */
export function weightOf(message: FromBack): number {
  if (message.type === "stream") return message.text.length;
  if (message.type === "comm") {
    const { data, buffers } = message.message;
    return (
      LEAST_WEIGHT + sizeOf(data) + buffers.reduce((sum, { byteLength }) => sum + byteLength, 0)
    );
  }
  if (message.type === "clear") return LEAST_WEIGHT;
  return message.type === "display" ? LEAST_WEIGHT + sizeOf(message.bundle.data) : 0;
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + sizeOf(part), 8);
}

/** What a question was answered with, or why it was not. */
export type Answer = { readonly text: string } | { readonly refusal: string };

/** Describes the symbol under which the global object of the back has the boxes, for the front to look into. */
export const BOXES = "gradbook.boxes";

/** What both threads share besides messages. */
export interface Shared {
  readonly flags: Int32Array;
}

/** What the front is started with. */
export interface FrontData {
  readonly connectionFile: string;
  /** Whether cells are checked. */
  readonly types: TypesMode;
  readonly preloads: readonly string[];
  readonly shared: Shared;
  /** Null where the descriptors cannot be replaced. */
  readonly pipes: Pipes | null;
  /** Where answers to questions go. */
  readonly answers: MessagePort;
  /** Of the main thread's heap, in bytes. */
  readonly heapLimit: number;
}

/** 1 while an interrupt is wanted. */
export const INTERRUPT_FLAG = 0;
/** 1 when the front has closed its sockets, and the process may end. */
export const EXIT_FLAG = 1;
/** 1 while the back waits for a synchronous child process. */
export const SYNC_CHILD_FLAG = 2;
/** Counts the answers that were put into the port for answers. */
export const ANSWERS_FLAG = 3;
/** The size of the output that the back has posted and no client has been sent yet. */
export const UNSENT_FLAG = 4;

/** Counts the cells, and the comm messages, that have ended; whoever waits for one is woken. */
export const ENDED_FLAG = 5;

export function newShared(): Shared {
  return { flags: new Int32Array(new SharedArrayBuffer(6 * Int32Array.BYTES_PER_ELEMENT)) };
}
