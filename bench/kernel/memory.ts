/** Resident memory of a process and its descendants, as `ps` tells it. */
import { execFileSync } from "node:child_process";

export interface Process {
  readonly pid: number;
  readonly megabytes: number;
}

/** A process, then all below it; empty where there is none. */
export function familyOf(pid: number): Process[] {
  const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = rows.filter(([id]) => id === pid);
  for (const [parent] of family) family.push(...rows.filter(([, above]) => above === parent));
  return family.map(([id, , kibibytes]) => ({ pid: id, megabytes: (kibibytes * 1024) / 1e6 }));
}
