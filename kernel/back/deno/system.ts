/** What Deno tells of the process and the machine, and what reaches both. https://docs.deno.com/api/deno/runtime */
import os from "node:os";
import { fileURLToPath } from "node:url";
import { inspect as nodeInspect } from "node:util";
import { TYPESCRIPT_VERSION } from "../../host/manifest.ts";

export const args: readonly string[] = [];
export const { pid, ppid } = process;
export const noColor = (process.env["NO_COLOR"] ?? "") !== "";

/** Of Deno's the one that is imitated, as far as it is; what runs the cells stands behind it. */
export const version = Object.freeze({
  deno: `2.0.0+node.${process.versions.node}`,
  v8: process.versions.v8,
  typescript: TYPESCRIPT_VERSION,
});

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };
const SYSTEMS: Readonly<Record<string, { readonly vendor: string; readonly target: string }>> = {
  win32: { vendor: "pc", target: "pc-windows-msvc" },
  darwin: { vendor: "apple", target: "apple-darwin" },
  linux: { vendor: "unknown", target: "unknown-linux-gnu" },
};

export const build = Object.freeze(buildOf(process.platform, process.arch));

/** What Deno calls a system, its processor and both together. */
export function buildOf(platform: string, architecture: string) {
  const arch = ARCHITECTURES[architecture] ?? architecture;
  const { vendor, target } = SYSTEMS[platform] ?? {
    vendor: "unknown",
    target: `unknown-${platform}`,
  };
  const env = /-(gnu|msvc)$/.exec(target)?.[1];
  return {
    os: platform === "win32" ? "windows" : platform,
    arch,
    vendor,
    target: `${arch}-${target}`,
    ...(env === undefined ? {} : { env }),
    standalone: false,
  };
}

export const env = {
  get: (name: string): string | undefined => process.env[name],
  has: (name: string): boolean => name in process.env,
  set: (name: string, value: string): void => void (process.env[name] = value),
  delete: (name: string): void => void delete process.env[name],
  toObject: (): Record<string, string> => ({ ...process.env }) as Record<string, string>,
};

export interface InspectOptions {
  readonly colors?: boolean;
  readonly compact?: boolean;
  readonly depth?: number;
  readonly breakLength?: number;
  readonly escapeSequences?: boolean;
  /** Of a list, a map or a set so many entries. */
  readonly iterableLimit?: number;
  readonly showProxy?: boolean;
  readonly sorted?: boolean;
  /** Node writes none. */
  readonly trailingComma?: boolean;
  readonly getters?: boolean;
  readonly showHidden?: boolean;
  /** Of a text so many characters. */
  readonly strAbbreviateSize?: number;
}

/** A value as a text. */
export function inspect(value: unknown, options: InspectOptions = {}): string {
  const { depth = 4, iterableLimit = 100, strAbbreviateSize = 10_000, ...others } = options;
  const { compact = true, colors = false, sorted = false, showProxy = false } = others;
  const { breakLength = 80, getters = false, showHidden = false } = others;
  return nodeInspect(value, {
    depth,
    colors,
    sorted,
    showProxy,
    breakLength,
    getters,
    showHidden,
    maxArrayLength: iterableLimit,
    maxStringLength: strAbbreviateSize,
    compact: compact ? 3 : false,
  });
}

export function cwd(): string {
  return process.cwd();
}

export function chdir(folder: string | URL): void {
  process.chdir(folder instanceof URL ? fileURLToPath(folder) : folder);
}

export function exit(code?: number): never {
  return process.exit(code);
}

export function execPath(): string {
  return process.execPath;
}

export function hostname(): string {
  return os.hostname();
}

export function osRelease(): string {
  return os.release();
}

/** In seconds. */
export function osUptime(): number {
  return Math.floor(os.uptime());
}

/** Over the last one, five and fifteen minutes. */
export function loadavg(): number[] {
  return os.loadavg();
}

/** In bytes. */
export function memoryUsage(): {
  rss: number;
  heapTotal: number;
  heapUsed: number;
  external: number;
} {
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  return { rss, heapTotal, heapUsed, external };
}

/** Null on Windows. */
export function uid(): number | null {
  return process.getuid?.() ?? null;
}

export function gid(): number | null {
  return process.getgid?.() ?? null;
}

export function kill(target: number, signal: NodeJS.Signals | number = "SIGTERM"): void {
  process.kill(target, signal);
}

export function addSignalListener(signal: NodeJS.Signals, listener: () => void): void {
  process.on(signal, listener);
}

export function removeSignalListener(signal: NodeJS.Signals, listener: () => void): void {
  process.off(signal, listener);
}

export const stdout = outputOf("stdout");
export const stderr = outputOf("stderr");

/** The cell's output in Deno's form. */
function outputOf(name: "stdout" | "stderr") {
  const writeSync = (bytes: Uint8Array): number => {
    process[name].write(bytes);
    return bytes.length;
  };
  return {
    writeSync,
    write: async (bytes: Uint8Array): Promise<number> => writeSync(bytes),
    isTerminal: (): boolean => false,
    get writable(): WritableStream<Uint8Array> {
      return new WritableStream({ write: (bytes) => void writeSync(bytes) });
    },
  };
}
