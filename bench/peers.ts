/** Kernels to measure beside ours: how each is installed and started. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { kernelCommand } from "../kernel/install/kernelspec.ts";
import { findPython } from "../kernel/install/python.ts";
import { type Dialect, javascript, python, type Question } from "./dialects.ts";
import { inRepository } from "./harness.ts";

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
const SOURCES = inRepository("bench", "peers");
const FOLDER = inRepository(".cache", "peers");
const STAMP = join(FOLDER, "installed.json");

/** Installs what `bench/peers` names, unless it is there. */
function install(): void {
  const pins = ["package.json", "requirements.txt", join("zeromq-v5", "index.js")];
  const hash = createHash("sha256");
  for (const file of pins) hash.update(readFileSync(join(SOURCES, file)));
  const wanted = JSON.stringify({ hash: hash.digest("hex") });
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  console.log("installing the kernels that are measured beside ours, in .cache/peers");
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  cpSync(SOURCES, FOLDER, { recursive: true });
  // A lock file would name the one Deno of the platform it was made on.
  const packages = ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  attempt("deno, tslab, ijavascript", () => {
    execFileSync("npm", packages, { cwd: FOLDER, stdio: "inherit" });
  });
  attempt("ipykernel", installPython);
  writeFileSync(STAMP, wanted);
}

function attempt(what: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`could not install ${what}: ${reason}`);
  }
}

const inVenv = (program: string): string =>
  process.platform === "win32"
    ? join(FOLDER, "python", "Scripts", program)
    : join(FOLDER, "python", "bin", program);

function installPython(): void {
  const { command, args } = findPython();
  execFileSync(command, [...args, "-m", "venv", join(FOLDER, "python")], { stdio: "inherit" });
  const pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--requirement"];
  execFileSync(inVenv("python"), [...pip, join(FOLDER, "requirements.txt")], { stdio: "inherit" });
}

/** Deno's package finds its program at install time, with a script; this is where it lies. */
function denoProgram(): string {
  const scope = join(FOLDER, "node_modules", "@deno");
  const [platform = "none"] = existsSync(scope) ? readdirSync(scope) : [];
  const program = join(scope, platform, process.platform === "win32" ? "deno.exe" : "deno");
  if (existsSync(program)) chmodSync(program, 0o755);
  return program;
}

const inModules = (...parts: readonly string[]): string => join(FOLDER, "node_modules", ...parts);

/** A peer, or nothing where `program` is not there; `note` is printed with it. */
function peer(made: Omit<Peer, "interrupt">, program: string, note = ""): Peer[] {
  const isThere = existsSync(program);
  if (!isThere || note !== "") console.log(isThere ? note : `${made.name} is absent`);
  return isThere ? [{ ...made, interrupt: "signal" }] : [];
}

/** Ours first; the last one measured is the baseline of the ratios. */
export function kernels(): Peer[] {
  install();
  const [tslab, ijavascript] = [inModules("tslab", "bin", "tslab"), inModules("ijavascript")];
  const interpreter = inVenv("python");
  const deno = denoProgram();
  return [
    {
      name: "gradbook",
      command: kernelCommand,
      dialect: javascript,
      first: { code: "const x = placeholder(); x", answer: "placeholder" },
      interrupt: "message",
    },
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
