/** The display protocol: how a value says which pictures of itself it has. */

/** Content by MIME type. `+json` types hold JSON values, binary images base64 strings, all others text. */
export type MimeBundle = { readonly "text/plain": string; readonly [mime: string]: unknown };

/** Registered, so that a notebook kernel and this library name the same symbol without importing each other. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/** A value that knows its own pictures. */
export interface Displayable {
  [DISPLAY](): MimeBundle | Promise<MimeBundle>;
}
