/** The kernelspec: how a Jupyter server starts the kernel. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { availableMemory } from "../host/memory.ts";
import type { TypesMode } from "../cell/magics/types.ts";
import { userDataFolder } from "../transport/folders.ts";

export const KERNEL_NAME = "gradbook";
export const DISPLAY_NAME = "TypeScript (gradbook)";

const COMMAND = fileURLToPath(new URL("../cli.js", import.meta.url));

/** How the kernel is to run. */
export interface KernelOptions {
  /** The most that the heap may hold, in megabytes; without it 70 % of the memory. */
  readonly heapMb?: number | undefined;
  /** Whether cells are checked; without it they are. */
  readonly types?: TypesMode | undefined;
}

export interface KernelspecOptions extends KernelOptions {
  /** The root of a Python environment, or of any folder on Jupyter's data path without its `share/jupyter`. */
  readonly prefix: string;
}

/** Writes the kernelspec and returns its folder. */
export function installKernelspec({ prefix, ...options }: KernelspecOptions): string {
  return writeKernelspec(join(prefix, "share", "jupyter", "kernels", KERNEL_NAME), options);
}

/** Writes the kernelspec for the user that runs this, and returns its folder. */
export function installForUser(options: KernelOptions = {}): string {
  return writeKernelspec(join(userDataFolder(), "kernels", KERNEL_NAME), options);
}

/** Removes the kernelspec from a folder of kernelspecs, and tells whether there was one. */
export function removeKernelspec(kernels: string): boolean {
  const folder = join(kernels, KERNEL_NAME);
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
    COMMAND,
    "kernel",
    connectionFile,
    "--preload",
    "gradbook/preload",
    ...(types === "on" ? [] : ["--types", types]),
  ];
}

/** Most of what the machine, or the container, has: a notebook is what people open it for. */
function usualHeapMb(): number {
  return Math.round((availableMemory() * 0.7) / 2 ** 20);
}

function writeKernelspec(folder: string, options: KernelOptions): string {
  mkdirSync(folder, { recursive: true });
  const spec = {
    argv: kernelCommand("{connection_file}", options),
    display_name: DISPLAY_NAME,
    language: "typescript",
    interrupt_mode: "message",
    env: {},
    // A server that wants to encrypt asks for it here; the keys come in the connection file.
    metadata: { supported_encryption: ["curve"] },
  };
  writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  writeFileSync(join(folder, "logo-svg.svg"), LOGO);
  return folder;
}

/** A curve going down to its minimum. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="12" fill="#3178c6"/>
<path d="M10 12C14 40 24 52 34 52s16-8 20-22" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round"/>
<circle cx="34" cy="52" r="6" fill="#ffb000"/>
</svg>
`;

/** The folder above \`kernels\` is what \`jupyter kernelspec list\` prints. */
export function kernelsFolderOf(prefix: string): string {
  return dirname(join(prefix, "share", "jupyter", "kernels", KERNEL_NAME));
}
