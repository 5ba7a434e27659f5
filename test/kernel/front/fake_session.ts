/** A session that answers as a test wants. */
import type { CommMessage, Outcome } from "../../../kernel/channel.ts";
import type { Listener, Session } from "../../../kernel/front/session.ts";

export class FakeSession implements Session {
  readonly sources: string[] = [];
  interrupts = 0;
  answer: (source: string, listener: Listener, release: () => void) => Promise<Outcome> =
    async () => ({
      status: "ok",
      value: null,
    });

  async execute(
    source: string,
    _label: string,
    listener: Listener,
    release = (): void => {},
  ): Promise<Outcome> {
    this.sources.push(source);
    return this.answer(source, listener, release);
  }

  async evaluate(expression: string, listener: Listener): Promise<Outcome> {
    return this.execute(expression, "", listener);
  }

  readonly comms = new Map<string, string>();

  readonly commMessages: CommMessage[] = [];

  /** By default every message is sent back. */
  hear: (message: CommMessage, listener: Listener, release: () => void) => Promise<void> = async (
    message,
    listener,
  ) => listener.comm({ ...message, action: "message" });

  async comm(message: CommMessage, listener: Listener, release: () => void): Promise<Outcome> {
    this.commMessages.push(message);
    await this.hear(message, listener, release);
    return { status: "ok", value: null };
  }

  complete: Session["complete"] = async (_code, offset) => ({
    matches: [],
    start: offset,
    end: offset,
  });

  inspect: Session["inspect"] = async () => null;

  async interrupt(): Promise<null> {
    this.interrupts++;
    return null;
  }
}
