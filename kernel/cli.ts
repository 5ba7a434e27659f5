#!/usr/bin/env node
/** The `gradbook` command; the only reader of process.argv. */
import { parseArgs } from "node:util";
import { threadsIn } from "./install/built.ts";

const USAGE = `gradbook: a TypeScript kernel for Jupyter

  gradbook install [--prefix DIR | --user] [--heap-mb N] [--types on|warn|off]
                                             write the kernelspec, into a Python environment or for the user;
                                             the heap may hold N megabytes, else 70 % of the memory; a cell with a
                                             type error does not run (on), runs with a warning (warn), or is not checked
  gradbook uninstall [--prefix DIR | --user] remove it
  gradbook lab [ARGUMENTS]                   JupyterLab with this kernel; arguments go to jupyter lab
  gradbook run NOTEBOOK [--output FILE]      run a notebook without Jupyter, and write it with its outputs
  gradbook kernel CONNECTION_FILE [--preload MODULE …] [--types MODE]   what a Jupyter server starts
`;

function typesModeOf(text: string): "on" | "warn" | "off" | null {
  return text === "on" || text === "warn" || text === "off" ? text : null;
}

const commands: Record<string, (args: string[]) => Promise<number>> = {
  async kernel(args) {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        preload: { type: "string", multiple: true, default: [] },
        types: { type: "string", default: "on" },
      },
    });
    const [connectionFile] = positionals;
    if (connectionFile === undefined) return usage("kernel: name the connection file");
    const types = typesModeOf(values.types);
    if (types === null) return usage(`kernel: --types ${values.types} is none of on, warn, off`);
    const { main, front } = threadsIn(new URL("../", import.meta.url));
    const { startKernel } = (await import(main.href)) as typeof import("./main.ts");
    await startKernel({ front, connectionFile, preloads: values.preload, types });
    return KEEP_RUNNING;
  },
  async install(args) {
    const { values } = parseArgs({
      args,
      options: {
        prefix: { type: "string" },
        user: { type: "boolean", default: false },
        "heap-mb": { type: "string" },
        types: { type: "string", default: "on" },
      },
    });
    const { prefix, "heap-mb": heap } = values;
    const types = typesModeOf(values.types);
    if (types === null) return usage(`install: --types ${values.types} is none of on, warn, off`);
    const heapMb = heap === undefined ? undefined : Number(heap);
    if (heapMb !== undefined && !(Number.isInteger(heapMb) && heapMb >= 64)) {
      return usage(`install: --heap-mb ${heap} is not a whole number of megabytes from 64 on`);
    }
    const { installForUser, installKernelspec } = await import("./install/kernelspec.ts");
    const folder =
      prefix === undefined
        ? installForUser({ heapMb, types })
        : installKernelspec({ prefix, heapMb, types });
    console.log(`Installed the kernelspec gradbook in ${folder}`);
    return 0;
  },
  async uninstall(args) {
    const { values } = parseArgs({
      args,
      options: { prefix: { type: "string" }, user: { type: "boolean", default: false } },
    });
    const { kernelsFolderOf, removeKernelspec } = await import("./install/kernelspec.ts");
    const { userDataFolder } = await import("./transport/folders.ts");
    const { prefix } = values;
    removeKernelspec(
      prefix === undefined ? `${userDataFolder()}/kernels` : kernelsFolderOf(prefix),
    );
    return 0;
  },
  async run(args) {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: { output: { type: "string", short: "o" } },
    });
    const [notebook] = positionals;
    if (notebook === undefined || positionals.length > 1) return usage("run: name one notebook");
    const { runNotebook } = await import("./run/run.ts");
    const output = values.output ?? null;
    return (await runNotebook({ notebook, output, report: console.log })) === 0 ? 0 : 1;
  },
  async lab(args) {
    const { lab } = await import("./install/lab.ts");
    return lab(args);
  },
};

const KEEP_RUNNING = -1;

function usage(complaint: string): number {
  console.error(`gradbook ${complaint}\n\n${USAGE}`);
  return 2;
}

const [command = "help", ...rest] = process.argv.slice(2);
const run = commands[command];
const asksForHelp = command !== "lab" && rest.some((word) => word === "--help" || word === "-h");
if (run === undefined || asksForHelp) {
  const isHelp = asksForHelp || ["help", "--help", "-h"].includes(command);
  if (isHelp) console.log(USAGE);
  process.exitCode = isHelp ? 0 : usage(`${command}: no such command`);
} else {
  try {
    const code = await run(rest);
    if (code !== KEEP_RUNNING) process.exitCode = code;
  } catch (error) {
    console.error(`gradbook ${command}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
