/** Deno's functions for files, over Node's. https://docs.deno.com/api/deno/file-system */
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { toldAsDeno } from "./errors.ts";

type Path = string | URL;
type Call = (...args: readonly never[]) => unknown;

interface WriteOptions {
  readonly append?: boolean;
  /** Whether a file that is not there is made; so it is by default. */
  readonly create?: boolean;
  readonly createNew?: boolean;
  readonly mode?: number;
}

interface OpenOptions extends WriteOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly truncate?: boolean;
}

interface PlaceOptions {
  readonly dir?: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

/** Made as Deno has them: each with a form that ends in Sync, and one that is to be awaited. */
export const files = inBothForms({
  readTextFile: (path: Path) => fs.readFileSync(path, "utf8"),
  readFile: (path: Path) => new Uint8Array(fs.readFileSync(path)),
  writeTextFile: (path: Path, text: string, options?: WriteOptions) =>
    fs.writeFileSync(path, text, writing(options)),
  writeFile: (path: Path, bytes: Uint8Array, options?: WriteOptions) =>
    fs.writeFileSync(path, bytes, writing(options)),
  stat: (path: Path) => infoOf(fs.statSync(path)),
  lstat: (path: Path) => infoOf(fs.lstatSync(path)),
  mkdir: (path: Path, options: { readonly recursive?: boolean; readonly mode?: number } = {}) =>
    void fs.mkdirSync(path, options),
  remove(path: Path, { recursive = false }: { readonly recursive?: boolean } = {}) {
    if (fs.lstatSync(path).isDirectory() && !recursive) fs.rmdirSync(path);
    else fs.rmSync(path, { recursive });
  },
  rename: (from: Path, to: Path) => fs.renameSync(from, to),
  copyFile: (from: Path, to: Path) => fs.copyFileSync(from, to),
  realPath: (path: Path) => fs.realpathSync(path),
  readLink: (path: Path) => fs.readlinkSync(path),
  symlink: (target: Path, path: Path) => fs.symlinkSync(target, path),
  truncate: (path: Path, length = 0) => fs.truncateSync(path, length),
  makeTempDir: ({ dir = tmpdir(), prefix = "", suffix = "" }: PlaceOptions = {}) => {
    const made = fs.mkdtempSync(join(dir, prefix));
    if (suffix === "") return made;
    fs.renameSync(made, made + suffix);
    return made + suffix;
  },
  makeTempFile: ({ dir = tmpdir(), prefix = "", suffix = "" }: PlaceOptions = {}) => {
    const name = `${prefix}${crypto.randomUUID().slice(0, 8)}${suffix}`;
    fs.writeFileSync(join(dir, name), "", { flag: "wx" });
    return join(dir, name);
  },
  open: (path: Path, options: OpenOptions = { read: true }) =>
    new FsFile(fs.openSync(path, flagsOf(options), options.mode)),
  create: (path: Path) => new FsFile(fs.openSync(path, "w+")),
});

export const folders = {
  async *readDir(path: Path): AsyncGenerator<object> {
    yield* toldAsDeno(() => entriesOf(path))();
  },
  readDirSync: (path: Path): Iterable<object> => toldAsDeno(() => entriesOf(path))(),
};

/** An open file, to be closed by who opened it. */
export class FsFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** What is left of the file; the file is closed behind it. */
  get readable(): ReadableStream {
    const stream = fs.createReadStream("", { fd: this.#descriptor });
    return Readable.toWeb(stream) as ReadableStream;
  }

  get writable(): WritableStream {
    return Writable.toWeb(fs.createWriteStream("", { fd: this.#descriptor }));
  }

  /** How many bytes were read; null at the end of the file. */
  readSync(into: Uint8Array): number | null {
    const count = fs.readSync(this.#descriptor, into);
    return count === 0 && into.length > 0 ? null : count;
  }

  async read(into: Uint8Array): Promise<number | null> {
    return this.readSync(into);
  }

  writeSync(bytes: Uint8Array): number {
    return fs.writeSync(this.#descriptor, bytes);
  }

  async write(bytes: Uint8Array): Promise<number> {
    return this.writeSync(bytes);
  }

  statSync(): object {
    return infoOf(fs.fstatSync(this.#descriptor));
  }

  async stat(): Promise<object> {
    return this.statSync();
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }
}
// Node 20 knows it only by its registered name.
const dispose = (Symbol as { readonly dispose?: symbol }).dispose ?? Symbol.for("nodejs.dispose");
Object.defineProperty(FsFile.prototype, dispose, {
  value(this: FsFile) {
    this.close();
  },
});

/** A notebook waits for its files one way or the other: both forms are the same call. */
function inBothForms(calls: Readonly<Record<string, Call>>): Record<string, Call> {
  const both: Record<string, Call> = {};
  for (const [name, call] of Object.entries(calls)) {
    const told = toldAsDeno(call);
    both[`${name}Sync`] = told;
    both[name] = async (...args) => told(...args);
  }
  return both;
}

function writing({ append = false, create = true, createNew = false, mode }: WriteOptions = {}): {
  readonly flag: string;
  readonly mode?: number;
} {
  const flag = append ? "a" : createNew ? "wx" : create ? "w" : "r+";
  return mode === undefined ? { flag } : { flag, mode };
}

function flagsOf({
  read = false,
  write = false,
  append = false,
  truncate = false,
  create = false,
  createNew = false,
}: OpenOptions): number {
  const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = fs.constants;
  const writes = write || append;
  return (
    (writes ? (read ? O_RDWR : O_WRONLY) : O_RDONLY) |
    (append ? O_APPEND : 0) |
    (truncate ? O_TRUNC : 0) |
    (create || createNew ? O_CREAT : 0) |
    (createNew ? O_EXCL : 0)
  );
}

function infoOf(stats: fs.Stats): object {
  const { size, mtime, atime, birthtime, ctime, dev, ino, mode, nlink, uid, gid, blksize, blocks } =
    stats;
  const kind = {
    isFile: stats.isFile(),
    isDirectory: stats.isDirectory(),
    isSymlink: stats.isSymbolicLink(),
  };
  const times = { mtime, atime, birthtime, ctime };
  return { ...kind, size, ...times, dev, ino, mode, nlink, uid, gid, blksize, blocks };
}

function entriesOf(path: Path): object[] {
  return fs.readdirSync(path, { withFileTypes: true }).map((entry) => ({
    name: entry.name,
    isFile: entry.isFile(),
    isDirectory: entry.isDirectory(),
    isSymlink: entry.isSymbolicLink(),
  }));
}
