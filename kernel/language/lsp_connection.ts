/** One run of a language server's process, and the requests that wait for its answers. */
import { type ChildProcess, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { EngineError } from "./engine.ts";
import { Decoder, encode, type RpcMessage } from "./jsonrpc.ts";

const CAPABILITIES = {
  workspace: { configuration: true },
  textDocument: {
    completion: {
      completionItem: {
        snippetSupport: false,
        documentationFormat: ["markdown"],
        resolveSupport: { properties: ["detail", "documentation"] },
      },
      completionList: { itemDefaults: ["editRange"] },
    },
    hover: { contentFormat: ["markdown"] },
    signatureHelp: {
      signatureInformation: {
        documentationFormat: ["markdown"],
        parameterInformation: { labelOffsetSupport: true },
        activeParameterSupport: true,
      },
    },
    // Diagnostics are asked for: else they are pushed after every change.
    diagnostic: { relatedInformation: true },
    publishDiagnostics: { relatedInformation: true },
  },
};

/** Every export of every package as a proposal is slow (60 ms, 5000 items), and fetching types needs a network. */
const SETTINGS = { suggest: { autoImports: false }, disableAutomaticTypeAcquisition: true };

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export interface LspOptions {
  /** The compiler's executable. */
  readonly compiler: string;
  /** Where it is started. */
  readonly folder: string;
}

export class Connection {
  readonly process: ChildProcess;
  readonly open = new Map<string, { text: string; version: number }>();
  readonly ready: Promise<void>;
  isOver = false;
  /** Whether it ended by itself. */
  isDead = false;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor({ compiler, folder }: LspOptions) {
    // A process group of its own: it would end on a SIGINT that is meant for a cell.
    this.process = spawn(compiler, ["--lsp", "--stdio"], {
      cwd: folder,
      detached: true,
      windowsHide: true,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const { stdin, stdout } = this.process;
    const decoder = new Decoder((message) => this.#receive(message));
    stdout?.on("data", (bytes: Buffer) => decoder.push(bytes));
    stdin?.on("error", () => {});
    this.process.on("error", (error) => this.end(error.message));
    this.process.on("exit", (code, signal) => {
      this.isDead = !this.isOver;
      this.end(`it ended (${signal ?? code})`);
    });
    this.ready = this.#initialize(folder);
    this.ready.catch(() => {});
  }

  async request(method: string, params: object): Promise<unknown> {
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      if (this.isOver) return reject(new EngineError("the TypeScript engine has ended"));
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  notify(method: string, params: object): void {
    this.#send({ method, params });
  }

  end(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.process.kill("SIGKILL");
    for (const waiting of this.#waiting.values()) {
      waiting.reject(new EngineError(`the TypeScript engine does not answer: ${reason}`));
    }
    this.#waiting.clear();
  }

  async #initialize(folder: string): Promise<void> {
    await this.request("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities: CAPABILITIES,
    });
    this.notify("initialized", {});
  }

  #send(message: object): void {
    if (!this.isOver) this.process.stdin?.write(encode(message));
  }

  #receive({ id, method, params, result, error }: RpcMessage): void {
    if (method !== undefined) {
      if (id !== undefined) this.#send({ id, result: answerTo(method, params) });
      return;
    }
    const waiting = this.#waiting.get(Number(id));
    this.#waiting.delete(Number(id));
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new EngineError(error.message));
  }
}

/** The server asks for its settings; whatever else it asks, nothing is the answer. */
function answerTo(method: string, params: unknown): unknown {
  if (method !== "workspace/configuration") return null;
  const { items } = params as { items: readonly { section?: string }[] };
  return items.map(({ section }) => (section === "typescript" ? SETTINGS : null));
}
