/**
 * `Deno` for notebooks that were written for its kernel: what is the same in Node, or can be. All else says what Node has
 * for it. https://docs.deno.com/api/deno/
 */
import type { Deno } from "./api.ts";
import { commandClass, type CommandParts } from "./command.ts";
import { errors, withDenoErrors } from "./errors.ts";
import * as files from "./files.ts";
import { create, createSync, FsFile, open, openSync, SeekMode } from "./fs_file.ts";
import { type DenoJupyterParts, makeJupyter } from "./jupyter.ts";
import { makeServe } from "./serve.ts";
import * as system from "./system.ts";
import { makeTest, type TestParts } from "./tests.ts";

type DenoParts = DenoJupyterParts & CommandParts & TestParts;

export function makeDeno(parts: DenoParts): Deno {
  const deno: Deno = {
    ...system,
    ...withDenoErrors(files),
    open,
    openSync,
    create,
    createSync,
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
