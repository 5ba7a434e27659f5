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

/** The newest child of this process, with all that was ever seen below it: what loses its parent is not lost. */
export class NewestTree {
  readonly #pids = new Set<number>();

  /** Signals them all; false if there is none yet. `own` are children that are none of a cell's. */
  signal(signal: NodeJS.Signals, own: ReadonlySet<number>): boolean {
    const newest = childrenOfMain().findLast((pid) => !own.has(pid));
    const roots = newest === undefined ? [...this.#pids] : [...this.#pids, newest];
    for (const pid of roots.flatMap(withDescendants)) this.#pids.add(pid);
    for (const pid of this.#pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended by itself.
        this.#pids.delete(pid);
      }
    }
    return this.#pids.size > 0;
  }
}

/** Signals a process and all below it. */
export function signalTree(root: number | undefined, signal: NodeJS.Signals): void {
  for (const pid of root === undefined ? [] : withDescendants(root)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

function withDescendants(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(withDescendants)];
}

/** Whether there is a process of this id; one that has ended and was not waited for still is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
