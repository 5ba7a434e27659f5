/** A server, a browser and one open notebook, for the tests of a file. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../kernel/install/lab.ts";
import { startServer, type Server } from "../lab/server.ts";
import { newNotebook, openNotebook, openWindow, type Window } from "./jupyterlab.ts";

/** Where the screenshots of all files go. */
export const pictures: string = join(root, "test", "output");

export interface Opened extends Window {
  readonly server: Server;
}

/** Serves a folder of the given name, filled by `prepare`, and opens the notebook that this returns. */
export async function open(name: string, prepare: (folder: string) => string): Promise<Opened> {
  // Inside the checkout, so that `import "gradbook"` finds it.
  const folder = join(root, ".cache", `browser-${name}`);
  mkdirSync(pictures, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const notebook = prepare(folder);
  const server = await startServer(folder);
  const window = await openWindow();
  const close = async (): Promise<void> => {
    await window.close();
    await server.stop();
  };
  try {
    await openNotebook(window.page, server, notebook);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...window, server, close };
}

/** Opens a new notebook of the given cells. */
export async function openNew(name: string, cells: readonly string[]): Promise<Opened> {
  return open(name, (folder) => {
    writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify(newNotebook(cells)));
    return `${name}.ipynb`;
  });
}
