/** IJavascript's `$$` over our display functions: its notebooks run. https://n-riesco.github.io/ijavascript/ */
import type { Bundle, CellId } from "../channel.ts";
import type { Binary, Screen } from "./display.ts";
import type { NotebookApi } from "./notebook.ts";
import type { Runs } from "./runs.ts";
import { bundleFrom } from "./values/content.ts";

type Data = Readonly<Record<string, unknown>>;

/** Takes content in the forms that a page knows. */
interface Shower {
  mime(data: Data): void;
  text(text: string): void;
  html(html: string): void;
  svg(svg: string): void;
  png(content: Binary): void;
  jpeg(content: Binary): void;
}

/** What `$$` is in a cell. */
export interface IJavascript extends Shower {
  /** From here on the cell goes on until `done`, or something shown, ends it. */
  async(): void;
  done(result?: unknown): void;
  sendResult(result: unknown): void;
  sendError(error: unknown): void;
  /** A place by its name, that every call of the returned object writes anew. */
  display(id: string): Shower & { close(): void };
  clear(options?: { readonly wait?: boolean }): void;
  input(
    options: { readonly prompt?: string; readonly password?: boolean },
    callback?: (error: unknown, reply: string) => void,
  ): string;
}

export interface IJavascriptParts {
  readonly screen: Screen;
  readonly runs: Runs;
  readonly notebook: NotebookApi;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function makeIJavascript({ screen, runs, notebook }: IJavascriptParts): IJavascript {
  /** The cells that `async` keeps open. */
  const waiting = new Map<CellId, Waiting>();
  const end = (settle: (cell: Waiting) => void): boolean => {
    const cell = waiting.get(runs.speaker);
    waiting.delete(runs.speaker);
    if (cell !== undefined) settle(cell);
    return cell !== undefined;
  };
  const done = (value?: unknown): void => {
    if (!end(({ resolve }) => resolve(value))) runs.replaceValue(Promise.resolve(value));
  };
  return {
    ...shower((data) => {
      const shown = displayable(bundleFrom(data));
      if (!end(({ resolve }) => resolve(shown))) notebook.display(shown);
    }),
    async() {
      const value = new Promise((resolve, reject) => {
        waiting.set(runs.speaker, { resolve, reject });
      });
      runs.replaceValue(value);
    },
    done,
    sendResult: done,
    sendError(error) {
      if (!end(({ reject }) => reject(error))) throw error;
    },
    display(id) {
      let isShown = false;
      const put = (data: Data): void => {
        screen.show(bundleFrom(data), id, isShown);
        isShown = true;
      };
      return { ...shower(put), close() {} };
    },
    clear: notebook.clearOutput,
    input({ prompt = "", password = false } = {}, callback) {
      const reply = notebook.input(prompt, { password });
      callback?.(null, reply);
      return reply;
    },
  };
}

function shower(mime: (data: Data) => void): Shower {
  const as =
    (type: string) =>
    (content: Binary): void =>
      mime({ [type]: content });
  return {
    mime,
    text: as("text/plain"),
    html: as("text/html"),
    svg: as("image/svg+xml"),
    png: as("image/png"),
    jpeg: as("image/jpeg"),
  };
}

function displayable({ data }: Bundle): object {
  const text = data["text/html"] ?? `<${Object.keys(data).join(", ")}>`;
  return { [Symbol.for("Jupyter.display")]: () => ({ "text/plain": text, ...data }) };
}
