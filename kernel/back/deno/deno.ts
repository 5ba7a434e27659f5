/**
 * `Deno` for notebooks that were written for its kernel: what shows things, and what is the same in Node. All else says
 * what Node has for it. https://docs.deno.com/runtime/reference/cli/jupyter/
 */
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleOf, type Screen } from "../display.ts";
import type { NotebookApi } from "../notebook.ts";
import { bundleFrom, describe } from "../values/content.ts";
import { isObject } from "../values/reflect.ts";
import { Command } from "./command.ts";
import { errors } from "./errors.ts";
import { files, folders, FsFile } from "./files.ts";
import { machine } from "./machine.ts";
import { makeTest, type TestHost } from "./tests.ts";

const DISPLAY = Symbol.for("Jupyter.display");

type Data = Readonly<Record<string, unknown>>;
type Tag = (texts: TemplateStringsArray, ...values: readonly unknown[]) => object;

interface DenoParts {
  readonly screen: Screen;
  readonly testing: TestHost;
  readonly clearOutput: NotebookApi["clearOutput"];
}

interface ShowOptions {
  /** Whether the value is a bundle already. */
  readonly raw?: boolean;
  readonly update?: boolean;
  readonly display_id?: string;
}

export function makeDeno(parts: DenoParts): object {
  const own = { jupyter: jupyter(parts), test: makeTest(parts.testing), ...same };
  return new Proxy(Object.freeze(own), {
    get(target, name) {
      if (typeof name === "symbol" || Object.hasOwn(target, name)) return Reflect.get(target, name);
      const node = IN_NODE[name];
      const way = node === undefined ? "use what Node has for it" : `in Node it is ${node}`;
      throw new Error(`Deno.${name}: this kernel runs Node, not Deno; ${way}`);
    },
  });
}

function jupyter({ screen, clearOutput }: DenoParts): object {
  let count = 0;
  const newId = (): string => `deno-${process.pid}-${count++}`;
  const show = async (value: unknown, options: ShowOptions = {}): Promise<void> => {
    const { raw = false, update = false, display_id: id = newId() } = options;
    screen.show(raw ? bundleFrom(value as Data) : bundleOf(value), id, update);
  };
  return {
    $display: DISPLAY,
    display: show,
    format: async (value: unknown) => (await bundleOf(value)).data,
    html: tag("text/html"),
    md: tag("text/markdown"),
    svg: tag("image/svg+xml"),
    image: (source: string | URL | Uint8Array) =>
      typeof source === "string" || source instanceof URL ? fs.readFileSync(source) : source,
    async broadcast(type: string, content: Data) {
      const { data, transient, wait } = content;
      const id = isObject(transient) ? Reflect.get(transient, "display_id") : undefined;
      if (type === "clear_output") return clearOutput({ wait: wait === true });
      if (type !== "display_data" && type !== "update_display_data") {
        throw new Error(
          `Deno.jupyter.broadcast: ${type} cannot be sent by hand here; comm.open("…") opens a comm, console.log prints`,
        );
      }
      if (!isObject(data)) {
        throw new TypeError(`Deno.jupyter.broadcast: wanted { data: … }, got ${describe(content)}`);
      }
      const isUpdate = type === "update_display_data";
      await show(data, {
        raw: true,
        update: isUpdate,
        ...(typeof id === "string" ? { display_id: id } : {}),
      });
    },
  };
}

/** A template whose value is shown as content of a type. */
function tag(mime: string): Tag {
  return (texts, ...values) => {
    const text = String.raw({ raw: texts }, ...values);
    return { [DISPLAY]: () => ({ [mime]: text, "text/plain": text }) };
  };
}

/** The same under both names, or as good as. */
const same = {
  args: [] as readonly string[],
  cwd: () => process.cwd(),
  chdir: (folder: string | URL) =>
    process.chdir(folder instanceof URL ? fileURLToPath(folder) : folder),
  exit: (code?: number) => process.exit(code),
  env: {
    get: (name: string) => process.env[name],
    has: (name: string) => name in process.env,
    set: (name: string, value: string) => void (process.env[name] = value),
    delete: (name: string) => void delete process.env[name],
    toObject: () => ({ ...process.env }),
  },
  stdout: writerTo("stdout"),
  stderr: writerTo("stderr"),
  ...machine,
  ...files,
  ...folders,
  FsFile,
  Command,
  errors,
};

function writerTo(name: "stdout" | "stderr"): object {
  const writeSync = (bytes: Uint8Array): number => {
    process[name].write(bytes);
    return bytes.length;
  };
  return {
    writeSync,
    write: async (bytes: Uint8Array) => writeSync(bytes),
    isTerminal: () => false,
  };
}

/** What people ask `Deno` for, and Node's way to say it. */
const IN_NODE: Readonly<Record<string, string>> = {
  run: "`new Deno.Command(…)`, or a line `!command`",
  serve: '`createServer` of "node:http"',
  listen: '`createServer` of "node:net"',
  connect: '`connect` of "node:net"',
  watchFs: '`watch` of "node:fs/promises"',
  stdin: "`process.stdin`, or `input(…)`",
  openKv: 'a file, or `DatabaseSync` of "node:sqlite" from Node 22 on',
  dlopen: "a package with bindings, as `koffi`",
  permissions: "not there: Node may do what its user may",
};
