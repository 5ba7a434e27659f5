/**
 * The descriptors 1 and 2 as pipes whose other ends the front reads: what children with inherited output, native code
 * and the runtime itself write there belongs to a cell, not to the server's terminal.
 */
import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { removeFolder, temporaryFolder } from "../transport/folders.ts";
import { recordFileOf, startGuardian } from "./guardian.ts";

/** A pipe's end for reading and one for writing; neither waits. */
export interface Ends {
  readonly reading: number;
  readonly writing: number;
}

/** The front's ends, and who must not be mistaken for a child of a cell. */
export interface Pipes {
  readonly stdout: Ends;
  readonly stderr: Ends;
  /** Where the guardian tells of signals. */
  readonly signals: number;
  /** Where the guardian is told of the kernel's life, and finds what it was doing. */
  readonly life: number;
  readonly state: number;
  readonly guardian: number | null;
}

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
const NAMES = ["stdout", "stderr", "signals", "life"] as const;

/** To be called before any other thread opens files; null where there are no such pipes (Windows). */
export function openPipes(connectionFile: string): Pipes | null {
  if (process.platform === "win32") return null;
  const folder = temporaryFolder("gradbook-");
  const path = (name: (typeof NAMES)[number]): string => join(folder, name);
  try {
    if (spawnSync("mkfifo", NAMES.map(path)).status !== 0) return null;
    // A reader that does not wait for a writer comes first; then nothing here blocks.
    const [stdout, stderr, signals, firstLife] = NAMES.map((name) =>
      openSync(path(name), O_RDONLY | O_NONBLOCK),
    ) as [number, number, number, number];
    const [out, err, life] = (["stdout", "stderr", "life"] as const).map((name) =>
      openSync(path(name), O_WRONLY | O_NONBLOCK),
    ) as [number, number, number];
    const state = openSync(join(folder, "state"), "w");
    const ends = {
      life: openSync(path("life"), O_RDONLY),
      signals: openSync(path("signals"), O_WRONLY),
      stderr: openSync(path("stderr"), O_RDONLY | O_NONBLOCK),
      state: openSync(join(folder, "state"), O_RDONLY),
    };
    const guardian = startGuardian(ends, recordFileOf(connectionFile));
    for (const end of [...Object.values(ends), firstLife]) closeSync(end);
    replace(1, path("stdout"));
    replace(2, path("stderr"));
    return {
      stdout: { reading: stdout, writing: out },
      stderr: { reading: stderr, writing: err },
      signals,
      life,
      state,
      guardian,
    };
  } finally {
    removeFolder(folder);
  }
}

/** The lowest free descriptor is the next to be opened: a `dup2` without native code. */
function replace(descriptor: number, path: string): void {
  closeSync(descriptor);
  const opened = openSync(path, O_WRONLY);
  if (opened !== descriptor) throw new Error(`descriptor ${descriptor} could not be replaced`);
}
