/** Child processes of this one, found without native code. */
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/** The children of a process; where the system tells, in the order in which they were started. */
function childrenOf(pid: number): number[] {
  return (process.platform === "linux" ? startedBy(pid, threadsOf(pid)) : null) ?? fromPs(pid);
}

/** The children that the main thread of this process has started: those of the front are not among them. */
function childrenOfMain(): number[] {
  const { pid } = process;
  return (process.platform === "linux" ? startedBy(pid, [String(pid)]) : null) ?? fromPs(pid);
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function startedBy(pid: number, threads: readonly string[]): number[] | null {
  try {
    const lists = threads.map((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"),
    );
    return lists.join(" ").split(/\s+/).filter(Boolean).map(Number);
  } catch {
    // It has ended meanwhile, or this system does not list children.
    return null;
  }
}

function fromPs(parent: number): number[] {
  try {
    const rows = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
    return [...rows.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)]
      .filter(([, , above, command]) => Number(above) === parent && !/\bps$/.test(command ?? ""))
      .map(([, child]) => Number(child));
  } catch {
    return [];
  }
}

/** Signals the newest child of this process that is none of `own`, with all below it; false if there is none. */
export function signalNewest(own: ReadonlySet<number>, signal: NodeJS.Signals): boolean {
  const newest = childrenOfMain().findLast((pid) => !own.has(pid));
  if (newest === undefined) return false;
  for (const pid of withDescendants(newest)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
  return true;
}

function withDescendants(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(withDescendants)];
}
