/** What changed in the notebook's folder since the engine was last told: it watches nothing itself. */
import { type Dirent, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

export interface FileChange {
  readonly path: string;
  readonly kind: "created" | "changed" | "deleted";
}

export interface Changes {
  readonly files: readonly FileChange[];
  /** Whether packages were installed or removed. */
  readonly packages: boolean;
}

const RELEVANT = /\.(?:[cm]?[jt]sx?|json)$/;
/** A notebook may lie in a home folder, with all there is below it. */
const MAX_ENTRIES = 1000;
const MAX_DEPTH = 3;
/** Between two looks; of the time at most a fiftieth is spent on looking. */
const PAUSE_MS = 300;
const SHARE = 50;
const NOTHING: Changes = { files: [], packages: false };

export class LocalFiles {
  readonly #folder: string;
  readonly #now: () => number;
  #times: Map<string, number>;
  #packages: string;
  #next = 0;

  /** `now` is a clock in milliseconds. */
  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
    this.#times = timesOf(folder);
    this.#packages = packagesOf(folder);
  }

  /** What changed since the last call; nothing if that was a moment ago, unless it is urgent. */
  changes(isUrgent = false): Changes {
    const start = this.#now();
    if (start < this.#next && !isUrgent) return NOTHING;
    const times = timesOf(this.#folder);
    const packages = packagesOf(this.#folder);
    const changes = {
      files: differences(this.#times, times),
      packages: packages !== this.#packages,
    };
    // Of what is new to us the engine may have read an earlier state, which "created" lets it keep: told again.
    for (const { path, kind } of changes.files) if (kind === "created") times.set(path, -1);
    this.#times = times;
    this.#packages = packages;
    const end = this.#now();
    this.#next = end + Math.max(PAUSE_MS, (end - start) * SHARE);
    return changes;
  }
}

function differences(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): FileChange[] {
  const changes: FileChange[] = [];
  for (const [path, time] of after) {
    if (!before.has(path)) changes.push({ path, kind: "created" });
    else if (before.get(path) !== time) changes.push({ path, kind: "changed" });
  }
  for (const path of before.keys()) if (!after.has(path)) changes.push({ path, kind: "deleted" });
  return changes;
}

/** When each module was last written, nearer folders first. */
function timesOf(folder: string): Map<string, number> {
  const times = new Map<string, number>();
  let left = MAX_ENTRIES;
  let level = [folder];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    for (const at of level) {
      for (const entry of entriesOf(at)) {
        if (left-- <= 0) return times;
        const path = join(at, entry.name);
        const isHidden = entry.name.startsWith(".") || entry.name === "node_modules";
        if (entry.isDirectory() && !isHidden) below.push(path);
        else if (RELEVANT.test(entry.name)) times.set(path, timeOf(path));
      }
    }
    level = below;
  }
  return times;
}

/** Differs after every installation in the notebook's folder. */
function packagesOf(folder: string): string {
  const modules = join(folder, "node_modules");
  return [modules, join(modules, ".package-lock.json"), join(folder, "package.json")]
    .map(timeOf)
    .join();
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
