/** Deno's functions for files, each with its twin that waits. https://docs.deno.com/api/deno/file-system */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { temporaryRoot } from "../../transport/folders.ts";
import { type OpenOptions, openFlags } from "./open_flags.ts";
import { denoError } from "./errors.ts";
import { type FileInfo, fileInfo } from "./file_info.ts";

type Path = string | URL;

export interface DirEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

export interface WriteFileOptions extends Pick<
  OpenOptions,
  "append" | "create" | "createNew" | "mode"
> {
  readonly signal?: AbortSignal;
}

export interface MkdirOptions {
  /** Also the folders above; one that is there already is no error then. */
  readonly recursive?: boolean;
  readonly mode?: number;
}

export interface RemoveOptions {
  readonly recursive?: boolean;
}

export interface MakeTempOptions {
  /** By default the system's folder for temporary files. */
  readonly dir?: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

interface SymlinkOptions {
  readonly type: "file" | "dir" | "junction";
}

const { promises } = fs;

function writing({ append = false, create = true, ...others }: WriteFileOptions) {
  const { mode, createNew = false, signal } = others;
  return {
    flag: openFlags({ write: true, append, truncate: !append, create, createNew }),
    ...(mode === undefined ? {} : { mode }),
    ...(signal === undefined ? {} : { signal }),
  };
}

export async function readTextFile(path: Path): Promise<string> {
  return promises.readFile(path, "utf8");
}

export function readTextFileSync(path: Path): string {
  return fs.readFileSync(path, "utf8");
}

export async function readFile(path: Path): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await promises.readFile(path));
}

export function readFileSync(path: Path): Uint8Array<ArrayBuffer> {
  return new Uint8Array(fs.readFileSync(path));
}

export async function writeTextFile(
  path: Path,
  data: string | AsyncIterable<string>,
  options: WriteFileOptions = {},
): Promise<void> {
  await promises.writeFile(path, data, writing(options));
}

export function writeTextFileSync(path: Path, data: string, options: WriteFileOptions = {}): void {
  fs.writeFileSync(path, data, writing(options) as object);
}

export async function writeFile(
  path: Path,
  data: Uint8Array | AsyncIterable<Uint8Array>,
  options: WriteFileOptions = {},
): Promise<void> {
  await promises.writeFile(path, data, writing(options));
}

export function writeFileSync(path: Path, data: Uint8Array, options: WriteFileOptions = {}): void {
  fs.writeFileSync(path, data, writing(options) as object);
}

/** What is there, a link followed. */
export async function stat(path: Path): Promise<FileInfo> {
  return fileInfo(await promises.stat(path));
}

export function statSync(path: Path): FileInfo {
  return fileInfo(fs.statSync(path));
}

/** What is there, be it a link. */
export async function lstat(path: Path): Promise<FileInfo> {
  return fileInfo(await promises.lstat(path));
}

export function lstatSync(path: Path): FileInfo {
  return fileInfo(fs.lstatSync(path));
}

/** What a folder holds, in no order. */
export function readDir(path: Path): AsyncIterable<DirEntry> {
  return {
    async *[Symbol.asyncIterator]() {
      try {
        const entries = await promises.readdir(path, { withFileTypes: true });
        yield* entries.map(dirEntry);
      } catch (error) {
        throw denoError(error);
      }
    },
  };
}

export function readDirSync(path: Path): IteratorObject<DirEntry> {
  return fs.readdirSync(path, { withFileTypes: true }).map(dirEntry).values();
}

function dirEntry(entry: fs.Dirent): DirEntry {
  return {
    name: entry.name,
    isFile: entry.isFile(),
    isDirectory: entry.isDirectory(),
    isSymlink: entry.isSymbolicLink(),
  };
}

export async function mkdir(path: Path, options: MkdirOptions = {}): Promise<void> {
  await promises.mkdir(path, options);
}

export function mkdirSync(path: Path, options: MkdirOptions = {}): void {
  fs.mkdirSync(path, options);
}

/** Removes a file or an empty folder; with `recursive`, one with all that it holds. */
export async function remove(path: Path, { recursive = false }: RemoveOptions = {}): Promise<void> {
  if (recursive) await promises.rm(path, { recursive });
  else if ((await promises.lstat(path)).isDirectory()) await promises.rmdir(path);
  else await promises.unlink(path);
}

export function removeSync(path: Path, { recursive = false }: RemoveOptions = {}): void {
  if (recursive) fs.rmSync(path, { recursive });
  else if (fs.lstatSync(path).isDirectory()) fs.rmdirSync(path);
  else fs.unlinkSync(path);
}

export async function rename(from: Path, to: Path): Promise<void> {
  await promises.rename(from, to);
}

export function renameSync(from: Path, to: Path): void {
  fs.renameSync(from, to);
}

export async function copyFile(from: Path, to: Path): Promise<void> {
  await promises.copyFile(from, to);
}

export function copyFileSync(from: Path, to: Path): void {
  fs.copyFileSync(from, to);
}

export async function realPath(path: Path): Promise<string> {
  return promises.realpath(path);
}

export function realPathSync(path: Path): string {
  return fs.realpathSync(path);
}

export async function readLink(path: Path): Promise<string> {
  return promises.readlink(path);
}

export function readLinkSync(path: Path): string {
  return fs.readlinkSync(path);
}

export async function symlink(target: Path, path: Path, options?: SymlinkOptions): Promise<void> {
  await promises.symlink(target, path, options?.type);
}

export function symlinkSync(target: Path, path: Path, options?: SymlinkOptions): void {
  fs.symlinkSync(target, path, options?.type);
}

/** Cuts a file off, or fills it up with zeros, to so many bytes. */
export async function truncate(path: string, bytes = 0): Promise<void> {
  await promises.truncate(path, bytes);
}

export function truncateSync(path: string, bytes = 0): void {
  fs.truncateSync(path, bytes);
}

export async function chmod(path: Path, mode: number): Promise<void> {
  await promises.chmod(path, mode);
}

export function chmodSync(path: Path, mode: number): void {
  fs.chmodSync(path, mode);
}

/** Makes a folder with a name of its own; returns its path. */
export async function makeTempDir(options: MakeTempOptions = {}): Promise<string> {
  const path = temporaryPath(options);
  await promises.mkdir(path, { mode: 0o700 });
  return path;
}

export function makeTempDirSync(options: MakeTempOptions = {}): string {
  const path = temporaryPath(options);
  fs.mkdirSync(path, { mode: 0o700 });
  return path;
}

/** Makes an empty file with a name of its own; returns its path. */
export async function makeTempFile(options: MakeTempOptions = {}): Promise<string> {
  const path = temporaryPath(options);
  await promises.writeFile(path, "", { flag: "wx", mode: 0o600 });
  return path;
}

export function makeTempFileSync(options: MakeTempOptions = {}): string {
  const path = temporaryPath(options);
  fs.writeFileSync(path, "", { flag: "wx", mode: 0o600 });
  return path;
}

function temporaryPath({
  dir = temporaryRoot(),
  prefix = "",
  suffix = "",
}: MakeTempOptions): string {
  return join(dir, `${prefix}${randomUUID().slice(0, 8)}${suffix}`);
}
