/** Notebooks as people write them for other kernels: cells, each with what it must show. */
import type { Shown } from "../row.ts";

export interface ForeignNotebook {
  readonly title: string;
  /** The name of the kernelspec that its file was saved with; empty for none. */
  readonly kernelspec: string;
  /** Written beside it. */
  readonly files?: Readonly<Record<string, string>>;
  readonly cells: readonly (readonly [code: string, shows: Shown])[];
}

/** A picture of one pixel, as base64 and as a cell writes it. */
export const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
export const PNG_BYTES = `new Uint8Array(Buffer.from("${PNG}", "base64"))`;
