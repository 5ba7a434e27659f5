/** Starts JupyterLab, from an environment of our own, with this kernel in it. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installKernelspec, kernelsFolderOf } from "./kernelspec.ts";
import { installTranslator } from "./papermill.ts";
import { say, SetupError } from "./progress.ts";
import { ensureEnvironment, type Environment, type Layer } from "./python.ts";

/** The folder that holds package.json, seen from dist/kernel/install. */
export const root: string = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

/** The packages of JupyterLab itself. */
export const labLayer: Layer = {
  name: "JupyterLab",
  lockFile: join(root, "kernel", "install", "requirements.txt"),
};

// Without these JupyterLab asks at its first start whether it may fetch news, and looks for newer versions of itself.
const OVERRIDES = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
};

function writeOverrides(environment: Environment): void {
  const folder = join(environment.prefix, "share", "jupyter", "lab", "settings");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "overrides.json"), `${JSON.stringify(OVERRIDES, undefined, 2)}\n`);
}

/** Makes the environment ready: the packages of the layers, JupyterLab's quiet settings, this kernel's kernelspec. */
export async function prepareLab(layers: readonly Layer[] = [labLayer]): Promise<Environment> {
  const environment = await ensureEnvironment(root, layers);
  writeOverrides(environment);
  installKernelspec({ kernels: kernelsFolderOf(environment.prefix) });
  installTranslator(environment.prefix);
  return environment;
}

/** How to start a JupyterLab server. */
export interface LabOptions {
  readonly environment: Environment;
  /** The folder that JupyterLab shows. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio: "inherit" | "pipe";
}

/** Starts a JupyterLab server as a child process. */
export function startLab({ environment, folder, args, env, stdio }: LabOptions): ChildProcess {
  const options = [
    `--ServerApp.root_dir=${folder}`,
    // Ctrl-C ends the server without a question.
    "--ServerApp.answer_yes=True",
    // The default drops what a cell prints above 1 MB/s.
    "--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=1e9",
    "--ZMQChannelsWebsocketConnection.iopub_msg_rate_limit=1e6",
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
  // The kernelspec of this environment goes before one of the same name in the person's own folders.
  const own = { JUPYTER_PREFER_ENV_PATH: "1", ...env };
  return spawn(environment.python, ["-m", "jupyterlab", ...options, ...args], {
    env: { ...process.env, ...own },
    stdio: stdio === "inherit" ? "inherit" : ["ignore", "pipe", "pipe"],
  });
}

/** Passes the signals that end this process on to the server, once, and waits for the server's own end. */
function waitForEnd(server: ChildProcess): Promise<number> {
  const end = (): void => {
    server.kill("SIGTERM");
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.on("close", (code, signal) => resolve(signal === null ? (code ?? 1) : 0));
  });
}

/** Makes everything ready and runs JupyterLab on notebooks/ until it ends; returns its exit code. */
export async function lab(args: readonly string[]): Promise<number> {
  const notebooks = join(root, "notebooks");
  const folder = existsSync(notebooks) ? notebooks : process.cwd();
  try {
    const environment = await prepareLab();
    say(`Starting JupyterLab on ${folder} (Ctrl-C ends it)`);
    return await waitForEnd(startLab({ environment, folder, args, stdio: "inherit" }));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return 1;
  }
}
