/**
 * What `import … from "gradbook/notebook"` gives a module: in the kernel the notebook's own names, so that a file
 * beside the notebook or a package may display things and open comms; elsewhere one clear sentence when they are used.
 */
import type { CommApi } from "./comms.ts";
import type { Display } from "./display.ts";
import type { Input } from "./input.ts";
import type { Progress } from "./progress.ts";
import { NOTEBOOK } from "./published.ts";

/** The functions that a notebook has without importing them. */
export interface NotebookApi {
  readonly display: Display;
  /** Takes away what the cell has shown; with `wait`, when the next output comes. */
  readonly clearOutput: (options?: { readonly wait?: boolean }) => void;
  readonly input: Input;
  readonly prompt: Input;
  readonly comm: CommApi;
  readonly progress: Progress;
}

function named<K extends keyof NotebookApi>(name: K): NotebookApi[K] {
  const notebook = Reflect.get(globalThis, NOTEBOOK) as NotebookApi | undefined;
  return notebook?.[name] ?? outside(name);
}

function outside(name: keyof NotebookApi): never {
  const refuse = (): never => {
    throw new Error(
      `${name} works in a notebook only: this program runs outside gradbook's kernel`,
    );
  };
  return new Proxy(refuse, { get: refuse, apply: refuse }) as never;
}

/** Shows a value here and now; the handle it returns shows another in its place. */
export const display: NotebookApi["display"] = named("display");
/** Takes away what the cell has shown; with `wait`, when the next output comes. */
export const clearOutput: NotebookApi["clearOutput"] = named("clearOutput");
/** Asks the reader of the notebook for a line of text; the cell stands still until it is there. */
export const input: NotebookApi["input"] = named("input");
/** Asks the reader of the notebook for a line of text, as `input` does. */
export const prompt: NotebookApi["prompt"] = named("prompt");
/** Channels to code in the front end, opened from either side. */
export const comm: NotebookApi["comm"] = named("comm");
/** The values of an iterable, or the numbers from 0 to n − 1, with a bar that shows how far the loop is. */
export const progress: NotebookApi["progress"] = named("progress");
