/** Questions that a cell puts to its reader, over the stdin channel. */
import type { Answer } from "../channel.ts";
import type { Transport } from "../transport/transport.ts";
import { childOf, type HeaderSource, type Message } from "../wire/message.ts";

const GONE =
  "nobody can answer: the page that was asked was closed or reloaded; run the cell again to be asked anew";

export class Questions {
  readonly #transport: Transport;
  readonly #headers: HeaderSource;
  #resolve: ((answer: Answer) => void) | null = null;
  #asked: readonly Uint8Array[] = [];

  constructor(transport: Transport, headers: HeaderSource) {
    this.#transport = transport;
    this.#headers = headers;
  }

  /** Asks the client that sent `parent`. A question that is still open is not answered any more. */
  ask(parent: Message, prompt: string, password: boolean): Promise<Answer> {
    const content = { prompt, password };
    const message = childOf(this.#headers, parent, "input_request", content);
    this.#transport.reply("stdin", { ...message, identities: parent.identities });
    this.#asked = parent.identities;
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Takes the answer to the open question; without one it is late, and lost. */
  answer(answer: Answer): void {
    this.#resolve?.(answer);
    this.#resolve = null;
  }

  /** A client that is gone answers nothing any more, and its cell would stand still for ever. */
  leave(client: Uint8Array): void {
    const [asked] = this.#asked;
    if (asked !== undefined && Buffer.compare(asked, client) === 0) this.answer({ refusal: GONE });
  }
}
