/** What Deno tells of itself and of the machine, said of Node. https://docs.deno.com/api/deno/runtime */
import { arch, hostname, loadavg, release, uptime } from "node:os";
import { inspect, type InspectOptions } from "node:util";
import { TYPESCRIPT_VERSION } from "../../host/manifest.ts";

const [os, vendor] =
  process.platform === "darwin"
    ? ["darwin", "apple"]
    : process.platform === "win32"
      ? ["windows", "pc"]
      : [process.platform, "unknown"];
const processor = { x64: "x86_64", arm64: "aarch64" }[arch()] ?? arch();

export const machine = {
  /** Of Deno's the one that is imitated, as far as it is; what runs stands behind it. */
  version: {
    deno: `2.0.0+node.${process.versions.node}`,
    v8: process.versions.v8,
    typescript: TYPESCRIPT_VERSION,
  },
  build: {
    os,
    arch: processor,
    vendor,
    target: `${processor}-${vendor}-${os}${os === "linux" ? "-gnu" : ""}`,
    standalone: false,
  },
  pid: process.pid,
  ppid: process.ppid,
  noColor: false,
  mainModule: "",
  execPath: () => process.execPath,
  hostname,
  osRelease: release,
  loadavg,
  osUptime: uptime,
  uid: () => process.getuid?.() ?? null,
  gid: () => process.getgid?.() ?? null,
  memoryUsage: () => process.memoryUsage(),
  inspect: (value: unknown, options?: InspectOptions) => inspect(value, options),
  addSignalListener: (signal: NodeJS.Signals, listener: () => void) =>
    void process.on(signal, listener),
  removeSignalListener: (signal: NodeJS.Signals, listener: () => void) =>
    void process.off(signal, listener),
};
