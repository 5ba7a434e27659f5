/**
 * What cells see of `Deno`. Every notebook's compiler reads this with all that it imports: nothing of the kernel is among
 * it.
 */
import type { CommandClass } from "./command.ts";
import type { errors } from "./errors.ts";
import type * as files from "./files.ts";
import type * as opening from "./fs_file.ts";
import type { Serve } from "./serve.ts";
import type * as system from "./system.ts";
import type { Test } from "./tests.ts";

type Data = Readonly<Record<string, unknown>>;
export type Tag = (texts: TemplateStringsArray, ...values: readonly unknown[]) => object;

export interface ShowOptions {
  /** Whether the value is a bundle already. */
  readonly raw?: boolean;
  readonly update?: boolean;
  readonly display_id?: string;
}

export interface DenoJupyter {
  readonly $display: symbol;
  display(value: unknown, options?: ShowOptions): Promise<void>;
  /** The contents by which a value is shown, by their types. */
  format(value: unknown): Promise<Data>;
  readonly html: Tag;
  readonly md: Tag;
  readonly svg: Tag;
  /** A picture in a file, or of bytes. */
  image(source: string | URL | Uint8Array): Uint8Array;
  broadcast(type: string, content: Data): Promise<void>;
}

/** All of `Deno` that is there. */
export type Deno = typeof system &
  typeof files &
  Pick<typeof opening, "open" | "openSync" | "create" | "createSync"> & {
    readonly jupyter: DenoJupyter;
    readonly errors: typeof errors;
    readonly FsFile: typeof opening.FsFile;
    readonly SeekMode: typeof opening.SeekMode;
    readonly Command: CommandClass;
    readonly test: Test;
    readonly serve: Serve;
    readonly mainModule: string;
  };
export type { FsFile } from "./fs_file.ts";
export type { FileInfo } from "./file_info.ts";
export type {
  DirEntry,
  MakeTempOptions,
  MkdirOptions,
  RemoveOptions,
  WriteFileOptions,
} from "./files.ts";
export type {
  ChildProcess,
  Command,
  CommandOptions,
  CommandOutput,
  CommandStatus,
} from "./command.ts";
export type { OpenOptions } from "./open_flags.ts";
export type { HttpServer, ServeHandler, ServeOptions } from "./serve.ts";
export type { TestContext, TestDefinition } from "./tests.ts";
