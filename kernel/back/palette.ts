/** The colours of values: Node's, but no pale ones. */
import { inspect } from "node:util";

/** JupyterLab's yellow and cyan cannot be read on white (contrast 1.9); their bright versions, which it draws darker, can on both its themes. */
const READABLE: Readonly<Record<string, string>> = { yellow: "yellowBright", cyan: "cyanBright" };

/** Makes `inspect`, and with it `console` and our own printer, use them. A cell may still choose others. */
export function useReadableColors(): void {
  const styles: Record<string, unknown> = { ...inspect.styles };
  for (const [style, color] of Object.entries(styles)) {
    const readable = typeof color === "string" ? READABLE[color] : undefined;
    if (readable !== undefined) styles[style] = readable;
  }
  Object.assign(inspect.styles, styles);
}
