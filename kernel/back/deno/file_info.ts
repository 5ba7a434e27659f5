/** What Deno tells of a file. */
import type { Stats } from "node:fs";

export interface FileInfo {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  /** In bytes. */
  readonly size: number;
  readonly mtime: Date | null;
  readonly atime: Date | null;
  readonly birthtime: Date | null;
  readonly ctime: Date | null;
  readonly dev: number;
  readonly ino: number | null;
  readonly mode: number | null;
  readonly nlink: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
  readonly rdev: number | null;
  readonly blksize: number | null;
  readonly blocks: number | null;
  readonly isBlockDevice: boolean | null;
  readonly isCharDevice: boolean | null;
  readonly isFifo: boolean | null;
  readonly isSocket: boolean | null;
}

export function fileInfo(stats: Stats): FileInfo {
  const { size, mtime, atime, birthtime, ctime } = stats;
  const { dev, ino, mode, nlink, uid, gid, rdev, blksize, blocks } = stats;
  return {
    isFile: stats.isFile(),
    isDirectory: stats.isDirectory(),
    isSymlink: stats.isSymbolicLink(),
    size,
    mtime,
    atime,
    birthtime,
    ctime,
    dev,
    ino,
    mode,
    nlink,
    uid,
    gid,
    rdev,
    blksize,
    blocks,
    isBlockDevice: stats.isBlockDevice(),
    isCharDevice: stats.isCharacterDevice(),
    isFifo: stats.isFIFO(),
    isSocket: stats.isSocket(),
  };
}
