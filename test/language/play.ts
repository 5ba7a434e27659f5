/** Plays rows of the conformance list to a kernel, ours or another. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { KernelClient, Received } from "../../kernel/run/client.ts";
import type { Row, Shown } from "./row.ts";

export interface Stage {
  readonly client: KernelClient;
  /** The notebook's. */
  readonly folder: string;
  /** How long a kernel may go on to show things when it has said that a cell is over. */
  readonly belatedMs?: number;
  /** How long a cell may take. */
  readonly patienceMs?: number;
}

/** What a cell did. */
interface Told {
  readonly hasFailed: boolean;
  readonly text: string;
}

/** Null where the row holds; else what was seen in place of what was wanted. */
export async function play({ steps, shows }: Row, stage: Stage): Promise<string | null> {
  const cells = steps.filter((step) => typeof step === "string").length;
  let at = 0;
  for (const step of steps) {
    if (typeof step !== "string") {
      write(step.files, stage.folder);
      continue;
    }
    const wanted = shows[at - (cells - shows.length)] ?? null;
    at++;
    const told = await tell(step, wanted, stage);
    if (!holds(told, wanted)) {
      const seen = `${told.hasFailed ? "failed with" : "showed"} ${JSON.stringify(told.text)}`;
      return `${JSON.stringify(step)} ${seen}, wanted ${wantedText(wanted)}`;
    }
  }
  return null;
}

function write(files: Readonly<Record<string, string>>, folder: string): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

async function tell(code: string, wanted: Shown, stage: Stage): Promise<Told> {
  const { client, belatedMs = 0, patienceMs = 60_000 } = stage;
  const parts: string[] = [];
  const hear = ({ channel, message }: Received): void => {
    if (channel === "iopub") parts.push(textOf(message.header.msg_type, message.content));
  };
  const expired = new AbortController();
  const { content } = await Promise.race([
    client.execute(code, hear),
    delay(patienceMs, null, { signal: expired.signal, ref: false }).then((): never => {
      throw new Error(`no answer within ${patienceMs / 1000} s`);
    }),
  ]).finally(() => expired.abort());
  const said = (): Told => ({
    hasFailed: content["status"] === "error",
    text: [...parts, ...pagesOf(content["payload"])].filter(Boolean).join("\n"),
  });
  if (belatedMs > 0 && !holds(said(), wanted)) await delay(belatedMs);
  const { hasFailed, text } = said();
  return { hasFailed, text: clean(text) };
}

function textOf(type: string, content: Record<string, unknown>): string {
  if (type === "stream") return String(content["text"]).replace(/\n$/, "");
  if (type === "error") {
    const { ename, evalue, traceback = [] } = content;
    return `${String(ename)}: ${String(evalue)}\n${(traceback as string[]).join("\n")}`;
  }
  if (type !== "display_data" && type !== "execute_result") return "";
  const data = content["data"] as Record<string, string | undefined>;
  return data["text/plain"] ?? data["text/html"] ?? "";
}

interface Page {
  readonly text?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** What a client's pager shows, or puts into a cell. */
function pagesOf(payload: unknown): string[] {
  const entries = Array.isArray(payload) ? (payload as Page[]) : [];
  return entries.map(({ text, data }) => text ?? data?.["text/plain"] ?? "");
}

function clean(text: string): string {
  return stripVTControlCharacters(text).trim();
}

function holds({ hasFailed, text }: Told, wanted: Shown): boolean {
  if (typeof wanted === "object" && wanted !== null && "fails" in wanted) {
    return hasFailed && wanted.fails.test(clean(text));
  }
  if (hasFailed) return false;
  if (wanted === null) return true;
  // Kernels quote strings with either mark.
  const shown = clean(text).replaceAll('"', "'");
  return typeof wanted === "string" ? shown === wanted.replaceAll('"', "'") : wanted.test(shown);
}

function wantedText(wanted: Shown): string {
  if (wanted === null) return "success";
  if (typeof wanted === "string") return JSON.stringify(wanted);
  return "fails" in wanted
    ? `a failure like ${String(wanted.fails)}`
    : `a text like ${String(wanted)}`;
}
