/** The kernelspec: how a Jupyter server starts the kernel. */
import { copyFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { availableMemory } from "../host/memory.ts";
import { makeFolder } from "../transport/folders.ts";
import type { TypesMode } from "../cell/magics/types.ts";

export const KERNEL_NAME = "gradbook";
export const DISPLAY_NAME = "TypeScript (gradbook)";

/** What a server starts. */
export const COMMAND: string = fileURLToPath(new URL("../cli.js", import.meta.url));

const LOGO_FOLDER = fileURLToPath(new URL("../../../kernel/install/logo/", import.meta.url));
const LOGOS = ["logo-svg.svg", "logo-32x32.png", "logo-64x64.png"] as const;

/** How the kernel is to run. */
export interface KernelOptions {
  /** The most that the heap may hold, in megabytes; without it 70 % of the memory. */
  readonly heapMb?: number | undefined;
  /** Whether cells are checked; without it they are. */
  readonly types?: TypesMode | undefined;
}

export interface KernelspecOptions extends KernelOptions {
  /** The folder of kernelspecs that it goes into. */
  readonly kernels: string;
  readonly name?: string | undefined;
  /** What launchers and menus call it. */
  readonly displayName?: string | undefined;
}

/** Writes the kernelspec and returns its folder. */
export function installKernelspec({
  kernels,
  name = KERNEL_NAME,
  ...options
}: KernelspecOptions): string {
  const folder = join(kernels, name);
  try {
    writeKernelspec(folder, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/, \w+ '.*$/, "") : String(error);
    throw new Error(
      `${folder} cannot be written (${reason}): --user, or --prefix with a Python environment of your own`,
      { cause: error },
    );
  }
  return folder;
}

/** Removes the kernelspec from a folder of kernelspecs, and tells whether there was one. */
export function removeKernelspec(kernels: string, name: string): boolean {
  const folder = join(kernels, name);
  const isThere = existsSync(folder);
  rmSync(folder, { recursive: true, force: true });
  return isThere;
}

/** What starts the kernel. Node 20 aborts on an interrupted timer callback unless it is told not to check. */
export function kernelCommand(
  connectionFile: string,
  { heapMb = usualHeapMb(), types = "on" }: KernelOptions = {},
): string[] {
  return [
    process.execPath,
    // The limit cannot be raised once the process runs.
    `--max-old-space-size=${heapMb}`,
    "--no-force-async-hooks-checks",
    "--disable-warning=ExperimentalWarning",
    ...engineThreads(),
    COMMAND,
    "kernel",
    connectionFile,
    "--preload",
    "gradbook/preload",
    ...(types === "on" ? [] : ["--types", types]),
  ];
}

/** Node gives V8 four threads, wherever it runs: on fewer cores they are in each other's way, and in the cell's. */
function engineThreads(): string[] {
  const cores = availableParallelism();
  return cores < 4 ? [`--v8-pool-size=${cores}`] : [];
}

/** Most of what the machine, or the container, has: a notebook is what people open it for. */
function usualHeapMb(): number {
  return Math.round((availableMemory() * 0.7) / 2 ** 20);
}

function writeKernelspec(
  folder: string,
  { displayName = DISPLAY_NAME, ...options }: Omit<KernelspecOptions, "kernels" | "name">,
): void {
  makeFolder(folder);
  const spec = {
    argv: kernelCommand("{connection_file}", options),
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
    env: {},
    // A server that wants to encrypt asks for it here; the keys come in the connection file.
    metadata: { supported_encryption: ["curve"] },
  };
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  // A curve going down to its minimum, for launchers and tabs.
  for (const name of LOGOS) copyFileSync(join(LOGO_FOLDER, name), join(folder, name));
}

/** Where a Python environment, or any folder on Jupyter's data path, has its kernelspecs. */
export function kernelsFolderOf(prefix: string): string {
  return join(prefix, "share", "jupyter", "kernels");
}
