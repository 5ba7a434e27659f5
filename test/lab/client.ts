/** What a Jupyter client sees of one cell, through `@jupyterlab/services`. */
import {
  KernelAPI,
  KernelConnection,
  ServerConnection,
  type Kernel,
  type KernelMessage,
} from "@jupyterlab/services";
import { removeFolder, temporaryFolder } from "../../kernel/transport/folders.ts";
import { watchMessages } from "../schema/checked.ts";
import { startServer, type Server } from "./server.ts";

/** How to reach a server as JupyterLab does; in Node, services brings its own WebSocket. */
export function settingsFor(server: Server): ServerConnection.ISettings {
  return ServerConnection.makeSettings({
    baseUrl: server.url,
    wsUrl: server.url.replace("http", "ws"),
    token: server.token,
    appendToken: true,
  });
}

// Not through KernelManager: its polling timer outlives dispose() and would hold the process for a minute.
/** Starts a kernel on a server and connects to it. */
export async function startKernel(
  settings: ServerConnection.ISettings,
): Promise<Kernel.IKernelConnection> {
  const model = await KernelAPI.startNew({ name: "gradbook" }, settings);
  const kernel = new KernelConnection({ model, serverSettings: settings });
  const watch = watchMessages();
  kernel.anyMessage.connect((_sender, { msg, direction }) => {
    if (direction === "recv") watch(msg.channel, { ...msg, identities: null });
  });
  return kernel;
}

/** A kernel on a server of its own, in an empty folder; `close` ends and removes all three. */
export interface Lab {
  readonly settings: ServerConnection.ISettings;
  readonly kernel: Kernel.IKernelConnection;
  readonly close: () => Promise<void>;
}

/** Starts a server and a kernel on it. */
export async function openLab(): Promise<Lab> {
  const folder = temporaryFolder("gradbook-lab-");
  const server = await startServer(folder);
  const settings = settingsFor(server);
  const kernel = await startKernel(settings);
  const close = async (): Promise<void> => {
    kernel.dispose();
    await server.stop();
    removeFolder(folder);
  };
  return { settings, kernel, close };
}

/** A cell that was run: its reply and every message about it, in order. */
export interface Ran {
  readonly reply: KernelMessage.IExecuteReplyMsg;
  readonly messages: readonly KernelMessage.IIOPubMessage[];
}

/** Runs code and returns when the kernel has replied and is idle. */
export async function run(kernel: Kernel.IKernelConnection, code: string): Promise<Ran> {
  const messages: KernelMessage.IIOPubMessage[] = [];
  // Kept after its reply, as JupyterLab keeps it: an update of a display reaches the cell that first showed it.
  const future = kernel.requestExecute({ code }, false);
  future.onIOPub = (message) => {
    messages.push(message);
  };
  const reply = await future.done;
  return { reply, messages };
}

/** The message types of a run, without the busy and idle around them. */
export function typesOf({ messages }: Ran): string[] {
  return messages.map(({ header }) => header.msg_type).filter((type) => type !== "status");
}

/** The contents of all messages of one type in a run. */
export function contentsOf({ messages }: Ran, type: KernelMessage.IOPubMessageType): unknown[] {
  return messages.filter(({ header }) => header.msg_type === type).map(({ content }) => content);
}

/** All that a run printed on one stream. */
export function printed({ messages }: Ran, name: "stdout" | "stderr"): string {
  return messages
    .map(({ header, content }) => ({
      type: header.msg_type,
      content: content as { name?: string; text?: string },
    }))
    .filter(({ type, content }) => type === "stream" && content.name === name)
    .map(({ content }) => content.text ?? "")
    .join("");
}
