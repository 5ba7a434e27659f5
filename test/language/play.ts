/** Plays rows of the conformance list to a kernel, ours or another. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
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

/** A folder as a project has it: with the types of Node, and a package.json that names the packages of the rows. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gradbook-language-"));
  const { resolve } = createRequire(import.meta.url);
  const types = dirname(resolve("@types/node/package.json"));
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@types"), { recursive: true });
  symlinkSync(types, join(modules, "@types", "node"), "junction");
  symlinkSync(
    dirname(createRequire(join(types, "index.d.ts")).resolve("undici-types/package.json")),
    join(modules, "undici-types"),
    "junction",
  );
  const names = ["esm-only", "cjs-only", "cjs-function", "dual", "@scope/tool"];
  const dependencies = Object.fromEntries(names.map((name) => [name, "1.0.0"]));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  return folder;
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
  const until = performance.now() + patienceMs;
  const parts: string[] = [];
  const hear = ({ channel, message }: Received): void => {
    if (channel === "iopub") parts.push(textOf(message.header.msg_type, message.content));
  };
  let content = await answer(client.execute(code, hear), patienceMs);
  // Some kernels abort for a while what comes behind an error.
  while (content["status"] === "aborted" && performance.now() < until) {
    await delay(PAUSE_MS);
    parts.length = 0;
    content = await answer(client.execute(code, hear), patienceMs);
  }
  const said = (): Told => ({
    hasFailed: content["status"] === "error",
    text: clean([...parts, ...pagesOf(content["payload"])].filter(Boolean).join("\n")),
  });
  for (let waited = 0; waited < belatedMs && !holds(said(), wanted); waited += PAUSE_MS) {
    await delay(PAUSE_MS);
  }
  return said();
}

const PAUSE_MS = 50;

async function answer(
  reply: Promise<{ readonly content: Record<string, unknown> }>,
  patienceMs: number,
): Promise<Record<string, unknown>> {
  const expired = new AbortController();
  const expiry = delay(patienceMs, null, { signal: expired.signal, ref: false });
  const late = expiry.then((): never => {
    throw new Error(`no answer within ${patienceMs / 1000} s`);
  });
  const { content } = await Promise.race([reply, late]).finally(() => expired.abort());
  return content;
}

function textOf(type: string, content: Record<string, unknown>): string {
  if (type === "stream") return String(content["text"]).replace(/\n$/, "");
  if (type === "error") {
    const { ename, evalue, traceback = [] } = content;
    return `${String(ename)}: ${String(evalue)}\n${(traceback as string[]).join("\n")}`;
  }
  if (type !== "display_data" && type !== "execute_result") return "";
  const data = content["data"] as Record<string, string>;
  const [other = ["", ""]] = Object.entries(data);
  return data["text/plain"] ?? data["text/html"] ?? other.join(" ");
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
    return hasFailed && wanted.fails.test(text);
  }
  if (hasFailed) return false;
  if (wanted === null) return true;
  return typeof wanted === "string" ? unquoted(text) === unquoted(wanted) : wanted.test(text);
}

/** Kernels quote a string with either mark, or not at all. */
function unquoted(text: string): string {
  return text.replaceAll('"', "'").replace(/^'([^]*)'$/, "$1");
}

function wantedText(wanted: Shown): string {
  if (wanted === null) return "success";
  if (typeof wanted === "string") return JSON.stringify(wanted);
  return "fails" in wanted
    ? `a failure like ${String(wanted.fails)}`
    : `a text like ${String(wanted)}`;
}
