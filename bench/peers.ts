/** Kernels to measure beside ours: how each is installed and started. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { kernelCommand } from "../kernel/install/kernelspec.ts";
import { environmentAt } from "../kernel/install/python.ts";
import { PORTS, type PortName } from "../kernel/transport/connection.ts";

export interface Peer {
  readonly name: string;
  /** What starts it, from the path of the connection file; null where it cannot be had. */
  readonly command: ((connectionFile: string) => string[]) | null;
  /** A statement that prints `line <i>` for every i below n. */
  printLines(n: number): string;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const PACKAGES = ["deno@2.9.6", "tslab@1.0.22"];

function npmPeers(): string {
  const folder = join(root, ".cache", "peers");
  const bin = join(folder, "node_modules", ".bin");
  if (existsSync(join(bin, "deno")) && existsSync(join(bin, "tslab"))) return bin;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...PACKAGES], {
    cwd: folder,
    stdio: "inherit",
  });
  return bin;
}

function ipykernel(): Peer["command"] {
  const { python } = environmentAt(root);
  try {
    execFileSync(python, ["-c", "import ipykernel"], { stdio: "ignore" });
  } catch {
    console.log("ipykernel is not measured: `npm test` puts it into .venv");
    return null;
  }
  return (file) => [python, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", file];
}

/** Ours first; the last one measured is the baseline of the ratios. */
export function kernels(): Peer[] {
  const bin = npmPeers();
  const printLines = (n: number): string =>
    `for (let i = 0; i < ${n}; i++) console.log("line " + i)`;
  return [
    { name: "gradbook", command: kernelCommand, printLines },
    {
      name: "tslab",
      command: (file) => [process.execPath, join(bin, "tslab"), "kernel", `--config-path=${file}`],
      printLines,
    },
    {
      name: "ipykernel",
      command: ipykernel(),
      printLines: (n) => `for i in range(${n}): print("line", i)`,
    },
    {
      name: "deno",
      command: (file) => [join(bin, "deno"), "jupyter", "--kernel", "--conn", file],
      printLines,
    },
  ];
}

/** Ports that are free now: for kernels that cannot choose their own. */
export async function freePorts(): Promise<Record<PortName, number>> {
  const ports: [PortName, number][] = [];
  const servers = PORTS.map((name) => ({ name, server: createServer() }));
  for (const { name, server } of servers) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    ports.push([name, port]);
  }
  await Promise.all(servers.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(ports) as Record<PortName, number>;
}
