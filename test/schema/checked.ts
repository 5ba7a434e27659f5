/** Kernels and transports for tests, every message of which is held against the schemas. */
import assert from "node:assert/strict";
import { after } from "node:test";
import { KernelClient, type LaunchOptions } from "../../kernel/run/client.ts";
import { MemoryTransport } from "../../kernel/transport/memory.ts";
import type { Message, RequestChannel } from "../../kernel/wire/message.ts";
import { type Envelope, newChecker } from "./message.ts";

const violations = new Map<string, number>();
let checked = 0;

// A listener cannot throw into the test that caused the message: the file fails at its end.
after(() => assert.deepEqual(violations, new Map()));

/** Notes what violates a schema, for one kernel. */
export function watchMessages(): (channel: RequestChannel | "iopub", message: Envelope) => void {
  const check = newChecker();
  return (channel, message) => {
    checked++;
    try {
      check(channel, message);
    } catch (error) {
      const complaint = error instanceof Error ? error.message : String(error);
      violations.set(complaint, (violations.get(complaint) ?? 0) + 1);
    }
  };
}

/** How many messages were checked in this process. */
export function checkedMessages(): number {
  return checked;
}

/** The way in which every test starts a kernel; without checks, unless the test is about types or names the mode. */
export async function launchKernel(options: LaunchOptions = {}): Promise<KernelClient> {
  const watch = watchMessages();
  return KernelClient.launch({
    types: "off",
    ...options,
    onMessage: (received) => {
      watch(received.channel, received.message);
      options.onMessage?.(received);
    },
  });
}

/** What goes out is checked as it would be read: after JSON, which drops what is undefined. */
export class CheckedTransport extends MemoryTransport {
  readonly #watch = watchMessages();

  override reply(channel: RequestChannel, message: Message): void {
    this.#watch(channel, asSent(message));
    super.reply(channel, message);
  }

  override publish(message: Message): void {
    this.#watch("iopub", asSent(message));
    super.publish(message);
  }
}

function asSent({ header, parent_header, metadata, content, identities }: Message): Envelope {
  const sent = JSON.stringify({ header, parent_header, metadata, content });
  return { ...(JSON.parse(sent) as Omit<Envelope, "identities">), identities };
}
