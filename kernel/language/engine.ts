/** What the kernel asks of a TypeScript engine; offsets are UTF-16 units of the document's text. */

import type { FileChange } from "./local_files.ts";

/** A text as the engine is to see it, under the name of its file. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** One way to go on at a place. */
export interface Proposal {
  /** What the reader chooses by. */
  readonly label: string;
  /** What is written. */
  readonly text: string;
  /** The stretch that the text replaces; null for the word at the place. */
  readonly range: { readonly start: number; readonly end: number } | null;
  readonly kind: string;
  /** Lower comes first. */
  readonly rank: string;
  /** The declaration, like `function f(x: number): string`; null before `details` was asked. */
  readonly declaration: string | null;
}

export interface Hover {
  /** The declaration of what is under the place. */
  readonly declaration: string;
  /** Markdown. */
  readonly documentation: string;
}

export interface Signature {
  readonly declaration: string;
  readonly parameters: readonly string[];
  /** Which parameter the place is in; null when it is behind the last. */
  readonly active: number | null;
  /** Markdown. */
  readonly documentation: string;
}

/** What the compiler finds wrong with a document. */
export interface Problem {
  /** TypeScript's number for it, as in TS2322. */
  readonly code: number;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What the compiler adds, such as where a property was declared. */
  readonly related: readonly string[];
}

export interface Engine {
  /** The process that answers now, if there is one. */
  readonly pid: number | undefined;
  /** The ways to go on; those whose label `wants` accepts come with their declaration, if they are few. */
  completions(
    document: Document,
    offset: number,
    wants: (label: string) => boolean,
  ): Promise<Proposal[]>;
  hover(document: Document, offset: number): Promise<Hover | null>;
  /** The call whose arguments the place is in. */
  signature(document: Document, offset: number): Promise<Signature | null>;
  /** The errors of a document, in the order of their places. */
  problems(document: Document): Promise<Problem[]>;
  /** Files of the notebook's folder have changed. */
  changed(files: readonly FileChange[]): void;
  /** Forgets what it knows of files: packages have come or gone. */
  restart(): void;
  close(): void;
}

/** The engine cannot answer: it is missing, it has died, or it is too late. */
export class EngineError extends Error {
  override name = "EngineError";
}
