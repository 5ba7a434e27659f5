/** What the front hears besides messages: the descriptors that the process writes to, and the guardian. */
import { Socket } from "node:net";
import { type Guardian, HEARD } from "../host/guardian.ts";
import type { Pipes } from "../host/pipes.ts";
import type { BackSession } from "./back_session.ts";
import { isLastWord, NativeOutput } from "./native_output.ts";

export interface Hearing {
  readonly pipes: Pipes;
  readonly session: BackSession;
  readonly guardian: Guardian | null;
  /** Ends the process. */
  readonly exit: () => void;
  /** Takes what the back has posted so far. */
  readonly catchUp: () => void;
  /** Null where more can be published, else what resolves when it can. */
  readonly room: () => Promise<void> | null;
}

/** Hears what is written to the descriptors, and signals that the main thread may be too busy to hear. */
export function listen({ pipes, session, guardian, exit, catchUp, room }: Hearing): NativeOutput {
  const signals = new Socket({ fd: pipes.signals, readable: true, writable: false });
  signals.on("data", (text) => {
    if (text.toString().includes(HEARD.SIGINT)) void session.interrupt();
    if (text.toString().includes(HEARD.SIGTERM)) exit();
  });
  return new NativeOutput({
    stdout: pipes.stdout,
    stderr: pipes.stderr,
    room,
    arrived: () => {
      // What the cell wrote before comes before; the event loop would choose any order.
      catchUp();
    },
    write: (name, text) => {
      for (const line of text.split("\n")) if (isLastWord(line)) guardian?.said(line);
      session.receiveNative(name, text);
    },
  });
}
