/** Files of bytes: read with a sentence if that fails, written whole or not at all. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

import { describe } from "../core/describe.ts";

/** A file's path, or its URL. */
export type Path = string | URL;

/** The bytes of a file; throws, naming who wanted it, if it cannot be read. */
export function readBytes(what: string, path: Path): Uint8Array {
  checkPath(what, path);
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreachable(what, path, error, "read");
  }
}

/** Writes a file beside its place and moves it there, so that nobody sees half of it. */
export function writeBytes(what: string, path: Path, bytes: Uint8Array): void {
  checkPath(what, path);
  const beside = path instanceof URL ? new URL(`${path.href}.part`) : `${path}.part`;
  try {
    writeFileSync(beside, bytes);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw unreachable(what, path, error, "written");
  }
}

function checkPath(what: string, path: unknown): void {
  if (typeof path === "string" || path instanceof URL) return;
  throw new TypeError(
    `${what}: the path is ${describe(path)}; wanted text or a URL: ${what}("file", …)`,
  );
}

function unreachable(what: string, path: Path, error: unknown, done: string): Error {
  const { code = String(error) } = error as { code?: string };
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: done === "read" ? "there is no such file" : "there is no such folder",
    EISDIR: "it is a folder",
    EACCES: "that is not permitted",
    ENOTDIR: "its folder is a file",
  };
  const place = typeof path === "string" ? `from ${process.cwd()}` : "as a URL";
  return new Error(
    `${what}: ${String(path)} cannot be ${done}: ${reasons[code] ?? code}; the path counts ${place}`,
    {
      cause: error,
    },
  );
}
