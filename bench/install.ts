/** Puts the peers that a folder of bench/peers names into .cache, once. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { findPython } from "../kernel/install/python.ts";
import { inRepository } from "./harness.ts";

/** The Python of an installed folder. */
export function pythonIn(folder: string): string {
  const [programs, python] =
    process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  return join(folder, "python", programs, python);
}

function hashOf(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const file of files.toSorted()) hash.update(readFileSync(file));
  return hash.digest("hex");
}

function attempt(what: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.log(`could not install ${what}: ${reason}`);
  }
}

/**
 * Installs the packages of `bench/peers/<name>` (package.json and requirements.txt) under .cache, unless they are
 * there; returns the folder. What cannot be installed is said, and absent afterwards.
 */
export function installPeers(name: string): string {
  const [source, folder] = [
    inRepository("bench", "peers", name),
    inRepository(".cache", "peers", name),
  ];
  const stamp = join(folder, "installed.json");
  const wanted = JSON.stringify({ hash: hashOf(source), python: pythonIn(folder) });
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return folder;
  console.log(`installing what is measured beside ours, in .cache/peers/${name}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(source, folder, { recursive: true });
  // A lock file would name the binaries of the one platform it was made on.
  const packages = ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  attempt("the packages", () => execFileSync("npm", packages, { cwd: folder, stdio: "inherit" }));
  attempt("the Python packages", () => installPython(folder));
  writeFileSync(stamp, wanted);
  return folder;
}

function installPython(folder: string): void {
  const { command, args } = findPython();
  execFileSync(command, [...args, "-m", "venv", join(folder, "python")], { stdio: "inherit" });
  const lines = readFileSync(join(folder, "requirements.txt"), "utf8").split("\n");
  const requirements = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet"];
  const install = (wanted: readonly string[]): void => {
    execFileSync(pythonIn(folder), [...pip, ...wanted], { stdio: "inherit" });
  };
  try {
    install(requirements);
  } catch {
    // One package without a wheel for this platform must not take the others with it.
    for (const each of requirements) attempt(each, () => install([each]));
  }
}
