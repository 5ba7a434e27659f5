/** The running notebook as the protocol sees it. */
import type { Answer, Bundle, CommMessage, ErrorReport, Outcome } from "../channel.ts";
import type { Completions } from "../language/completion.ts";
import type { Inspection } from "../language/hover.ts";

/** What a cell shows while it runs, and after it has ended. */
export interface Listener {
  stream(name: "stdout" | "stderr", text: string): void;
  display(bundle: Bundle, displayId: string | null, isUpdate: boolean): void;
  clear(wait: boolean): void;
  comm(message: CommMessage): void;
  /** Asks the reader for a line. */
  ask(prompt: string, password: boolean): Promise<Answer>;
}

export interface Session {
  /** Runs a cell. `label` names it in tracebacks; `release` is called when it awaits something. */
  execute(
    source: string,
    label: string,
    listener: Listener,
    release?: () => void,
  ): Promise<Outcome>;
  /** Runs an expression as a cell that nobody sees and nobody checks. */
  evaluate(expression: string, listener: Listener): Promise<Outcome>;
  /** Hands a message of a comm to its handlers; `release` is called if the next one need not wait for their end. */
  comm(message: CommMessage, listener: Listener, release: () => void): Promise<Outcome>;
  /** The comms that are open, with their targets. */
  readonly comms: ReadonlyMap<string, string>;
  /** What could stand at an offset of a text, in UTF-16 units; answers while a cell runs. */
  complete(code: string, offset: number): Promise<Completions>;
  /** What is known of what stands at an offset; null for nothing. */
  inspect(
    code: string,
    offset: number,
    options: { readonly wantsSource: boolean },
  ): Promise<Inspection | null>;
  /** Stops the running cell; resolves when the back answers again, or with why it does not. */
  interrupt(): Promise<ErrorReport | null>;
}
