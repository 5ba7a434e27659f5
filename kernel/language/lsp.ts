/** TypeScript's own language server as the engine: a child process, started by the first question, and again when it died. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type Document,
  type Engine,
  EngineError,
  type Hover,
  type Problem,
  type Proposal,
  type Signature,
} from "./engine.ts";
import type { FileChange } from "./local_files.ts";
import {
  type CompletionItem,
  type CompletionList,
  commonRange,
  declarationOf,
  type DiagnosticReport,
  hoverOf,
  type LspHover,
  positionAt,
  problemsOf,
  proposalOf,
  type SignatureHelp,
  signatureOf,
} from "./lsp_answers.ts";
import { Connection, type LspOptions } from "./lsp_connection.ts";

/** An engine that says nothing for so long is ended: the next question starts another. */
const SILENCE_MS = 20_000;
/** Where it cannot be started at all, it is not tried again for every key that is pressed. */
const RETRY_MS = 10_000;
/** FileChangeType of the Language Server Protocol; the first has number 1. */
const KINDS_OF_CHANGE: readonly FileChange["kind"][] = ["created", "changed", "deleted"];
/** So many declarations are looked up for one list. */
const MAX_DETAILS = 12;

export class LspEngine implements Engine {
  readonly #options: LspOptions;
  #connection: Connection | null = null;
  /** The one that has answered. */
  #proven: Connection | null = null;
  #failedAt = -RETRY_MS;
  /** Questions are put one after the other: each changes the text that the next one is about. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: LspOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#connection?.isOver === false ? this.#connection.process.pid : undefined;
  }

  async completions(
    document: Document,
    offset: number,
    wants: (label: string) => boolean,
  ): Promise<Proposal[]> {
    return this.#inTurn(async (connection) => {
      const list = await this.#ask<CompletionList>(connection, "completion", document, offset);
      if (list === null) return [];
      const { items } = list;
      const common = commonRange(list, document.text);
      const wanted = items.filter(({ label }) => wants(label));
      const details = wanted.length > MAX_DETAILS ? [] : wanted;
      const resolved = await Promise.all(
        details.map((item) => connection.request("completionItem/resolve", item)),
      );
      const declarations = new Map(
        (resolved as CompletionItem[]).map((item) => [item.label, declarationOf(item.detail)]),
      );
      return items.map((item) => ({
        ...proposalOf(item, common, document.text),
        declaration: declarations.get(item.label) ?? null,
      }));
    });
  }

  async hover(document: Document, offset: number): Promise<Hover | null> {
    return this.#inTurn(async (connection) =>
      hoverOf(await this.#ask<LspHover>(connection, "hover", document, offset)),
    );
  }

  async signature(document: Document, offset: number): Promise<Signature | null> {
    return this.#inTurn(async (connection) =>
      signatureOf(await this.#ask<SignatureHelp>(connection, "signatureHelp", document, offset)),
    );
  }

  async problems(document: Document): Promise<Problem[]> {
    return this.#inTurn(async (connection) => {
      const textDocument = this.#show(connection, document);
      const report = await connection.request("textDocument/diagnostic", { textDocument });
      return problemsOf(report as DiagnosticReport | null, document.text);
    });
  }

  changed(files: readonly FileChange[]): void {
    if (files.length === 0) return;
    const changes = files.map(({ path, kind }) => ({
      uri: pathToFileURL(path).href,
      type: KINDS_OF_CHANGE.indexOf(kind) + 1,
    }));
    const connection = this.#connection;
    // One that is only starting has not looked at them yet.
    if (connection === this.#proven)
      connection?.notify("workspace/didChangeWatchedFiles", { changes });
  }

  restart(): void {
    this.#connection?.end("it is started anew");
  }

  close(): void {
    this.#connection?.end("the kernel closes it");
  }

  async #inTurn<T>(question: (connection: Connection) => Promise<T>): Promise<T> {
    const answered = this.#turn.then(async () => {
      const connection = this.#connect();
      const wasThere = connection === this.#proven;
      try {
        return await this.#guarded(connection, question);
      } catch (error) {
        // One that died between two questions is noticed by the second, which another answers.
        if (!wasThere || !connection.isDead) throw error;
        return await this.#guarded(this.#connect(), question);
      }
    });
    this.#turn = answered.catch(() => {});
    return answered;
  }

  async #guarded<T>(
    connection: Connection,
    question: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const timer = setTimeout(() => connection.end("it was silent for too long"), SILENCE_MS);
    try {
      await connection.ready;
      const answer = await question(connection);
      this.#proven = connection;
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  #connect(): Connection {
    if (this.#connection !== null && !this.#connection.isOver) return this.#connection;
    if (performance.now() - this.#failedAt < RETRY_MS) {
      throw new EngineError("the TypeScript engine could not be started");
    }
    const connection = new Connection(this.#options);
    connection.ready.catch(() => {
      this.#failedAt = performance.now();
    });
    this.#connection = connection;
    return connection;
  }

  async #ask<T>(
    connection: Connection,
    question: string,
    document: Document,
    offset: number,
  ): Promise<T | null> {
    const textDocument = this.#show(connection, document);
    const position = positionAt(document.text, offset);
    return (await connection.request(`textDocument/${question}`, {
      textDocument,
      position,
    })) as T | null;
  }

  /** Makes the engine see the document as it is now. */
  #show(connection: Connection, { path, text }: Document): { readonly uri: string } {
    const uri = pathToFileURL(path).href;
    const open = connection.open.get(path);
    if (open === undefined) {
      const languageId = path.endsWith("x") ? "typescriptreact" : "typescript";
      const textDocument = { uri, languageId, version: 1, text };
      connection.open.set(path, { text, version: 1 });
      connection.notify("textDocument/didOpen", { textDocument });
    } else if (open.text !== text) {
      open.text = text;
      const textDocument = { uri, version: ++open.version };
      connection.notify("textDocument/didChange", { textDocument, contentChanges: [{ text }] });
    }
    return { uri };
  }
}

/** The native compiler of the installed TypeScript. */
export function findCompiler(): string {
  const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
  const platform = `@typescript/typescript-${process.platform}-${process.arch}/package.json`;
  const found = createRequire(typescript).resolve(platform);
  return join(dirname(found), "lib", process.platform === "win32" ? "tsc.exe" : "tsc");
}
