/** Kernels to measure beside ours: how each is installed and started. */
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { kernelCommand } from "../kernel/install/kernelspec.ts";
import { type Dialect, javascript, python, type Question, typescript } from "./dialects.ts";
import { installPeers, pythonIn } from "./install.ts";

export interface Peer {
  readonly name: string;
  readonly command: (connectionFile: string) => string[];
  readonly dialect: Dialect;
  /** The first cell that is run: one that uses a preloaded name, where there are any. */
  readonly first: Question;
  /** How its kernelspec has it interrupted. */
  readonly interrupt: "message" | "signal";
  /** Too slow for more than one long session. */
  readonly isSlow?: boolean;
}

const ONE: Question = { code: "1", answer: "1" };
const inModules = (folder: string, ...parts: readonly string[]): string =>
  join(folder, "node_modules", ...parts);

/** Deno's package finds its program at install time, with a script; this is where it lies. */
function denoProgram(folder: string): string {
  const scope = inModules(folder, "@deno");
  const [platform = "none"] = existsSync(scope) ? readdirSync(scope) : [];
  const program = join(scope, platform, process.platform === "win32" ? "deno.exe" : "deno");
  if (existsSync(program)) chmodSync(program, 0o755);
  return program;
}

/** A peer, or nothing where `program` is not there; `note` is printed with it. */
function peer(made: Omit<Peer, "interrupt">, program: string, note = ""): Peer[] {
  const isThere = existsSync(program);
  if (!isThere || note !== "") console.log(isThere ? note : `${made.name} is absent`);
  return isThere ? [{ ...made, interrupt: "signal" }] : [];
}

/** Our kernel, with or without the check of its cells. */
function own(name: string, types: "on" | "off"): Peer {
  return {
    name,
    command: (file) => kernelCommand(file, { types }),
    dialect: typescript,
    first: { code: "const x = placeholder(); x", answer: "placeholder" },
    interrupt: "message",
  };
}

/** Ours first, without types, as the others are; the last one measured is the baseline of the ratios. */
export function kernels(): Peer[] {
  const folder = installPeers("kernel");
  const tslab = inModules(folder, "tslab", "bin", "tslab");
  const ijavascript = inModules(folder, "ijavascript");
  const interpreter = pythonIn(folder);
  const deno = denoProgram(folder);
  return [
    own("gradbook", "off"),
    own("gradbook, types on", "on"),
    ...peer(
      {
        name: "tslab",
        command: (file) => [process.execPath, tslab, "kernel", `--config-path=${file}`],
        dialect: javascript,
        first: ONE,
        isSlow: true,
      },
      tslab,
    ),
    ...peer(
      {
        name: "ipykernel",
        command: (file) => [
          interpreter,
          "-Xfrozen_modules=off",
          "-m",
          "ipykernel_launcher",
          "-f",
          file,
        ],
        dialect: python,
        first: ONE,
      },
      interpreter,
    ),
    ...peer(
      {
        name: "ijavascript",
        command: (file) => [process.execPath, join(ijavascript, "lib", "kernel.js"), file],
        dialect: javascript,
        first: ONE,
      },
      ijavascript,
      "ijavascript runs over zeromq 6, by its interface for programs of zeromq 5",
    ),
    ...peer(
      {
        name: "deno",
        command: (file) => [deno, "jupyter", "--kernel", "--conn", file],
        dialect: javascript,
        first: ONE,
      },
      deno,
    ),
  ];
}
