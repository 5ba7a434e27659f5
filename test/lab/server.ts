/** A real Jupyter server for tests: the same start as `npm start`, with folders of its own and a port the system picks. */
import type { ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { prepareLab, startLab } from "../../kernel/install/lab.ts";
import { removeFolder, temporaryFolder } from "../../kernel/transport/folders.ts";

/** A Jupyter server that runs. */
export interface Server {
  readonly url: string;
  readonly token: string;
  /** All the server wrote so far. */
  readonly log: () => string;
  /** Ends the server and its kernels and removes its folders. */
  readonly stop: () => Promise<void>;
}

const TOKEN = "for-tests-on-this-machine-only";

function ownFolders(home: string): NodeJS.ProcessEnv {
  const folder = (name: string): string => {
    mkdirSync(join(home, name));
    return join(home, name);
  };
  return {
    JUPYTER_CONFIG_DIR: folder("config"),
    JUPYTER_DATA_DIR: folder("data"),
    JUPYTER_RUNTIME_DIR: folder("runtime"),
    JUPYTERLAB_SETTINGS_DIR: folder("settings"),
    JUPYTERLAB_WORKSPACES_DIR: folder("workspaces"),
    IPYTHONDIR: folder("ipython"),
  };
}

/** The server's address, once it says that it listens there. */
function waitForAddress(child: ChildProcess, log: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const port = /is running at:[^]*?http:\/\/localhost:(\d+)\//.exec(log())?.[1];
      if (port !== undefined) resolve(`http://localhost:${port}/`);
    };
    child.stdout?.on("data", look);
    child.stderr?.on("data", look);
    child.once("error", reject);
    child.once("close", (code) =>
      reject(new Error(`The Jupyter server ended with ${code}:\n${log()}`)),
    );
  });
}

/** Starts a server on a folder and returns when it answers. */
export async function startServer(folder: string): Promise<Server> {
  const environment = await prepareLab();
  const home = temporaryFolder("gradbook-server-");
  const args = [
    "--no-browser",
    "--ServerApp.ip=localhost",
    "--port=0",
    `--IdentityProvider.token=${TOKEN}`,
  ];
  const child = startLab({ environment, folder, args, env: ownFolders(home), stdio: "pipe" });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  let written = "";
  const take = (chunk: Buffer): void => {
    written += chunk.toString();
  };
  child.stdout?.on("data", take);
  child.stderr?.on("data", take);
  const url = await waitForAddress(child, () => written);
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    removeFolder(home);
  };
  return { url, token: TOKEN, log: () => written, stop };
}
