/** What tests of a real kernel ask of a cell. */
import type { KernelClient, Received } from "../../kernel/run/client.ts";

export interface Ran {
  readonly status: unknown;
  readonly reply: Record<string, unknown>;
  readonly types: string[];
  readonly messages: Received[];
  readonly stdout: string;
  readonly stderr: string;
  readonly value: unknown;
}

/** Runs a cell to its idle, and tells what came of it. */
export async function runCell(
  client: KernelClient,
  code: string,
  options: object = {},
): Promise<Ran> {
  const messages: Received[] = [];
  const reply = await client.execute(code, (received) => messages.push(received), options);
  const published = messages
    .filter(({ channel }) => channel === "iopub")
    .map(({ message }) => message);
  const of = (type: string) => published.filter(({ header }) => header.msg_type === type);
  const said = (name: "stdout" | "stderr"): string =>
    of("stream")
      .filter(({ content }) => content["name"] === name)
      .map(({ content }) => content["text"])
      .join("");
  const data = of("execute_result")[0]?.content["data"] as Record<string, unknown> | undefined;
  return {
    status: reply.content["status"],
    reply: reply.content,
    types: published.map(({ header }) => header.msg_type),
    messages,
    stdout: said("stdout"),
    stderr: said("stderr"),
    value: data?.["text/plain"],
  };
}

/** Resolves with the first published message of a type that belongs to the cell being run. */
export function firstOf(type: string): {
  seen: Promise<void>;
  watch: (received: Received) => void;
} {
  let resolve: () => void = () => {};
  const seen = new Promise<void>((done) => (resolve = done));
  return {
    seen,
    watch: ({ message }) => {
      if (message.header.msg_type === type) resolve();
    },
  };
}
