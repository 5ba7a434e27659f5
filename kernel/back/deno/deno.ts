/**
 * `Deno` for notebooks that were written for its kernel: what is the same in Node, or can be. All else says what Node has
 * for it. https://docs.deno.com/api/deno/
 */
import type { Interruption } from "../interruption.ts";
import type { Runs } from "../runs.ts";
import { type CommandClass, commandClass, type Hear } from "./command.ts";
import { errors, withDenoErrors } from "./errors.ts";
import * as files from "./files.ts";
import { create, createSync, FsFile, open, openSync, SeekMode } from "./fs_file.ts";
import { type DenoJupyter, type DenoJupyterParts, makeJupyter } from "./jupyter.ts";
import { makeServe, type Serve } from "./serve.ts";
import * as system from "./system.ts";
import { makeTest, type Test } from "./tests.ts";

export interface DenoParts extends DenoJupyterParts {
  readonly runs: Runs;
  readonly interruption: Interruption;
  /** The notebook as a module. */
  readonly mainModule: string;
  /** Writes as the cell that speaks. */
  readonly print: Hear;
  /** An error as a cell's are shown. */
  readonly traceback: (error: unknown) => readonly string[];
}

const opening = { open, openSync, create, createSync };

/** All of `Deno` that is there. */
export type Deno = typeof system &
  typeof files &
  typeof opening & {
    readonly jupyter: DenoJupyter;
    readonly errors: typeof errors;
    readonly FsFile: typeof FsFile;
    readonly SeekMode: typeof SeekMode;
    readonly Command: CommandClass;
    readonly test: Test;
    readonly serve: Serve;
    readonly mainModule: string;
  };
export type { FsFile };
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

export function makeDeno(parts: DenoParts): Deno {
  const deno: Deno = {
    ...system,
    ...withDenoErrors(files),
    ...withDenoErrors(opening),
    jupyter: makeJupyter(parts),
    errors,
    FsFile,
    SeekMode,
    Command: commandClass(parts),
    test: makeTest(parts),
    serve: makeServe(parts),
    mainModule: parts.mainModule,
  };
  return new Proxy(Object.freeze(deno), {
    get(target, name) {
      if (typeof name === "symbol" || Object.hasOwn(target, name)) return Reflect.get(target, name);
      const node = IN_NODE[name];
      const way = node === undefined ? "use what Node has for it" : `in Node it is ${node}`;
      throw new Error(`Deno.${name}: this kernel runs Node, not Deno; ${way}`);
    },
  });
}

/** What people ask `Deno` for, and Node's way to say it. */
const IN_NODE: Readonly<Record<string, string>> = {
  run: "`new Deno.Command(…)`, or a line `!command`",
  listen: '`createServer` of "node:net"',
  connect: '`connect` of "node:net"',
  watchFs: '`watch` of "node:fs/promises"',
  stdin: "`process.stdin`, or `input(…)`",
  openKv: 'a file, or `DatabaseSync` of "node:sqlite" from Node 22 on',
  dlopen: "a package with bindings, as `koffi`",
  permissions: "not there: Node may do what its user may",
};
