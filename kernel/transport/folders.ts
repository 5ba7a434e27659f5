/** Folders: where Jupyter keeps a user's files, and where files are that nobody keeps. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Jupyter's folder for the user's data, as jupyter_core finds it. */
export function userDataFolder(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR !== undefined) return JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(APPDATA ?? homedir(), "jupyter");
  return join(XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}

/** The folder for temporary files; where the environment names one that is not there, the usual one. */
export function temporaryRoot(): string {
  const named = tmpdir();
  return isWritable(named) || process.platform === "win32" ? named : "/tmp";
}

/** Makes a folder and those above it; `recursive` of Node's never ends where a folder takes none, as /proc. */
export function makeFolder(path: string, mode = 0o777): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path && !existsSync(above)) makeFolder(above, mode);
  try {
    mkdirSync(path, mode);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw error;
  }
}

/** Makes a folder whose name begins with `prefix`; to be removed by who asked for it. */
export function temporaryFolder(prefix: string): string {
  return mkdtempSync(join(temporaryRoot(), prefix));
}

/** Removes a folder, also one that a process which is about to end still writes into. */
export function removeFolder(folder: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      // Node's own retries try the folder alone again, not what was written into it meanwhile.
      return rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (attempt === ATTEMPTS || !WHILE_WRITTEN.has((error as NodeJS.ErrnoException).code))
        throw error;
      Atomics.wait(pause, 0, 0, attempt * PAUSE_MS);
    }
  }
}

/** On Windows a file that somebody has open cannot be removed; elsewhere EPERM means that it is another's. */
const WHILE_WRITTEN = new Set<string | undefined>(
  process.platform === "win32" ? ["ENOTEMPTY", "EBUSY", "EPERM"] : ["ENOTEMPTY", "EBUSY"],
);
const ATTEMPTS = 8;
const PAUSE_MS = 20;
const pause = new Int32Array(new SharedArrayBuffer(4));

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
