/** The notebook's names, where modules find them. */

/** A symbol that every copy of this package knows: a notebook's folder may have one of its own. */
export const NOTEBOOK = Symbol.for("gradbook.notebook");

/** To be called before any module can ask: `gradbook/notebook` looks once. */
export function publishNotebook(notebook: object): void {
  Object.defineProperty(globalThis, NOTEBOOK, { value: notebook, configurable: true });
}
