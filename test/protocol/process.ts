/** What the system says of a process, where it says it in /proc. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "../../kernel/host/children.ts";
import type { KernelClient } from "../../kernel/run/client.ts";

export const hasProc = process.platform === "linux";

/** Resident memory; 0 where it cannot be read. */
export function residentMb(pid: number | undefined): number {
  if (!hasProc) return 0;
  return (Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096) / 1e6;
}

/** Processor time of a process and of its children, in milliseconds. */
export function processorMs(pid: number | undefined): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  const all = [String(pid), ...children.split(" ").filter(Boolean)];
  return all.reduce((sum, of) => {
    const fields = readFileSync(`/proc/${of}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return sum + 10 * (Number(fields[11]) + Number(fields[12]));
  }, 0);
}

/** Resolves when a process has ended; one that nobody waited for has. */
export async function gone(pid: number): Promise<void> {
  while (isAlive(pid) && !isZombie(pid)) await delay(5);
}

function isZombie(pid: number): boolean {
  try {
    return hasProc && /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return true;
  }
}

/** The engine's process: the child of the kernel that is TypeScript. */
export function engineOf(client: KernelClient): number {
  const engines = readdirSync("/proc").filter(
    (pid) =>
      /^\d+$/.test(pid) && isChild(pid, client) && textOf(`/proc/${pid}/cmdline`).includes("--lsp"),
  );
  assert.equal(engines.length, 1, `${engines.length} engines`);
  return Number(engines[0]);
}

function isChild(pid: string, client: KernelClient): boolean {
  return fieldsOf(pid)[1] === String(client.process.pid);
}

/** State, parent, process group and so on of a process. */
export function fieldsOf(pid: string | number): string[] {
  return (textOf(`/proc/${pid}/stat`).split(") ")[1] ?? "").split(" ");
}

/** Empty for a process that is gone. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
