/** What the system says of a process, where it says it in /proc. */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "../../kernel/host/children.ts";

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
