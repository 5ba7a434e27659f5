/** The Python environment in `.venv/`: found, made, filled from lock files, and healed when it was left half made. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runStep, say, SetupError } from "./progress.ts";

/** A Python environment of ours. */
export interface Environment {
  /** The environment's folder, which is also its `--sys-prefix`. */
  readonly prefix: string;
  /** Its Python interpreter. */
  readonly python: string;
}

/** A lock file whose packages belong in the environment. */
export interface Layer {
  readonly name: string;
  readonly lockFile: string;
}

interface Python {
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
}

/** What `.venv/gradbook.json` says: which Python made it and which lock files are installed. */
interface Stamp {
  readonly python: string;
  readonly finished: boolean;
  readonly layers: Readonly<Record<string, string>>;
}

const STAMP = "gradbook.json";
const OLDEST = [3, 10] as const;
const PROBE = "import sys; print('%d.%d.%d' % sys.version_info[:3])";

function pythonVersion(command: string, args: readonly string[]): string | undefined {
  const probe = spawnSync(command, [...args, "-c", PROBE], { encoding: "utf8" });
  if (probe.status !== 0) return undefined;
  return /^\d+\.\d+\.\d+$/.exec(probe.stdout.trim())?.[0];
}

function isCurrent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function candidates(): [string, ...string[]][] {
  const named = process.env["GRADBOOK_PYTHON"];
  if (named !== undefined && named !== "") return [[named]];
  return [["python3"], ["python"], ["py", "-3"]];
}

/** The first Python that is new enough: $GRADBOOK_PYTHON alone if set, else python3, python, py -3. */
export function findPython(): Python {
  const seen: string[] = [];
  for (const [command, ...args] of candidates()) {
    const version = pythonVersion(command, args);
    if (version === undefined) continue;
    if (isCurrent(version)) return { command, args, version };
    seen.push(`${command} is ${version}`);
  }
  const tried = candidates()
    .map((words) => words.join(" "))
    .join(", ");
  const found = seen.length > 0 ? seen.join(", ") : `none was found as ${tried}`;
  throw new SetupError(
    `JupyterLab needs Python ${OLDEST.join(".")} or newer, but ${found}: install one, or name it in GRADBOOK_PYTHON, and run the same command again.`,
  );
}

/** Where the environment of a checkout is; nothing is made. */
export function environmentAt(root: string): Environment {
  const prefix = join(root, ".venv");
  const python =
    process.platform === "win32" ? join("Scripts", "python.exe") : join("bin", "python");
  return { prefix, python: join(prefix, python) };
}

function stampFile(environment: Environment): string {
  return join(environment.prefix, STAMP);
}

function isStamp(value: unknown): value is Stamp {
  if (typeof value !== "object" || value === null) return false;
  const { python, finished, layers } = value as Partial<Record<keyof Stamp, unknown>>;
  return (
    typeof python === "string" &&
    typeof finished === "boolean" &&
    typeof layers === "object" &&
    layers !== null
  );
}

