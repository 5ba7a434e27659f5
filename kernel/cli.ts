#!/usr/bin/env node
/** The `gradbook` command; the only reader of process.argv. */
import { existsSync } from "node:fs";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { threadsIn } from "./install/built.ts";

const USAGE = `gradbook: a TypeScript kernel for Jupyter

  gradbook install [--prefix DIR | --user] [--name NAME] [--display-name TEXT] [--heap-mb N] [--types on|warn|off]
                                             write the kernelspec, into a Python environment or for the user;
                                             the heap may hold N megabytes, else 70 % of the memory; a cell with a
                                             type error does not run (on), runs with a warning (warn), or is not checked
  gradbook uninstall [--prefix DIR | --user] [--name NAME]
                                             remove it
  gradbook lab [ARGUMENTS]                   JupyterLab with this kernel; arguments go to jupyter lab
  gradbook run NOTEBOOK [--output FILE] [--allow-errors] [--timeout SECONDS]
                                             run a notebook without Jupyter, and write it with its outputs; with errors
                                             allowed a failing cell does not end the run; no cell may take longer
  gradbook doctor                            look whether all that the kernel needs is there
  gradbook kernel CONNECTION_FILE [--preload MODULE …] [--types MODE]   what a Jupyter server starts
  gradbook --version                         the versions of this, of TypeScript and of Node
`;

/** A mistake in what was typed; one sentence, and exit code 2. */
class UsageError extends Error {
  /** A word that is not known, and those that are. */
  readonly unknown: { readonly word: string; readonly known: readonly string[] } | null;

  constructor(message: string, unknown: UsageError["unknown"] = null) {
    super(message);
    this.unknown = unknown;
  }
}

type Options = NonNullable<ParseArgsConfig["options"]>;

function parse<const T extends Options>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true as const });
  } catch (error) {
    throw complaintOf(error, Object.keys(options));
  }
}

/** Node's words are several sentences, about dashes mostly. */
function complaintOf(error: unknown, names: readonly string[]): UsageError {
  const { code, message = "" } = error as { readonly code?: string; readonly message?: string };
  const option = /'(-{1,2}[^' ]+)/.exec(message)?.[1] ?? "";
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
    const known = names.map((name) => `--${name}`);
    return new UsageError(`there is no option ${option}`, { word: option, known });
  }
  if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") {
    const wanted = /does not take an argument/.test(message) ? "takes no value" : "wants a value";
    return new UsageError(`${/--[\w-]+/.exec(message)?.[0] ?? option} ${wanted}`);
  }
  return new UsageError(message);
}

function noneOf(positionals: readonly string[]): void {
  const [first] = positionals;
  if (first !== undefined) throw new UsageError(`${first} is one word too many`);
}

function typesModeOf(text: string): "on" | "warn" | "off" {
  if (text === "on" || text === "warn" || text === "off") return text;
  throw new UsageError(`--types ${text} is none of on, warn, off`);
}

/** Where a kernelspec is to be, and what it is called. */
const PLACE = {
  prefix: { type: "string" },
  user: { type: "boolean", default: false },
  name: { type: "string", default: "gradbook" },
} as const;

interface Place {
  readonly prefix?: string | undefined;
  readonly user: boolean;
  readonly name: string;
}

async function kernelsFolder({ prefix, user, name }: Place): Promise<string> {
  if (prefix !== undefined && user) throw new UsageError("--prefix and --user exclude each other");
  if (prefix === "") throw new UsageError("--prefix wants a folder");
  if (!/^[\w.-]+$/.test(name)) {
    throw new UsageError(
      `--name ${name} is no name for Jupyter: letters, digits, ".", "_" and "-"`,
    );
  }
  const { kernelsFolderOf } = await import("./install/kernelspec.ts");
  const { userDataFolder } = await import("./transport/folders.ts");
  return prefix === undefined ? `${userDataFolder()}/kernels` : kernelsFolderOf(prefix);
}

