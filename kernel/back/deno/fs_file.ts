/** `Deno.open` and the open file it gives. https://docs.deno.com/api/deno/~/Deno.FsFile */
import fs from "node:fs";
import { promisify } from "node:util";
import { errors, withDenoErrors } from "./errors.ts";
import { type FileInfo, fileInfo } from "./file_info.ts";
import { type OpenOptions, openFlags } from "./open_flags.ts";

/** Node's functions for descriptors, each with its twin that waits. */
const node = withDenoErrors({
  open: promisify(fs.open),
  read: promisify(fs.read),
  write: promisify(fs.write),
  fstat: promisify(fs.fstat),
  ftruncate: promisify(fs.ftruncate),
  fsync: promisify(fs.fsync),
  openSync: fs.openSync,
  readSync: fs.readSync,
  writeSync: fs.writeSync,
  fstatSync: fs.fstatSync,
  ftruncateSync: fs.ftruncateSync,
  fsyncSync: fs.fsyncSync,
  closeSync: fs.closeSync,
});
const CHUNK = 64 * 1024;

/** From where `seek` counts. */
export const SeekMode = { Start: 0, Current: 1, End: 2 } as const;
type SeekMode = (typeof SeekMode)[keyof typeof SeekMode];

/** An open file with a place in it, which Node would not let us move: it is kept here. */
export class FsFile {
  readonly #opened: number;
  readonly #appends: boolean;
  #position = 0;
  #isOpen = true;
  #readable: ReadableStream<Uint8Array> | null = null;
  #writable: WritableStream<Uint8Array> | null = null;

  constructor(descriptor: number, { appends }: { readonly appends: boolean }) {
    this.#opened = descriptor;
    this.#appends = appends;
  }

  /** Its number may be another file's when it is closed. */
  get #descriptor(): number {
    if (!this.#isOpen) throw new errors.BadResource("Bad resource: the file is closed");
    return this.#opened;
  }

  /** Reads into the bytes; returns how many there were, null at the end of the file. */
  async read(bytes: Uint8Array): Promise<number | null> {
    const { bytesRead } = await node.read(this.#descriptor, bytes, 0, bytes.length, this.#position);
    return this.#read(bytes, bytesRead);
  }

  readSync(bytes: Uint8Array): number | null {
    const count = node.readSync(this.#descriptor, bytes, 0, bytes.length, this.#position);
    return this.#read(bytes, count);
  }

  #read(bytes: Uint8Array, count: number): number | null {
    this.#position += count;
    return count === 0 && bytes.length > 0 ? null : count;
  }

  /** Returns how many of the bytes were written. */
  async write(bytes: Uint8Array): Promise<number> {
    const at = this.#writingPosition;
    const { bytesWritten } = await node.write(this.#descriptor, bytes, 0, bytes.length, at);
    return this.#wrote(bytesWritten);
  }

  writeSync(bytes: Uint8Array): number {
    const at = this.#writingPosition;
    return this.#wrote(node.writeSync(this.#descriptor, bytes, 0, bytes.length, at));
  }

  get #writingPosition(): number | null {
    return this.#appends ? null : this.#position;
  }

  #wrote(count: number): number {
    this.#position = this.#appends ? node.fstatSync(this.#descriptor).size : this.#position + count;
    return count;
  }

  /** Returns the new place. */
  async seek(offset: number | bigint, whence: SeekMode): Promise<number> {
    return this.seekSync(offset, whence);
  }

  seekSync(offset: number | bigint, whence: SeekMode): number {
    const from =
      whence === SeekMode.Start
        ? 0
        : whence === SeekMode.Current
          ? this.#position
          : node.fstatSync(this.#descriptor).size;
    const position = from + Number(offset);
    if (position < 0) throw new TypeError(`seek: ${position} is before the file's begin`);
    this.#position = position;
    return position;
  }

  async stat(): Promise<FileInfo> {
    return fileInfo(await node.fstat(this.#descriptor));
  }

  statSync(): FileInfo {
    return fileInfo(node.fstatSync(this.#descriptor));
  }

  async truncate(bytes = 0): Promise<void> {
    await node.ftruncate(this.#descriptor, bytes);
  }

  truncateSync(bytes = 0): void {
    node.ftruncateSync(this.#descriptor, bytes);
  }

  /** Resolves when all that was written is on the disk. */
  async sync(): Promise<void> {
    await node.fsync(this.#descriptor);
  }

  syncSync(): void {
    node.fsyncSync(this.#descriptor);
  }

  isTerminal(): boolean {
    return false;
  }

  /** The rest of the file; it is closed at its end. */
  get readable(): ReadableStream<Uint8Array> {
    this.#readable ??= new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const bytes = new Uint8Array(CHUNK);
        const count = await this.read(bytes);
        if (count !== null) return controller.enqueue(bytes.subarray(0, count));
        this.#closeOnce();
        controller.close();
      },
      cancel: () => this.#closeOnce(),
    });
    return this.#readable;
  }

  /** Takes bytes; the file is closed with it. */
  get writable(): WritableStream<Uint8Array> {
    this.#writable ??= new WritableStream<Uint8Array>({
      write: async (bytes) => {
        for (let at = 0; at < bytes.length;) at += await this.write(bytes.subarray(at));
      },
      close: () => this.#closeOnce(),
      abort: () => this.#closeOnce(),
    });
    return this.#writable;
  }

  close(): void {
    node.closeSync(this.#descriptor);
    this.#isOpen = false;
  }

  #closeOnce(): void {
    if (this.#isOpen) this.close();
  }

  [Symbol.dispose](): void {
    this.#closeOnce();
  }
}

/** Opens a file, by default to be read. */
export async function open(
  path: string | URL,
  options: OpenOptions = { read: true },
): Promise<FsFile> {
  const descriptor = await node.open(path, openFlags(options), options.mode ?? 0o666);
  return new FsFile(descriptor, { appends: options.append === true });
}

export function openSync(path: string | URL, options: OpenOptions = { read: true }): FsFile {
  const descriptor = node.openSync(path, openFlags(options), options.mode ?? 0o666);
  return new FsFile(descriptor, { appends: options.append === true });
}

const CREATE: OpenOptions = { read: true, write: true, truncate: true, create: true };

/** Opens a new file, or an old one that loses what it holds. */
export async function create(path: string | URL): Promise<FsFile> {
  return open(path, CREATE);
}

export function createSync(path: string | URL): FsFile {
  return openSync(path, CREATE);
}