function readStamp(environment: Environment): Stamp | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(stampFile(environment), "utf8"));
    return isStamp(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function writeStamp(environment: Environment, stamp: Stamp): void {
  writeFileSync(stampFile(environment), `${JSON.stringify(stamp, undefined, 2)}\n`);
}

/** Why a step that needs the network, the disk or pip failed, as a sentence with its remedy. */
export function pipFailure(output: string): string {
  const again = "then run the same command again";
  if (/No space left on device|Disk quota exceeded/i.test(output))
    return `The disk is full: free some space, ${again}.`;
  if (/DO NOT MATCH THE HASHES/.test(output)) {
    return `A downloaded package is not the one the lock file names: check the package index, ${again}.`;
  }
  if (
    /NewConnectionError|name resolution|Max retries|ConnectionError|ConnectTimeout|Network is unreachable/i.test(
      output,
    )
  ) {
    return `The Python package index cannot be reached: check the network or proxy, ${again}.`;
  }
  const tail = output.trimEnd().split("\n").slice(-12).join("\n");
  return `${tail}\npip could not install the packages (its last lines are above); correct that, ${again}.`;
}

function venvFailure(output: string): string {
  if (/No space left on device|Disk quota exceeded/i.test(output)) return pipFailure(output);
  return `${output.trimEnd()}\nPython could not make .venv (its words are above); correct that and run the same command again.`;
}

function checkVenvModule(python: Python): void {
  const probe = spawnSync(python.command, [...python.args, "-c", "import venv, ensurepip"], {
    encoding: "utf8",
  });
  if (probe.status === 0) return;
  throw new SetupError(
    `Python ${python.version} has no venv module: install it (Debian, Ubuntu: apt install python3-venv) and run the same command again.`,
  );
}

async function makeEnvironment(environment: Environment): Promise<Stamp> {
  const python = findPython();
  checkVenvModule(python);
  mkdirSync(environment.prefix, { recursive: true });
  const stamp: Stamp = { python: python.version, finished: false, layers: {} };
  // First the stamp, and it stays while the rest goes: whenever this is killed, the folder still says whose it is.
  writeStamp(environment, stamp);
  for (const name of readdirSync(environment.prefix).filter((entry) => entry !== STAMP)) {
    rmSync(join(environment.prefix, name), { recursive: true, force: true });
  }
  // JupyterLab runs a CommonJS yarn.js out of its package; under our own `"type": "module"` Node would refuse it.
  writeFileSync(
    join(environment.prefix, "package.json"),
    '{ "private": true, "type": "commonjs" }\n',
  );
  await runStep({
    label: `Python environment .venv (Python ${python.version})`,
    command: python.command,
    args: [...python.args, "-m", "venv", environment.prefix],
    failure: venvFailure,
  });
  return stamp;
}

/** The stamp of an environment that can be built upon, or undefined where it must be made anew. */
function usableStamp(environment: Environment): Stamp | undefined {
  if (!existsSync(environment.prefix) || readdirSync(environment.prefix).length === 0)
    return undefined;
  const stamp = readStamp(environment);
  if (stamp === undefined && !existsSync(stampFile(environment))) {
    throw new SetupError(
      `${environment.prefix} was not made by gradbook: move it away and run the same command again.`,
    );
  }
  if (stamp?.finished !== true) {
    say("The last setup of .venv was broken off: making it anew.");
    return undefined;
  }
  if (pythonVersion(environment.python, []) === stamp.python) return stamp;
  say("The Python that .venv was made with is gone: making it anew.");
  return undefined;
}

const PIP = ["-m", "pip", "--disable-pip-version-check", "--no-input", "install"];
const LOCKED = [
  "--require-hashes",
  "--no-deps",
  "--prefer-binary",
  "--progress-bar",
  "off",
  "--requirement",
];

async function installLayer(environment: Environment, layer: Layer): Promise<void> {
  await runStep({
    label: `Python packages for ${layer.name}`,
    command: environment.python,
    args: [...PIP, ...LOCKED, layer.lockFile],
    failure: pipFailure,
  });
}

/** Makes the environment if it is not there and installs the layers whose lock file changed. */
export async function ensureEnvironment(
  root: string,
  layers: readonly Layer[],
): Promise<Environment> {
  const environment = environmentAt(root);
  let stamp = usableStamp(environment) ?? (await makeEnvironment(environment));
  for (const layer of layers) {
    const hash = createHash("sha256").update(readFileSync(layer.lockFile)).digest("hex");
    if (stamp.layers[layer.name] === hash) continue;
    writeStamp(environment, { ...stamp, finished: false });
    await installLayer(environment, layer);
    stamp = { ...stamp, finished: true, layers: { ...stamp.layers, [layer.name]: hash } };
    writeStamp(environment, stamp);
  }
  return environment;
}