const commands: Record<string, (args: string[]) => Promise<number>> = {
  async kernel(args) {
    const { positionals, values } = parse(args, {
      preload: { type: "string", multiple: true, default: [] as string[] },
      types: { type: "string", default: "on" },
    });
    const [connectionFile] = positionals;
    if (connectionFile === undefined) throw new UsageError("name the connection file");
    if (!existsSync(connectionFile)) {
      throw new Error(`there is no connection file ${connectionFile}; a Jupyter server writes it`);
    }
    const types = typesModeOf(values.types);
    const { main: threads, front } = threadsIn(new URL("../", import.meta.url));
    const { startKernel } = (await import(threads.href)) as typeof import("./main.ts");
    await startKernel({ front, connectionFile, preloads: values.preload, types });
    return KEEP_RUNNING;
  },
  async install(args) {
    const { positionals, values } = parse(args, {
      ...PLACE,
      "display-name": { type: "string" },
      "heap-mb": { type: "string" },
      types: { type: "string", default: "on" },
    });
    noneOf(positionals);
    const { name, "display-name": displayName, "heap-mb": heap } = values;
    const types = typesModeOf(values.types);
    const heapMb = heap === undefined ? undefined : Number(heap);
    if (heapMb !== undefined && !(Number.isInteger(heapMb) && heapMb >= 64)) {
      throw new UsageError(`--heap-mb ${heap} is not a whole number of megabytes from 64 on`);
    }
    const kernels = await kernelsFolder(values);
    const { installKernelspec } = await import("./install/kernelspec.ts");
    const folder = installKernelspec({ kernels, name, displayName, heapMb, types });
    if (values.prefix !== undefined) {
      const { installTranslator } = await import("./install/papermill.ts");
      installTranslator(values.prefix);
    }
    console.log(`Installed the kernelspec ${name} in ${folder}`);
    return 0;
  },
  async uninstall(args) {
    const { positionals, values } = parse(args, PLACE);
    noneOf(positionals);
    const kernels = await kernelsFolder(values);
    const { removeKernelspec } = await import("./install/kernelspec.ts");
    const wasThere = removeKernelspec(kernels, values.name);
    if (values.prefix !== undefined) {
      const { removeTranslator } = await import("./install/papermill.ts");
      removeTranslator(values.prefix);
    }
    const what = `the kernelspec ${values.name}`;
    if (!wasThere)
      throw new Error(`${what} is not in ${kernels}; gradbook doctor lists where it is`);
    console.log(`Removed ${what} from ${kernels}`);
    return 0;
  },
  async run(args) {
    const { positionals, values } = parse(args, {
      output: { type: "string", short: "o" },
      "allow-errors": { type: "boolean", default: false },
      timeout: { type: "string" },
    });
    const [notebook] = positionals;
    if (notebook === undefined || positionals.length > 1) throw new UsageError("name one notebook");
    const { output = null, timeout } = values;
    const seconds = timeout === undefined ? null : Number(timeout);
    if (seconds !== null && !(seconds > 0 && seconds < 2 ** 31 / 1000)) {
      throw new UsageError(`--timeout ${timeout} is not a number of seconds`);
    }
    const { runNotebook } = await import("./run/run.ts");
    const stop = stopOnSignals();
    const isFine = await runNotebook({
      notebook,
      output,
      allowErrors: values["allow-errors"],
      timeoutMs: seconds === null ? null : seconds * 1000,
      stop: stop.signal,
      report: console.log,
    });
    return stop.code() ?? (isFine ? 0 : 1);
  },
  async doctor(args) {
    noneOf(parse(args, {}).positionals);
    const { doctor } = await import("./install/doctor.ts");
    const isWell = await doctor(({ kind, sentence }) =>
      console.log(`${{ ok: "ok   ", note: "note ", fault: "FAULT" }[kind]} ${sentence}`),
    );
    return isWell ? 0 : 1;
  },
  async lab(args) {
    const { lab } = await import("./install/lab.ts");
    return lab(args);
  },
};

const KEEP_RUNNING = -1;
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** The first signal asks for an orderly end, a second one is obeyed at once. */
function stopOnSignals(): { readonly signal: AbortSignal; code(): number | null } {
  const stop = new AbortController();
  let code: number | null = null;
  for (const [name, number] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (code !== null) process.exit(number);
      code = number;
      stop.abort();
    });
  }
  return { signal: stop.signal, code: () => code };
}

async function main([command = "help", ...rest]: string[]): Promise<number> {
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  const asksForHelp = command !== "lab" && rest.some((word) => word === "--help" || word === "-h");
  if (asksForHelp || ["help", "--help", "-h"].includes(command)) {
    console.log(USAGE);
    return 0;
  }
  if (["version", "--version", "-v"].includes(command)) {
    const { BANNER } = await import("./host/manifest.ts");
    console.log(BANNER);
    return 0;
  }
  if (run === undefined) {
    const known = Object.keys(commands);
    throw new UsageError("there is no such command", { word: command, known });
  }
  return run(rest);
}

/** What the word may have been meant for. */
async function hintAt({ unknown }: UsageError): Promise<string> {
  if (unknown === null) return "";
  // A kernel that starts does without it.
  const { nearest } = await import("./cell/near.ts");
  const [near] = nearest(unknown.word, unknown.known);
  return near === undefined ? "" : `; did you mean ${near}?`;
}

const args = process.argv.slice(2);
try {
  const code = await main(args);
  if (code !== KEEP_RUNNING) process.exitCode = code;
} catch (error) {
  const sentence = error instanceof Error ? error.message : String(error);
  const isUsage = error instanceof UsageError;
  const end = isUsage ? `${await hintAt(error)}\nSee gradbook --help` : "";
  console.error(`gradbook ${args[0] ?? ""}: ${sentence}${end}`);
  process.exitCode = isUsage ? 2 : 1;
}
